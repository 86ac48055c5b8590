import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import {
  createTicket,
  deleteRequest,
  listItems,
  listSent,
  postItems,
  REALTIME_PATH,
  type Route,
  settleItems,
} from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { type OpaqueObject, opaqueObject } from "../../testing/opaque-object.ts";
import { type SignedInPerson, startTestServer, type TestServer } from "../../testing/test-server.ts";
import type { TestSession } from "../../testing/test-session.ts";
import {
  beginSender,
  itemOf,
  makeRequest,
  stateOf,
  store,
  type TestRequest,
  waiting,
} from "../../testing/upload-request.ts";
import type { WrittenPage } from "../../testing/volume-writer.ts";

let server: TestServer;
let alice: SignedInPerson;
let bob: SignedInPerson;

beforeAll(async () => {
  server = await startTestServer();
  alice = await server.signedIn("alice");
  bob = await server.signedIn("bob");
});
afterAll(() => server[Symbol.asyncDispose]());

const params = ({ id }: TestRequest) => ({ requestId: id });

describe("the inbox", () => {
  it("is emptied by what a volume lists and by rejecting, and says so to the sender", async () => {
    const request = await makeRequest(alice.session);
    const sender = await beginSender(server.origin, request);
    const [filed, rejected] = [opaqueObject(1), opaqueObject(1)];
    await store(sender, [filed, rejected]);
    await sender.call(postItems, { json: { items: [filed, rejected].map(itemOf) } });
    const proof = toBase64Url(randomBytes(32));
    const settle = (body: object) =>
      alice.session.call(settleItems, { params: params(request), json: { filed: [], rejected: [], ...body } });
    const asFiled = { filed: [{ objectId: filed.id, proof }] };
    const early = await settle(asFiled);
    expect([early.status, early.body["code"]]).toEqual([409, "item_not_filed"]);
    await list(filed);
    expect((await settle({ ...asFiled, rejected: [rejected.id] })).status).toBe(204);
    expect((await settle({ ...asFiled, rejected: [rejected.id] })).status).toBe(204);
    expect(await waiting(alice.session, request)).toEqual([]);
    expect(await stateOf(alice.session, request)).toMatchObject({ usedItems: 1, usedBytes: 658, waiting: 0 });
    const { items } = (await sender.call(listSent, { query: "after=0" })).body as { items: object[] };
    expect(items).toMatchObject([
      { objectId: filed.id, proof },
      { objectId: rejected.id, proof: null },
    ]);
    // Through another request nothing of this one is settled, not even by its own owner.
    const third = opaqueObject(1);
    await store(sender, [third]);
    await sender.call(postItems, { json: { items: [itemOf(third)] } });
    for (const { session } of [alice, bob]) {
      const through = params(await makeRequest(session));
      expect(
        (await session.call(settleItems, { params: through, json: { filed: [], rejected: [third.id] } })).status,
      ).toBe(204);
    }
    expect(await waiting(alice.session, request)).toEqual([third.id]);
  });

  it("goes on behind the last place, in slices", async () => {
    const request = await makeRequest(alice.session);
    const sender = await beginSender(server.origin, request);
    const objects = Array.from({ length: 300 }, () => opaqueObject(1));
    await store(sender, objects);
    for (const some of [objects.slice(0, 200), objects.slice(200)])
      expect((await sender.call(postItems, { json: { items: some.map(itemOf) } })).status).toBe(200);
    const slice = async (session: TestSession, route: Route, after: number) =>
      (await session.call(route, { params: params(request), query: `after=${after}` })).body as {
        items: { place: number }[];
        more: boolean;
      };
    for (const [session, route] of [
      [alice.session, listItems],
      [sender, listSent],
    ] as const) {
      const first = await slice(session, route, 0);
      expect([first.items.length, first.more]).toEqual([256, true]);
      const rest = await slice(session, route, first.items.at(-1)!.place);
      expect([rest.items.length, rest.more]).toEqual([44, false]);
    }
  });

  it("announces what arrives to its owner, and to nobody else", async () => {
    const request = await makeRequest(alice.session);
    const heard = await Promise.all([alice, bob].map(listen));
    const sender = await beginSender(server.origin, request);
    const object = opaqueObject(1);
    await store(sender, [object]);
    await sender.call(postItems, { json: { items: [itemOf(object)] } });
    expect(await heard[0]!.next()).toEqual({ type: "request", requestId: request.id });
    await bob.session.call(deleteRequest, { params: params(await makeRequest(bob.session)) });
    expect(await heard[1]!.next()).toMatchObject({ type: "request" });
    expect(heard[1]!.all).not.toContainEqual({ type: "request", requestId: request.id });
    for (const { close } of heard) await close();
  });
});

async function list(object: OpaqueObject): Promise<void> {
  const { context } = server.running;
  const volume = await server.volumeOf(alice.person);
  const added = [{ objectId: object.objectId, count: 1 }];
  const written = volume.write({ pages: [{ nodeId: volume.volumeId }], added });
  const { database, services } = context;
  const caller = { userId: alice.person.userId, volumeId: volume.volumeId };
  const [page] = written.pages as [WrittenPage];
  const length = Buffer.alloc(4);
  length.writeUInt32BE(page.bytes.length);
  await services.volumes.putPages({ ...caller, body: Buffer.concat([length, page.bytes]) }, (work) =>
    database.write(work),
  );
  await services.volumes.postCommit({ ...caller, commit: written.bytes }, (work) => database.write(work));
}

interface Listening {
  readonly all: unknown[];
  next(): Promise<unknown>;
  close(): Promise<void>;
}

async function listen({ session }: SignedInPerson): Promise<Listening> {
  const { body } = await session.call(createTicket, { json: {} });
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}${REALTIME_PATH}`);
  const all: unknown[] = [];
  const waiters: ((message: unknown) => void)[] = [];
  const unread: unknown[] = [];
  socket.on("message", (bytes) => {
    const message: unknown = JSON.parse(String(bytes));
    all.push(message);
    const waiter = waiters.shift();
    if (waiter === undefined) unread.push(message);
    else waiter(message);
  });
  const next = () =>
    unread.length > 0 ? Promise.resolve(unread.shift()) : new Promise<unknown>((resolve) => waiters.push(resolve));
  socket.on("open", () => socket.send(JSON.stringify({ type: "hello", ticket: body["ticket"] })));
  expect(await next()).toEqual({ type: "ready" });
  const close = async () => {
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.close();
    await closed;
  };
  return { all, next, close };
}
