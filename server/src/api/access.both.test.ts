import { concatBytes, toBase64Url, uint32 } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { createUpload, HEADER, ROUTES, type Route } from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpaquePart, opaqueBatch, opaqueObject } from "../testing/opaque-object.ts";
import { type SignedInPerson, startTestServer, type TestServer } from "../testing/test-server.ts";
import { readAnswer, type TestCall, type TestSession } from "../testing/test-session.ts";
import type { VolumeWriter } from "../testing/volume-writer.ts";

let server: TestServer;
let alice: SignedInPerson;
let mallory: SignedInPerson;
let ended: SignedInPerson;
let disabled: SignedInPerson;
let writer: VolumeWriter;

const stored = opaqueObject(100);
const unfinished = opaqueObject(100);
const hash = toBase64Url(randomBytes(32));

/** A well-formed call of every route that needs a session, naming what is Alice's: whoever else makes it must get nothing. */
function callOf({ id }: Route): TestCall | undefined {
  const volume = { params: { volumeId: writer.id } };
  const object = { params: { objectId: stored.id } };
  const upload = { params: { objectId: unfinished.id } };
  const part = unfinished.parts[0] as OpaquePart;
  const page = writer.write({ pages: [{ nodeId: writer.volumeId }] }).pages[0]?.bytes as Uint8Array;
  const batch = opaqueBatch([opaqueObject(1)]);
  const ct = { ciphertextLength: unfinished.bytes.length };
  const bytes = toBase64Url(randomBytes(64));
  const slot = { slotId: toBase64Url(randomBytes(16)), type: 1, generation: 0, sealed: bytes };
  const calls: Record<string, TestCall> = {
    passwordStart: { json: { registrationRequest: toBase64Url(randomBytes(32)) } },
    changePassword: { json: { registrationRecord: bytes, slot, endOtherSessions: true } },
    getAccount: {},
    getKeyring: {},
    getKeyringHashes: { query: "after=0" },
    putKeyring: { json: { expectedVersion: 1, generation: 0, sealed: bytes } },
    listSessions: {},
    endSession: { params: { sessionId: alice.session.sessionId } },
    getIdentity: { params: { userId: toBase64Url(alice.person.userId) } },
    listVolumes: {},
    getHead: volume,
    listCommits: { ...volume, query: "after=0" },
    getPageList: volume,
    getStatePath: { ...volume, query: `node=${writer.id}&bits=0&length=0` },
    fetchPages: { ...volume, json: { hashes: [hash] } },
    putPages: { ...volume, raw: concatBytes(uint32(page.length), page) },
    postCommit: { ...volume, json: { commit: toBase64Url(writer.head.bytes) } },
    createUpload: { json: { objectId: unfinished.id, ...ct } },
    getUpload: upload,
    putPart: { params: { ...upload.params, part: 0 }, raw: part.bytes, leaves: part.signedLeaves },
    completeUpload: { ...upload, json: { ...ct, treeHash: toBase64Url(unfinished.treeHash) } },
    cancelUpload: upload,
    postBatch: { raw: batch.body, leaves: batch.signedLeaves },
    getObject: object,
    fetchObjects: { json: { objectIds: [stored.id] } },
    getProof: { ...object, query: "from=0&to=1" },
    createTicket: { json: {} },
  };
  return calls[id];
}

const guarded = ROUTES.filter(({ kind }) => kind !== "open");

beforeAll(async () => {
  server = await startTestServer();
  [alice, mallory] = [await server.signedIn("alice"), await server.signedIn("mallory")];
  [ended, disabled] = [await server.signedIn("ended"), await server.signedIn("disabled")];
  writer = await server.volumeOf(alice.person);
  const { database, services } = server.running.context;
  await database.write(async (tx) => {
    await tx.updateTable("sessions").set({ ended_ms: 1 }).where("user_id", "=", ended.person.userId).execute();
    await tx.updateTable("accounts").set({ disabled: 1 }).where("user_id", "=", disabled.person.userId).execute();
  });
  const { body, signedLeaves } = opaqueBatch([stored]);
  async function* chunks() {
    yield body;
  }
  await services.objects.storeBatch({ userId: alice.person.userId, signedLeaves, body: chunks() });
  await alice.session.call(createUpload, {
    json: { objectId: unfinished.id, ciphertextLength: unfinished.bytes.length },
  });
});

afterAll(() => server[Symbol.asyncDispose]());

/** The request as `session` would send it, with its headers changed. */
async function altered(session: TestSession, route: Route, change: (headers: Record<string, string>) => void) {
  const { url, init } = session.prepare(route, callOf(route));
  const headers = { ...(init.headers as Record<string, string>) };
  change(headers);
  return readAnswer(await fetch(url, { ...init, headers }));
}

describe.each(guarded.map((route) => [route.id, route] as const))("%s", (_id, route) => {
  it("has a sample call here", () => {
    expect(callOf(route)).toBeDefined();
  });

  it("is refused without a signature", async () => {
    const answer = await altered(alice.session, route, (headers) => {
      delete headers[HEADER.signature];
      delete headers[HEADER.signatureInput];
    });
    expect(answer).toMatchObject({ status: 401, body: { code: "signature_required" } });
  });

  it("is refused with the signature of another key", async () => {
    const answer = await altered(alice.session, route, (headers) => {
      const { init } = mallory.session.prepare(route, callOf(route));
      headers[HEADER.signature] = (init.headers as Record<string, string>)[HEADER.signature] as string;
    });
    expect(answer).toMatchObject({ status: 401, body: { code: "signature_invalid" } });
  });

  it("is refused to a session that has ended, and to a disabled account", async () => {
    const call = callOf(route) as TestCall;
    expect(await ended.session.call(route, call)).toMatchObject({ status: 401, body: { code: "session_ended" } });
    expect(await disabled.session.call(route, call)).toMatchObject({ status: 403, body: { code: "account_disabled" } });
  });
});

/** Routes that name something of Alice's in their address: to a stranger it does not exist. */
const named = guarded.filter(({ path }) => /:(volumeId|objectId)/.test(path));

describe.each(named.map((route) => [route.id, route] as const))("%s called by a stranger", (id, route) => {
  it("gives nothing and changes nothing", async () => {
    const answer = await mallory.session.call(route, callOf(route));
    // Cancelling what is not there succeeds; whether it is there he does not learn.
    if (id === "cancelUpload") expect(answer.status).toBe(204);
    else expect(answer.status).toBe(404);
    const { database } = server.running.context;
    expect(await database.read.selectFrom("uploads").selectAll().execute()).toHaveLength(1);
    expect(await database.read.selectFrom("commits").selectAll().execute()).toHaveLength(1);
    expect(await database.read.selectFrom("pending_pages").selectAll().execute()).toEqual([]);
  });
});

describe("a stranger", () => {
  it("gets nothing of others' objects in bulk, and cannot take an id", async () => {
    const fetchRoute = guarded.find(({ id }) => id === "fetchObjects") as Route;
    const fetched = await mallory.session.call(fetchRoute, callOf(fetchRoute));
    expect(fetched.bytes).toEqual(concatBytes(stored.objectId, uint32(0)));
    const createRoute = guarded.find(({ id }) => id === "createUpload") as Route;
    expect((await mallory.session.call(createRoute, callOf(createRoute))).body["code"]).toBe("object_exists");
  });
});
