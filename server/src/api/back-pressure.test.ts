/** Who does not read, and whose bytes cannot be written away, must wait: the server's memory stays as it is. */

import { toBase64Url } from "@excalibur/core/bytes";
import { completeUpload, createUpload, getObject, putPart } from "@excalibur/core/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { insertSignedIn } from "../testing/insert-signed-in.ts";
import { type Measured, MeasuredServer } from "../testing/measured/index.ts";
import { type OpaqueObject, type OpaquePart, opaqueObject } from "../testing/opaque-object.ts";
import { RawClient, requestHead } from "../testing/raw-client.ts";
import type { TestSession } from "../testing/test-session.ts";

const MEBIBYTE = 2 ** 20;
/** Above what it had before. What these clients ask for or send is more, up to five times as much. */
const MOST_MEBIBYTES = 140;
/** All of them together have 240. */
const MOST_FOR_PARTS = 120;
/** All the answers would be ten gigabytes; those to what Node reads at once are half of one. */
const MOST_FOR_ANSWERS = 240;

let server: MeasuredServer;
let session: TestSession;
beforeAll(async () => {
  server = await MeasuredServer.start({ slowDiskMs: 300 });
  const { sqliteFile, origin } = server;
  const { sessions } = await insertSignedIn({ sqliteFile, origin, name: "alice" });
  session = sessions[0] as TestSession;
});
afterAll(() => server[Symbol.asyncDispose]());

const clients: RawClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.socket.destroy();
});

/** Peaks count from the look before: this one is what there is now. */
async function lookAgain(): Promise<Measured> {
  await server.measure();
  return server.measure();
}

async function open(): Promise<RawClient> {
  const client = await RawClient.open(server.origin);
  clients.push(client);
  return client;
}

const partCall = (objectId: string, { part, bytes, signedLeaves }: OpaquePart) => ({
  ...{ params: { objectId, part }, raw: bytes, leaves: signedLeaves },
});

async function stored(object: OpaqueObject): Promise<void> {
  const { id, bytes, treeHash, parts } = object;
  await session.call(createUpload, { json: { objectId: id, ciphertextLength: bytes.length } });
  await Promise.all(parts.map((part) => session.call(putPart, partCall(id, part))));
  const json = { ciphertextLength: bytes.length, treeHash: toBase64Url(treeHash) };
  expect((await session.call(completeUpload, { params: { objectId: id }, json })).status).toBe(200);
}

describe("memory does not grow with", () => {
  it("24 clients that ask for 16 MiB each and do not read them", async () => {
    const object = opaqueObject(16 * MEBIBYTE - 1000);
    await stored(object);
    const call = { params: { objectId: object.id } };
    await session.call(getObject, call);
    const before = await lookAgain();
    for (let i = 0; i < 24; i++) {
      const client = await open();
      const { url, init } = session.prepare(getObject, call);
      client.say(requestHead(url, init));
      await client.hears((heard) => heard.startsWith("HTTP/1.1 200 "));
      client.socket.pause();
    }
    // Somebody who reads is served as before, and meanwhile the others could have been, too.
    for (let i = 0; i < 2; i++) expect((await session.call(getObject, call)).bytes.length).toBe(object.bytes.length);
    expect(((await server.measure()).peakBytes - before.peakBytes) / MEBIBYTE).toBeLessThan(MOST_MEBIBYTES);
  });

  it("60 clients that send parts of 4 MiB to a disk that takes its time", async () => {
    // Only part 0 says whose it is: part 1 of any object of this length will do.
    const { bytes, parts } = opaqueObject(8 * MEBIBYTE - 1000);
    const part = parts[1] as OpaquePart;
    const send = async (): Promise<number> => {
      const { id } = opaqueObject(0);
      await session.call(createUpload, { json: { objectId: id, ciphertextLength: bytes.length } });
      return (await session.call(putPart, partCall(id, part))).status;
    };
    await send();
    const before = await lookAgain();
    const statuses = await Promise.all(Array.from({ length: 60 }, send));
    expect(new Set(statuses)).toEqual(new Set([204]));
    expect(((await server.measure()).peakBytes - before.peakBytes) / MEBIBYTE).toBeLessThan(MOST_FOR_PARTS);
  });

  it("requests in a row of clients that do not read the answers", async () => {
    const url = `${server.origin}/api/openapi.json`;
    const { length } = await (await fetch(url)).text();
    const before = await lookAgain();
    for (let i = 0; i < 24; i++) {
      const client = await open();
      client.socket.pause();
      client.say(requestHead(url, {}).repeat(4_000));
    }
    for (let i = 0; i < 50; i++) expect((await (await fetch(url)).text()).length).toBe(length);
    expect(((await server.measure()).peakBytes - before.peakBytes) / MEBIBYTE).toBeLessThan(MOST_FOR_ANSWERS);
  });
});
