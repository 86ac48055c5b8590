import { toBase64Url } from "@excalibur/core/bytes";
import { completeUpload, createUpload, getObject, putPart } from "@excalibur/core/protocol";
import { ROLES } from "@excalibur/core/volume/record";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Readings } from "../../services/objects/readings.ts";
import {
  type AccessWorld,
  type Caller,
  callAs,
  listObject,
  shareVolume,
  startAccessWorld,
} from "../../testing/access/index.ts";
import { opaqueObject } from "../../testing/opaque-object.ts";
import { RawClient, requestHead } from "../../testing/raw-client.ts";

let world: AccessWorld;

beforeAll(async () => {
  world = await startAccessWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** More than the buffers of a connection hold, listed in Alice's volume. */
async function listedObject() {
  const object = opaqueObject(24 * 1024 * 1024);
  const { owner } = world.sessions;
  const params = { objectId: object.id };
  await owner.call(createUpload, { json: { objectId: object.id, ciphertextLength: object.bytes.length } });
  for (const { part, bytes, signedLeaves } of object.parts) {
    await owner.call(putPart, { params: { ...params, part }, raw: bytes, leaves: signedLeaves });
  }
  const json = { ciphertextLength: object.bytes.length, treeHash: toBase64Url(object.treeHash) };
  expect((await owner.call(completeUpload, { params, json })).status).toBe(200);
  await listObject(world, object.objectId);
  return object;
}

/** A download that has begun, and whose reader takes nothing more until `rest` is asked for: how many bytes came then. */
async function begin(caller: Caller, objectId: string) {
  const client = await RawClient.open(world.server.origin);
  const { url, init } = callAs(world, caller, getObject, { params: { objectId } });
  let received = 0;
  client.socket.on("data", (chunk) => {
    received += chunk.length;
  });
  const over = new Promise<void>((resolve) => client.socket.once("close", () => resolve()));
  client.say(requestHead(url, init, { connection: "close" }));
  await client.hears((heard) => heard.startsWith("HTTP/1.1 200 "));
  client.socket.pause();
  return async () => {
    client.socket.resume();
    await over;
    return received;
  };
}

it("E6 whoever is taken off a volume gets no more of what is on its way; others get all of it", async () => {
  const object = await listedObject();
  const cutOff = vi.spyOn(Readings.prototype, "cutOff");
  const [viewer, editor] = [await begin("viewer", object.id), await begin("editor", object.id)];
  const told = Promise.withResolvers<void>();
  const { context } = world.server.running;
  const end = context.announcer.subscribe(({ type }) => type === "members" && told.resolve());
  const staying = world.members.filter(({ role }) => role !== ROLES.viewer);
  await shareVolume(world, world.alice.volume, staying, { rotate: true });
  await told.promise;
  await cutOff.mock.results.at(-1)?.value;
  expect(await viewer()).toBeLessThan(object.bytes.length);
  expect(await editor()).toBeGreaterThan(object.bytes.length);
  end();
  cutOff.mockRestore();
});
