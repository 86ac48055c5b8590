import { connect } from "node:net";
import { toBase64Url } from "@excalibur/core/bytes";
import { EXEF_HEADER_SIZE, verifyRange } from "@excalibur/core/exef/public";
import { randomBytes } from "@excalibur/core/primitives";
import {
  cancelUpload,
  completeUpload,
  createUpload,
  fetchObjects,
  getObject,
  getProof,
  getUpload,
  postBatch,
  putPart,
} from "@excalibur/core/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpaqueObject, type OpaquePart, opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import { type SignedInPerson, startTestServer, type TestServer } from "../../testing/test-server.ts";
import type { TestSession } from "../../testing/test-session.ts";

const MiB = 1024 * 1024;
let server: TestServer;
let alice: SignedInPerson;
let mallory: SignedInPerson;

beforeAll(async () => {
  server = await startTestServer();
  alice = await server.signedIn("alice");
  mallory = await server.signedIn("mallory");
});

afterAll(() => server[Symbol.asyncDispose]());

function begin({ session }: SignedInPerson, { id, bytes }: OpaqueObject) {
  return session.call(createUpload, { json: { objectId: id, ciphertextLength: bytes.length } });
}

function send(session: TestSession, objectId: string, { part, bytes, signedLeaves }: OpaquePart) {
  return session.call(putPart, { params: { objectId, part }, raw: bytes, leaves: signedLeaves });
}

function finish({ session }: SignedInPerson, { id, bytes, treeHash }: OpaqueObject) {
  const json = { ciphertextLength: bytes.length, treeHash: toBase64Url(treeHash) };
  return session.call(completeUpload, { params: { objectId: id }, json });
}

async function store(person: SignedInPerson, objects: readonly OpaqueObject[]) {
  const { body, signedLeaves } = opaqueBatch(objects);
  return person.session.call(postBatch, { raw: body, leaves: signedLeaves });
}

describe("uploads over HTTP", () => {
  it("go in parts, are resumed, completed and downloaded", async () => {
    const object = opaqueObject(9 * MiB);
    expect((await begin(alice, object)).body).toEqual({
      objectId: object.id,
      ciphertextLength: object.bytes.length,
      received: [],
    });
    const answers = await Promise.all(object.parts.slice(1).map((part) => send(alice.session, object.id, part)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    const params = { objectId: object.id };
    expect((await alice.session.call(getUpload, { params })).body).toMatchObject({ received: [[1, 2]] });
    expect(await finish(alice, object)).toMatchObject({ status: 409, body: { code: "upload_incomplete" } });
    await send(alice.session, object.id, object.parts[0] as OpaquePart);
    const completed = await finish(alice, object);
    expect(completed).toMatchObject({ status: 200, body: { root: toBase64Url(object.root) } });
    expect((await finish(alice, object)).body).toEqual(completed.body);

    const whole = await alice.session.call(getObject, { params });
    expect(whole.status).toBe(200);
    expect(whole.headers.get("content-type")).toBe("application/octet-stream");
    expect(whole.headers.get("accept-ranges")).toBe("bytes");
    expect(Buffer.compare(whole.bytes, object.bytes)).toBe(0);
    const proven = await alice.session.call(getProof, { params, query: "from=3&to=7" });
    const range = { proof: proven.bytes, from: 3, to: 7, header: object.bytes.subarray(0, EXEF_HEADER_SIZE) };
    verifyRange({ ...range, ciphertextLength: object.bytes.length, root: object.root });
  });

  it("a part with a wrong leaf is refused with a problem, and the connection goes on", async () => {
    const object = opaqueObject(9 * MiB);
    await begin(alice, object);
    const part = object.parts[1] as OpaquePart;
    const bytes = part.bytes.slice();
    bytes[10] = (bytes[10] as number) ^ 1;
    for (let i = 0; i < 3; i++) {
      const refused = await send(alice.session, object.id, { ...part, bytes });
      expect(refused).toMatchObject({ status: 422, body: { code: "leaves_mismatch" } });
    }
    expect((await send(alice.session, object.id, part)).status).toBe(204);
    await alice.session.call(cancelUpload, { params: { objectId: object.id } });
  });

  it("a part whose leaves were not the signed ones is refused before a byte is read", async () => {
    const object = opaqueObject(100);
    await begin(alice, object);
    const part = object.parts[0] as OpaquePart;
    const params = { objectId: object.id, part: 0 };
    const { url, init } = alice.session.prepare(putPart, { params, raw: part.bytes, leaves: part.signedLeaves });
    const other = opaqueObject(100);
    const leaves = `:${Buffer.from((other.parts[0] as OpaquePart).signedLeaves).toString("base64")}:`;
    const headers = { ...(init.headers as Record<string, string>), "excalibur-leaves": leaves };
    const response = await fetch(url, { ...init, headers, body: new Uint8Array((other.parts[0] as OpaquePart).bytes) });
    expect(response.status).toBe(401);
  });

  it("the same operation sent again with its idempotency key answers the same; a replay is refused", async () => {
    const object = opaqueObject(100);
    const json = { objectId: object.id, ciphertextLength: object.bytes.length };
    const idempotencyKey = toBase64Url(randomBytes(16));
    const { url, init } = alice.session.prepare(createUpload, { json, idempotencyKey });
    const first = await fetch(url, init);
    expect(first.status).toBe(200);
    expect(await (await fetch(url, init)).json()).toMatchObject({ code: "replayed" });
    const again = await alice.session.call(createUpload, { json, idempotencyKey });
    expect(again.body).toEqual(await first.json());
    const changed = await alice.session.call(createUpload, {
      json: { ...json, ciphertextLength: 690 },
      idempotencyKey,
    });
    expect(changed.status).toBe(409);
  });

  it("answers quota problems before taking bytes", async () => {
    const poor = await server.signedIn("poor", { quotaBytes: 1000 });
    const object = opaqueObject(2000);
    expect(await begin(poor, object)).toMatchObject({ status: 413, body: { code: "quota_exceeded" } });
    expect((await store(poor, [object, opaqueObject(1)])).body).toMatchObject({
      results: [{ status: "refused", code: "quota_exceeded" }, { status: "stored" }],
    });
  });
});

describe("objects over HTTP", () => {
  it("answer one Range with 206, and 416 where there is nothing", async () => {
    const object = opaqueObject(300_000);
    await store(alice, [object]);
    const params = { objectId: object.id };
    const total = object.bytes.length;
    const cases: [string, number, number][] = [
      ["bytes=0-9", 0, 10],
      ["bytes=-10", total - 10, total],
      [`bytes=100-`, 100, total],
    ];
    for (const [range, start, end] of cases) {
      const answer = await alice.session.call(getObject, { params, headers: { range } });
      expect(answer.status).toBe(206);
      expect(answer.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/${total}`);
      expect(Buffer.compare(answer.bytes, object.bytes.subarray(start, end))).toBe(0);
    }
    for (const range of [`bytes=${total}-`, "bytes=5-4", "bytes=0-1,3-4", "bytes=x-y"]) {
      const answer = await alice.session.call(getObject, { params, headers: { range } });
      expect(answer).toMatchObject({ status: 416, body: { code: "range_not_satisfiable" } });
    }
  });

  it("are nobody else's", async () => {
    const object = opaqueObject(100);
    await store(alice, [object]);
    const params = { objectId: object.id };
    expect((await mallory.session.call(getObject, { params })).status).toBe(404);
    expect((await mallory.session.call(getProof, { params, query: "from=0&to=1" })).status).toBe(404);
    const fetched = await mallory.session.call(fetchObjects, { json: { objectIds: [object.id] } });
    expect(fetched.bytes.subarray(16)).toEqual(new Uint8Array(4));
    const own = await alice.session.call(fetchObjects, { json: { objectIds: [object.id] } });
    expect(Buffer.compare(own.bytes.subarray(20), object.bytes)).toBe(0);
  });

  it("have no ids that could name a path or break a query", async () => {
    const ids = [
      "..",
      "../../secrets.json",
      "..%2f..%2fsecrets.json",
      "a",
      `${"A".repeat(21)}B`,
      "'%20or%201=1--",
      "%00",
    ];
    for (const id of ids) {
      const response = await fetch(`${server.origin}/api/objects/${id}`);
      expect([400, 401, 404]).toContain(response.status);
      expect(response.headers.get("content-type")).toContain("application/problem+json");
    }
    const odd = { params: { objectId: `${"A".repeat(21)}B` } };
    expect((await alice.session.call(getObject, odd)).status).toBe(400);
    const traversal = { json: { objectId: "../../../etc/passwd000", ciphertextLength: 658 } };
    expect((await alice.session.call(createUpload, traversal)).status).toBe(400);
  });

  it("a client that hangs up in the middle holds nothing open", async () => {
    const object = opaqueObject(9 * MiB);
    await begin(alice, object);
    await Promise.all(object.parts.map((part) => send(alice.session, object.id, part)));
    await finish(alice, object);
    const { url, init } = alice.session.prepare(getObject, { params: { objectId: object.id } });
    const { hostname, port, pathname } = new URL(url);
    for (let i = 0; i < 5; i++) {
      const socket = connect(Number(port), hostname);
      const headers = Object.entries(init.headers as Record<string, string>).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write([`GET ${pathname} HTTP/1.1`, `host: ${hostname}`, ...headers, "", ""].join("\r\n"));
      await new Promise((resolve) => socket.once("data", resolve));
      socket.destroy();
    }
    // The server still ends cleanly: the object can be read, and closing does not wait for those that are gone.
    const whole = await alice.session.call(getObject, { params: { objectId: object.id } });
    expect(whole.bytes.length).toBe(object.bytes.length);
  });

  it("batches are refused whole when their table is not the signed one", async () => {
    const { body } = opaqueBatch([opaqueObject(1)]);
    const answer = await alice.session.call(postBatch, { raw: body, leaves: randomBytes(32) });
    expect(answer).toMatchObject({ status: 422, body: { code: "leaves_mismatch" } });
    const noLength = await alice.session.call(postBatch, { raw: new Uint8Array(3), leaves: randomBytes(32) });
    expect(noLength).toMatchObject({ status: 422, body: { code: "record_invalid" } });
  });
});
