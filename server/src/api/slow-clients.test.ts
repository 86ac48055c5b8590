/** G6 and its neighbours: whoever is slow, endless or makes no sense loses his connection in bounded time, and nobody else notices. */

import { toBase64Url } from "@excalibur/core/bytes";
import { completeUpload, createUpload, getObject, postBatch, putPart, type Route } from "@excalibur/core/protocol";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type OpaqueObject, type OpaquePart, opaqueObject } from "../testing/opaque-object.ts";
import { RawClient, requestHead } from "../testing/raw-client.ts";
import { type SignedInPerson, startTestServer, type TestServer } from "../testing/test-server.ts";

const DEADLINES = { headersMs: 300, requestMs: 900, idleMs: 600 };
const DRIBBLE_MS = 40;
/** More than both ends of a connection keep for each other. */
const FILE_BYTES = 16 * 2 ** 20;

let server: TestServer;
let alice: SignedInPerson;
const logged: string[] = [];
const clients: RawClient[] = [];

beforeAll(async () => {
  const log = pino({ level: "error" }, { write: (line: string) => void logged.push(line) });
  server = await startTestServer({ deadlines: DEADLINES, log });
  alice = await server.signedIn("alice");
});
afterEach(async () => {
  const answer = await fetch(`${server.origin}/api/well-known/clock`);
  expect(answer.status).toBe(200);
  for (const client of clients.splice(0)) client.socket.destroy();
  expect(logged).toEqual([]);
});
afterAll(() => server[Symbol.asyncDispose]());

async function open(): Promise<RawClient> {
  const client = await RawClient.open(server.origin);
  clients.push(client);
  return client;
}

async function begun({ session }: SignedInPerson, realLength: number): Promise<OpaqueObject> {
  const object = opaqueObject(realLength);
  const json = { objectId: object.id, ciphertextLength: object.bytes.length };
  expect((await session.call(createUpload, { json })).status).toBe(200);
  return object;
}

const partCall = (object: OpaqueObject, { part, bytes, signedLeaves }: OpaquePart) => ({
  ...{ params: { objectId: object.id, part }, raw: bytes, leaves: signedLeaves },
});

async function stored(person: SignedInPerson, realLength: number): Promise<OpaqueObject> {
  const object = await begun(person, realLength);
  for (const part of object.parts) await person.session.call(putPart, partCall(object, part));
  const json = { ciphertextLength: object.bytes.length, treeHash: toBase64Url(object.treeHash) };
  const { status } = await person.session.call(completeUpload, { params: { objectId: object.id }, json });
  expect(status).toBe(200);
  return object;
}

describe("a connection", () => {
  it("on which nobody says anything is ended", async () => {
    await (await open()).closed;
  });

  it("whose headers come one byte at a time is told so and ended", async () => {
    const client = await open();
    client.say("GET /api/well-known/clock HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    client.dribble("a", DRIBBLE_MS);
    await client.closed;
    expect(client.heard).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*"code":"too_slow"/);
  });

  it.each([
    ["of a length that was said", "Content-Length: 100000\r\n", "{"],
    ["of a length that nobody said", "Transfer-Encoding: chunked\r\n", "1\r\n{\r\n"],
  ])("whose body, %s, comes one byte at a time is told so and ended", async (_what, header, piece) => {
    const client = await open();
    client.say(`POST /api/sign-in/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${header}\r\n`);
    client.dribble(piece, DRIBBLE_MS);
    await client.closed;
    expect(client.heard).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("that sends a part slowly is ended; the part counts as not received, and is taken when it comes again", async () => {
    const object = await begun(alice, 300_000);
    const call = partCall(object, object.parts[0] as OpaquePart);
    const { url, init } = alice.session.prepare(putPart, call);
    const client = await open();
    client.say(requestHead(url, init, { "content-length": String(call.raw.length) }));
    client.say(call.raw.subarray(0, 200_000));
    client.dribble("x", DRIBBLE_MS);
    await client.closed;
    expect(client.heard).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"too_slow"/);
    expect((await alice.session.call(putPart, call)).status).toBe(204);
  });

  it("that asks for a file and does not read it is ended, whatever it sends meanwhile", async () => {
    await using other = await startTestServer({
      // Long enough for who stores the file at its usual pace.
      ...{ deadlines: { ...DEADLINES, requestMs: 60_000, idleMs: 3_000 }, shutdownMs: 600_000 },
    });
    const carol = await other.signedIn("carol");
    const object = await stored(carol, FILE_BYTES);
    const { url, init } = carol.session.prepare(getObject, { params: { objectId: object.id } });
    const client = await RawClient.open(other.origin);
    client.say(requestHead(url, init));
    await client.hears((heard) => heard.startsWith("HTTP/1.1 200 "));
    client.socket.pause();
    // To a socket's own deadline this would be life.
    client.dribble("\r\n", DRIBBLE_MS);
    // Waits for whoever is still being answered, far longer than this test may take.
    await other.running.close();
    client.socket.resume();
    await client.closed;
    expect(client.heard.length).toBeLessThan(object.bytes.length);
  });
});

describe("a body", () => {
  const head = "POST /api/sign-in/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

  it("of a terabyte, as it says, is refused before it comes", async () => {
    const client = await open();
    client.say(`${head}Content-Length: 1099511627776\r\n\r\n`);
    await client.hears((heard) => heard.includes('"code":"body_too_large"'));
    client.dribble("x".repeat(10_000), DRIBBLE_MS);
    await client.closed;
  });

  it("that goes on for ever is refused as soon as it is too large, and ended", async () => {
    const client = await open();
    client.say(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    client.dribble(`10000\r\n${"x".repeat(65_536)}\r\n`, 5);
    await client.hears((heard) => heard.includes('"code":"body_too_large"'));
    await client.closed;
  });

  it.each([putPart, postBatch] as Route[])("of $id, larger than the route takes, is refused", async (route) => {
    const { url, init } = alice.session.prepare(route, {
      params: { objectId: "A".repeat(22), part: 0 },
      raw: Uint8Array.of(1),
      leaves: new Uint8Array(32),
    });
    const client = await open();
    client.say(requestHead(url, init, { "content-length": "1099511627776" }));
    await client.hears((heard) => heard.includes('"code":"body_too_large"'));
    client.dribble("x".repeat(10_000), DRIBBLE_MS);
    await client.closed;
  });
});

it("nonsense behind a request whose answer is on its way ends the connection, and never stands in the answer", async () => {
  await using calm = await startTestServer();
  const carol = await calm.signedIn("carol");
  const object = await stored(carol, FILE_BYTES);
  const { url, init } = carol.session.prepare(getObject, { params: { objectId: object.id } });
  const client = await RawClient.open(calm.origin);
  client.say(requestHead(url, init));
  await client.hears((heard) => heard.startsWith("HTTP/1.1 200 "));
  client.socket.pause();
  client.say("\u0000\u0001nonsense\r\n\r\n");
  client.socket.resume();
  await client.closed;
  expect(client.heard.lastIndexOf("HTTP/1.1")).toBe(0);
});

describe("requests in a row on one connection", () => {
  const request = "GET /api/well-known/clock HTTP/1.1\r\nHost: x\r\n\r\n";

  it("are answered in their order, and the nonsense behind them ends it", async () => {
    const client = await open();
    client.say(request.repeat(16));
    await client.hears((heard) => heard.split('"timeMs":').length === 17);
    client.say("\u0000\u0001nonsense\r\n\r\n");
    await client.closed;
    expect(client.heard).toMatch(/HTTP\/1\.1 400 Bad Request\r\n/);
  });

  it("are more than anybody waits for: it is ended", async () => {
    const client = await open();
    client.say(request.repeat(2_000));
    await client.closed;
    expect(client.heard.split('"timeMs":').length).toBeLessThan(100);
  });

  it("with a head of more lines than anybody needs are refused", async () => {
    const client = await open();
    client.say(`GET / HTTP/1.1\r\nHost: x\r\n${"a: b\r\n".repeat(50_000)}\r\n`);
    await client.closed;
    expect(client.heard).toMatch(/^(HTTP\/1\.1 4\d\d [\s\S]*)?$/);
  });
});
