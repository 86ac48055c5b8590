import { concatBytes, fromBase64Url, toBase64Url, toHex, uint32 } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import {
  fetchPages,
  getHead,
  getPageList,
  getStatePath,
  listCommits,
  listVolumes,
  postCommit,
  putPages,
} from "@excalibur/core/protocol";
import { decodePageList, StateTree, verifyStatePath, WHOLE_FOLDER } from "@excalibur/core/volume/record";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SignedInPerson, startTestServer, type TestServer } from "../../testing/test-server.ts";
import type { VolumeWriter, WrittenPage } from "../../testing/volume-writer.ts";

let server: TestServer;
let alice: SignedInPerson;
let mallory: SignedInPerson;
let writer: VolumeWriter;

beforeAll(async () => {
  server = await startTestServer();
  alice = await server.signedIn("alice");
  mallory = await server.signedIn("mallory");
});

afterAll(() => server[Symbol.asyncDispose]());

const params = () => ({ volumeId: writer.id });

function sendPages({ session }: SignedInPerson, pages: readonly WrittenPage[]) {
  const raw = concatBytes(...pages.flatMap(({ bytes }) => [uint32(bytes.length), bytes]));
  return session.call(putPages, { params: params(), raw });
}

async function push(nodeIds: readonly Uint8Array[]) {
  const written = writer.write({ pages: nodeIds.map((nodeId) => ({ nodeId })) });
  expect((await sendPages(alice, written.pages)).body).toEqual({ stored: nodeIds.length });
  const answer = await alice.session.call(postCommit, {
    params: params(),
    json: { commit: toBase64Url(written.bytes) },
  });
  expect(answer).toMatchObject({ status: 200, body: { sequence: written.commit.sequence } });
  writer.accept(written);
  return written;
}

describe("a volume over HTTP", () => {
  it("is listed, read, extended and proven", async () => {
    writer = await server.volumeOf(alice.person);
    const folder = randomBytes(16);
    const { pages } = await push([writer.volumeId, folder]);
    expect((await alice.session.call(listVolumes)).body).toEqual({
      volumes: [
        { volumeId: writer.id, sequence: 1, headHash: toBase64Url(writer.head.hash), pending: false, accepted: true },
      ],
    });
    const { body: head } = await alice.session.call(getHead, { params: params() });
    expect(head["commit"]).toBe(toBase64Url(writer.head.bytes));
    expect(head["genesis"]).toBe(toBase64Url(writer.genesis.bytes));
    expect(head["manifests"]).toEqual([toBase64Url(writer.manifest.bytes)]);
    const { body: list } = await alice.session.call(listCommits, { params: params(), query: "after=0" });
    expect(list).toEqual({
      commits: [toBase64Url(writer.head.bytes)],
      headSequence: 1,
      headHash: toBase64Url(writer.head.hash),
      more: false,
    });
    const state = await alice.session.call(getPageList, { params: params() });
    const tree = StateTree.fromPages(decodePageList(state.bytes.subarray(40)));
    expect(toHex(tree.root(writer.volumeId))).toBe(toHex(writer.head.stateRoot));
    expect(toHex(state.bytes.subarray(8, 40))).toBe(toHex(writer.head.hash));
    const query = `node=${toBase64Url(folder)}&bits=0&length=0`;
    const path = (await alice.session.call(getStatePath, { params: params(), query })).bytes.slice(40);
    const { stateRoot } = writer.head;
    const proven = verifyStatePath({ path, volumeId: writer.volumeId, stateRoot, nodeId: folder, range: WHOLE_FOLDER });
    expect(proven?.version).toBe(1);
    const hashes = pages.map(({ ref }) => toBase64Url(ref.recordHash));
    const fetched = await alice.session.call(fetchPages, { params: params(), json: { hashes } });
    expect(toHex(fetched.bytes)).toBe(
      toHex(concatBytes(...pages.flatMap(({ bytes }) => [uint32(bytes.length), bytes]))),
    );
  });

  it("tells a late writer what is newest", async () => {
    const stale = writer.write({ pages: [{ nodeId: writer.volumeId }] });
    await push([writer.volumeId]);
    await sendPages(alice, stale.pages);
    const answer = await alice.session.call(postCommit, {
      params: params(),
      json: { commit: toBase64Url(stale.bytes) },
    });
    expect(answer).toMatchObject({ status: 409, body: { code: "head_moved", version: writer.head.sequence } });
  });

  it("names the rule that a commit breaks, and the pages it lacks", async () => {
    const wrong = writer.write({ pages: [{ nodeId: writer.volumeId }], fields: { stateRoot: randomBytes(32) } });
    const post = (bytes: Uint8Array) =>
      alice.session.call(postCommit, { params: params(), json: { commit: toBase64Url(bytes) } });
    expect(await post(wrong.bytes)).toMatchObject({
      status: 422,
      body: { code: "commit_invalid", reason: "state_root" },
    });
    const pageless = writer.write({ pages: [{ nodeId: writer.volumeId }] });
    expect(await post(pageless.bytes)).toMatchObject({
      status: 422,
      body: { code: "page_missing", ids: [toBase64Url(pageless.pages[0]?.ref.recordHash as Uint8Array)] },
    });
    expect(await post(randomBytes(100))).toMatchObject({ status: 422, body: { code: "commit_invalid" } });
    const unknownMember = { commit: toBase64Url(pageless.bytes), force: true };
    expect((await alice.session.call(postCommit, { params: params(), json: unknownMember })).status).toBe(400);
    expect((await alice.session.call(postCommit, { params: params(), json: { commit: "A" } })).status).toBe(400);
  });

  it("does not exist for strangers", async () => {
    const routes = [
      [getHead, {}],
      [listCommits, { query: "after=0" }],
      [getPageList, {}],
      [getStatePath, { query: `node=${writer.id}&bits=0&length=0` }],
      [fetchPages, { json: { hashes: [toBase64Url(randomBytes(32))] } }],
      [putPages, { raw: new Uint8Array(10) }],
      [postCommit, { json: { commit: toBase64Url(writer.head.bytes) } }],
    ] as const;
    for (const [route, call] of routes) {
      const real = await mallory.session.call(route, { params: params(), ...call });
      const imagined = await mallory.session.call(route, {
        params: { volumeId: toBase64Url(randomBytes(16)) },
        ...call,
      });
      for (const answer of [real, imagined]) expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
      const { requestId: _real, ...first } = real.body;
      const { requestId: _imagined, ...second } = imagined.body;
      expect(first).toEqual(second);
    }
    expect((await mallory.session.call(listVolumes)).body).toEqual({ volumes: [] });
  });

  it("with a commit of thousands of pages still answers others in between", async () => {
    const nodeIds = Array.from({ length: 3000 }, () => randomBytes(16));
    const written = writer.write({ pages: nodeIds.map((nodeId) => ({ nodeId, sizeBytes: 1 })) });
    for (let at = 0; at < written.pages.length; at += 1500) await sendPages(alice, written.pages.slice(at, at + 1500));
    let answered = 0;
    const committing = alice.session
      .call(postCommit, { params: params(), json: { commit: toBase64Url(written.bytes) } })
      .finally(() => {
        answered = -answered;
      });
    while (answered >= 0) {
      const [head] = await Promise.all([alice.session.call(getHead, { params: params() })]);
      expect(head.status).toBe(200);
      if (answered >= 0) answered += 1;
      else break;
    }
    expect((await committing).status).toBe(200);
    writer.accept(written);
    const { body } = await alice.session.call(getHead, { params: params() });
    expect(fromBase64Url(body["commit"] as string)).toEqual(written.bytes);
  });
});
