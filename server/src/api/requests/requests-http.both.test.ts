import { toBase64Url } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import {
  beginSending,
  cancelUpload,
  changeRequest,
  completeUpload,
  createRequest,
  createUpload,
  deleteRequest,
  getObject,
  getUpload,
  listSent,
  openRequest,
  postItems,
  putPart,
  type Route,
} from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpaqueObject, type OpaquePart, opaqueObject } from "../../testing/opaque-object.ts";
import { type SignedInPerson, startTestServer, type TestServer } from "../../testing/test-server.ts";
import { readAnswer, type TestSession } from "../../testing/test-session.ts";
import {
  beginSender,
  itemOf,
  makeRequest,
  senderBinding,
  stateOf,
  store,
  type TestRequest,
  waiting,
} from "../../testing/upload-request.ts";

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

async function post(route: Route, request: TestRequest, body: unknown) {
  const path = route.path.replace(":requestId", request.id);
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return readAnswer(await fetch(`${server.origin}/api${path}`, init));
}

const begin = (sender: TestSession, { id, bytes }: OpaqueObject) =>
  sender.call(createUpload, { json: { objectId: id, ciphertextLength: bytes.length } });

/** A database in which many collide may ask to try again, which clients do. */
async function untilAvailable(attempt: () => Promise<unknown[]>): Promise<unknown[]> {
  const fates = await attempt();
  return fates.includes("unavailable") ? await untilAvailable(attempt) : fates;
}

async function upload(sender: TestSession, object: OpaqueObject) {
  await begin(sender, object);
  for (const { part, signedLeaves, bytes } of object.parts) {
    await sender.call(putPart, { params: { objectId: object.id, part }, raw: bytes, leaves: signedLeaves });
  }
  return await sender.call(completeUpload, {
    params: { objectId: object.id },
    json: { ciphertextLength: object.bytes.length, treeHash: toBase64Url(object.treeHash) },
  });
}

async function usedBytes({ person }: SignedInPerson): Promise<number> {
  const { database } = server.running.context;
  const row = database.read.selectFrom("accounts").select("used_bytes").where("user_id", "=", person.userId);
  return (await row.executeTakeFirstOrThrow()).used_bytes;
}

describe("an upload request", () => {
  it("is made once, with a key that may be sealed to, and shown to its owner alone", async () => {
    const request = await makeRequest(alice.session);
    const { status, body } = await alice.session.call(createRequest, { json: request.body });
    expect([status, body["code"]]).toEqual([409, "object_exists"]);
    const weak = {
      ...request.body,
      requestId: toBase64Url(randomBytes(16)),
      publicKey: toBase64Url(new Uint8Array(1216)),
    };
    expect((await alice.session.call(createRequest, { json: weak })).body["reason"]).toBe("publicKey");
    expect(await stateOf(alice.session, request)).toMatchObject({ usedItems: 0, waiting: 0, closedMs: null });
    expect(await stateOf(bob.session, request)).toBeUndefined();
  });

  it("tells nothing without the knock, whether it is there or not", async () => {
    const request = await makeRequest(alice.session);
    const absent = { ...request, id: toBase64Url(randomBytes(16)) as TestRequest["id"], requestId: randomBytes(16) };
    const wrong = { knock: toBase64Url(randomBytes(32)) };
    const answers = [
      await post(openRequest, request, wrong),
      await post(openRequest, absent, wrong),
      await post(openRequest, absent, { knock: toBase64Url(request.knock) }),
      await post(beginSending, request, { ...senderBinding(server.origin, request, randomBytes(32)), ...wrong }),
      await post(beginSending, absent, senderBinding(server.origin, absent, randomBytes(32))),
    ].map(({ status, body: { requestId: _, ...body } }) => ({ status, body }));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  it("binds a sender's key to itself and to this server: nobody brings another's, or the same to another place", async () => {
    const [request, other] = [await makeRequest(alice.session), await makeRequest(bob.session)];
    const seed = randomBytes(32);
    const good = senderBinding(server.origin, request, seed);
    const first = await post(beginSending, request, good);
    expect((await post(beginSending, request, good)).body).toEqual(first.body);
    const elsewhere = { ...good, knock: toBase64Url(other.knock) };
    const foreign = senderBinding("https://elsewhere.example", request, seed);
    const stolen = { ...good, publicKey: senderBinding(server.origin, request, randomBytes(32)).publicKey };
    const reasons = [
      await post(beginSending, other, elsewhere),
      await post(beginSending, request, foreign),
      await post(beginSending, request, stolen),
      await post(beginSending, request, { ...good, publicKey: toBase64Url(new Uint8Array(32)) }),
    ].map(({ body }) => body["reason"]);
    expect(reasons).toEqual(["proof", "origin", "proof", "publicKey"]);
  });

  it("forgets first who sent nothing, when there are too many senders", async () => {
    const request = await makeRequest(alice.session);
    const kept = await beginSender(server.origin, request);
    await store(kept, [opaqueObject(1)]);
    const { database } = server.running.context;
    const idle = { request_id: request.requestId, created_ms: 1, last_used_ms: 1 };
    const crowd = Array.from({ length: 999 }, () => ({
      ...{ ...idle, sender_id: randomBytes(16), public_key: randomBytes(32) },
    }));
    await database.write((tx) => tx.insertInto("request_senders").values(crowd).execute());
    await beginSender(server.origin, request);
    const rows = database.read
      .selectFrom("request_senders")
      .select("sender_id")
      .where("request_id", "=", request.requestId);
    expect(await rows.execute()).toHaveLength(1000);
    expect((await kept.call(listSent, { query: "after=0" })).status).toBe(200);
  });
});

describe("a sender", () => {
  it("puts objects into the inbox at the owner's expense, whoever the owner of an id is", async () => {
    const request = await makeRequest(alice.session);
    const sender = await beginSender(server.origin, request);
    const before = await usedBytes(alice);
    const [small, large, nothing] = [opaqueObject(100), opaqueObject(600_000), opaqueObject(0)];
    expect(await store(sender, [small, nothing])).toEqual(["stored", "stored"]);
    expect(await store(sender, [small])).toEqual(["exists"]);
    expect((await upload(sender, large)).status).toBe(200);
    expect((await upload(sender, large)).status).toBe(200);
    const all = [small, large, nothing];
    expect((await usedBytes(alice)) - before).toBe(all.reduce((sum, { bytes }) => sum + bytes.length, 0));
    expect(await waiting(alice.session, request)).toEqual([]);
    const json = { items: all.map(itemOf) };
    expect((await sender.call(postItems, { json })).status).toBe(200);
    expect((await sender.call(postItems, { json })).status).toBe(200);
    expect(await waiting(alice.session, request)).toEqual(all.map(({ id }) => id));
    expect(await stateOf(alice.session, request)).toMatchObject({ usedItems: 3, waiting: 3 });
    // The owner reads them; the sender, and everybody else, does not.
    const read = (session: TestSession) => session.call(getObject, { params: { objectId: large.id } });
    expect((await read(alice.session)).bytes).toEqual(large.bytes);
    expect([(await read(sender)).status, (await read(bob.session)).status]).toEqual([403, 404]);
  });

  it("has nothing of another sender, of the owner or of a stranger, by whatever way", async () => {
    const request = await makeRequest(alice.session);
    const [one, two] = [await beginSender(server.origin, request), await beginSender(server.origin, request)];
    const [theirs, begun, owners, ownersBegun] = [
      opaqueObject(1),
      opaqueObject(600_000),
      opaqueObject(2),
      opaqueObject(3),
    ];
    await store(one, [theirs]);
    await begin(one, begun);
    await store(alice.session, [owners]);
    await begin(alice.session, ownersBegun);
    for (const object of [theirs, owners]) expect(await store(two, [object])).toEqual(["object_exists"]);
    for (const object of [theirs, begun, owners, ownersBegun]) {
      expect((await begin(two, object)).body["code"]).toBe("object_exists");
      expect((await two.call(postItems, { json: { items: [itemOf(object)] } })).body).toMatchObject({
        ...{ code: "object_missing", ids: [object.id] },
      });
      const at = { objectId: object.id };
      expect((await two.call(getUpload, { params: at })).body["code"]).toBe("upload_not_found");
      const [part] = object.parts as [OpaquePart];
      const put = { params: { ...at, part: 0 }, raw: part.bytes, leaves: part.signedLeaves };
      expect((await two.call(putPart, put)).body["code"]).toBe("upload_not_found");
      expect((await two.call(cancelUpload, { params: at })).status).toBe(204);
    }
    expect((await one.call(getUpload, { params: { objectId: begun.id } })).status).toBe(200);
    expect((await alice.session.call(getUpload, { params: { objectId: ownersBegun.id } })).status).toBe(200);
    expect((await two.call(listSent, { query: "after=0" })).body["items"]).toEqual([]);
    expect(await stateOf(alice.session, request)).toMatchObject({ usedItems: 2 });
  });

  it("gives the caps back what he cancels, once", async () => {
    const request = await makeRequest(alice.session);
    const sender = await beginSender(server.origin, request);
    const before = await usedBytes(alice);
    const object = opaqueObject(600_000);
    await begin(sender, object);
    expect(await stateOf(alice.session, request)).toMatchObject({ usedItems: 1, usedBytes: object.bytes.length });
    for (const _ of [1, 2]) await sender.call(cancelUpload, { params: { objectId: object.id } });
    expect(await stateOf(alice.session, request)).toMatchObject({ usedItems: 0, usedBytes: 0 });
    expect(await usedBytes(alice)).toBe(before);
  });

  it("exceeds no cap, with others at once, in bytes or in items", async () => {
    const caps = { maxBytes: 10 * 658, maxItems: 1_000, maxItemBytes: 700 };
    const byItems = { maxBytes: 10_000_000, maxItems: 10, maxItemBytes: 700 };
    for (const each of [caps, byItems]) {
      const request = await makeRequest(alice.session, { caps: each });
      const senders = await Promise.all([1, 2, 3].map(() => beginSender(server.origin, request)));
      const tries = Array.from({ length: 24 }, (_, at) => {
        const sender = senders[at % 3] as TestSession;
        const [object, another] = [opaqueObject(1), opaqueObject(1)];
        const one = async () => [(await begin(sender, object)).body["code"] ?? "stored"];
        return untilAvailable(at % 2 === 0 ? () => store(sender, [object, another]) : one);
      });
      const fates = (await Promise.all(tries)).flat();
      expect(fates.filter((fate) => fate === "stored")).toHaveLength(10);
      expect(new Set(fates)).toEqual(new Set(["stored", "request_full"]));
      expect(await stateOf(alice.session, request)).toMatchObject({ usedItems: 10, usedBytes: 10 * 658 });
      expect(await store(senders[0] as TestSession, [opaqueObject(1)])).toEqual(["request_full"]);
    }
    const request = await makeRequest(alice.session, { caps });
    const sender = await beginSender(server.origin, request);
    expect(await store(sender, [opaqueObject(2_000), opaqueObject(1)])).toEqual(["request_full", "stored"]);
    expect((await begin(sender, opaqueObject(2_000))).body["code"]).toBe("request_full");
  });

  it("exceeds no quota of the owner's, and leaves the caps as they were where it did not fit", async () => {
    const carl = await server.signedIn("carl", { quotaBytes: 1_000 });
    const request = await makeRequest(carl.session);
    const sender = await beginSender(server.origin, request);
    expect(await store(sender, [opaqueObject(1), opaqueObject(1)])).toEqual(["stored", "quota_exceeded"]);
    expect((await begin(sender, opaqueObject(600))).body["code"]).toBe("quota_exceeded");
    expect(await stateOf(carl.session, request)).toMatchObject({ usedItems: 1, usedBytes: 658 });
  });

  it("begins no more than 32 uploads", async () => {
    const request = await makeRequest(alice.session);
    const sender = await beginSender(server.origin, request);
    const codes: unknown[] = [];
    for (let at = 0; at < 33; at++) codes.push((await begin(sender, opaqueObject(1))).body["code"]);
    expect(codes.filter((code) => code !== undefined)).toEqual(["too_many"]);
    expect((await begin(alice.session, opaqueObject(1))).status).toBe(200);
  });

  it("can do nothing more from the moment it is closed, has expired, is deleted, or its owner is disabled", async () => {
    const { database } = server.running.context;
    const dora = await server.signedIn("dora");
    const change = (owner: SignedInPerson, { id, body }: TestRequest, more: object) => {
      const { sealedText, caps, expiresMs } = body;
      const json = { sealedText, caps, expiresMs, closed: false, ...more };
      return owner.session.call(changeRequest, { params: { requestId: id }, json });
    };
    const disable = () =>
      database.write((tx) =>
        tx.updateTable("accounts").set({ disabled: 1 }).where("user_id", "=", dora.person.userId).execute(),
      );
    const ends: [SignedInPerson, (request: TestRequest) => Promise<unknown>, string][] = [
      [alice, (request) => change(alice, request, { closed: true }), "request_closed"],
      [alice, (request) => change(alice, request, { expiresMs: 1 }), "request_closed"],
      [alice, (request) => alice.session.call(deleteRequest, { params: params(request) }), "session_ended"],
      [dora, disable, "request_closed"],
    ];
    for (const [owner, end, code] of ends) {
      const request = await makeRequest(owner.session);
      const sender = await beginSender(server.origin, request);
      const [stored, begun] = [opaqueObject(1), opaqueObject(600_000)];
      await store(sender, [stored]);
      await begin(sender, begun);
      await end(request);
      const [part] = begun.parts as [OpaquePart];
      const at = { objectId: begun.id };
      const answers = [
        await begin(sender, opaqueObject(1)),
        await begin(sender, begun),
        await sender.call(putPart, { params: { ...at, part: 0 }, raw: part.bytes, leaves: part.signedLeaves }),
        await sender.call(postItems, { json: { items: [itemOf(stored)] } }),
      ].map(({ body }) => body["code"]);
      expect(answers).toEqual([code, code, code, code]);
      expect(await store(sender, [opaqueObject(1)])).toEqual([code]);
      const again = await post(beginSending, request, senderBinding(server.origin, request, randomBytes(32)));
      expect(again.body["code"]).toBe(code === "session_ended" ? "not_found" : "request_closed");
    }
  });
});
