import { concatBytes, toBase64Url, toHex, uint32 } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import {
  COMMIT_KINDS,
  decodePageList,
  halvesOf,
  ROLES,
  StateTree,
  verifyStatePath,
  WHOLE_FOLDER,
} from "@excalibur/core/volume/record";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect, type OpaqueObject, opaqueBatch, opaqueObject } from "../../testing/opaque-object.ts";
import type { TestPerson } from "../../testing/people.ts";
import { openServiceRoom, type ServiceRoom } from "../../testing/service-room.ts";
import type { CommitWish, VolumeWriter, WrittenCommit, WrittenPage } from "../../testing/volume-writer.ts";

const never = new AbortController().signal;

function refusal(code: string, reason?: string) {
  const members = reason === undefined ? {} : { members: expect.objectContaining({ reason }) };
  return expect.objectContaining({ code, ...members });
}

function bodyOf(pages: readonly Pick<WrittenPage, "bytes">[]): Uint8Array {
  return concatBytes(...pages.flatMap(({ bytes }) => [uint32(bytes.length), bytes]));
}

function sendPages(
  room: ServiceRoom,
  { volumeId }: VolumeWriter,
  pages: readonly WrittenPage[],
  from: Pick<TestPerson, "userId">,
) {
  return room.volumes.putPages({ userId: from.userId, volumeId, body: bodyOf(pages) }, room.transact);
}

/** Sends pages and commit; the writer goes on from it. */
async function push(
  room: ServiceRoom,
  writer: VolumeWriter,
  wish: CommitWish,
  from: Pick<TestPerson, "userId"> = wish.writer ?? writer.owner,
) {
  const written = writer.write(wish);
  if (written.pages.length > 0) await sendPages(room, writer, written.pages, from);
  await post(room, writer, written, from);
  writer.accept(written);
  return written;
}

function post(
  room: ServiceRoom,
  { volumeId, owner }: VolumeWriter,
  { bytes }: Pick<WrittenCommit, "bytes">,
  from: Pick<TestPerson, "userId"> = owner,
) {
  return room.volumes.postCommit({ userId: from.userId, volumeId, commit: bytes }, room.transact);
}

async function upload(room: ServiceRoom, { userId }: TestPerson, objects: readonly OpaqueObject[]): Promise<void> {
  const { body, signedLeaves } = opaqueBatch(objects);
  async function* chunks() {
    yield body;
  }
  const fates = await room.objects.storeBatch({ userId, signedLeaves, body: chunks() });
  expect(fates.every(({ status }) => status === "stored")).toBe(true);
}

async function pageList(room: ServiceRoom, { volumeId, owner }: VolumeWriter) {
  const { sizeBytes, chunks } = await room.volumes.getPageList({ volumeId, userId: owner.userId });
  const bytes = await collect(chunks);
  expect(bytes.length).toBe(sizeBytes);
  return { head: toHex(bytes.subarray(0, 40)), pages: [...decodePageList(bytes.subarray(40))] };
}

async function addMembers(
  room: ServiceRoom,
  writer: VolumeWriter,
  people: readonly { readonly person: TestPerson; readonly role: 1 | 2 | 3 }[],
  options: { readonly rotate?: boolean } = {},
) {
  const all = [{ person: writer.owner, role: ROLES.owner }, ...people];
  const { written, manifest, previousKeys } = writer.writeMembers(all, options);
  const envelopes = all.map(({ person }) => writer.envelopeFor(person, manifest));
  const body = { commit: written.bytes, manifest: manifest.bytes, envelopes };
  const keys = options.rotate ? { previousKeys } : {};
  const { volumeId, owner } = writer;
  await room.volumes.postCommit({ userId: owner.userId, volumeId, ...body, ...keys }, room.transact);
  writer.accept(written, manifest);
}

let room: ServiceRoom;

beforeAll(async () => {
  room = await openServiceRoom();
});

afterAll(() => room[Symbol.asyncDispose]());

describe("a commit", () => {
  it("extends the head, replaces pages and is announced", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const writer = await room.volumeOf(alice);
    const { userId } = alice;
    const { volumeId } = writer;
    const folder = randomBytes(16);
    await push(room, writer, { pages: [{ nodeId: volumeId }, { nodeId: folder }] });
    const second = await push(room, writer, { pages: [{ nodeId: folder }] });

    const head = await room.volumes.getHead({ userId, volumeId });
    expect(head.sequence).toBe(2);
    expect(toHex(head.commit)).toBe(toHex(second.bytes));
    expect(toHex(head.genesis)).toBe(toHex(writer.genesis.bytes));
    expect(head.manifests.map(toHex)).toEqual([toHex(writer.manifest.bytes)]);
    expect(head.identities.map(toHex)).toEqual([toHex(alice.identity.bytes)]);
    expect(head.envelopes).toHaveLength(1);
    const { pages } = await pageList(room, writer);
    expect(toHex(StateTree.fromPages(pages).root(volumeId))).toBe(toHex(second.commit.stateRoot));
    expect(pages).toHaveLength(3);
    // Announced in a later turn than the answer.
    await expect
      .poll(() => room.announced.map((each) => ({ ...each })))
      .toEqual([
        { type: "commit", volumeId: writer.id, sequence: 1 },
        { type: "commit", volumeId: writer.id, sequence: 2 },
      ]);
    const listed = await room.volumes.listVolumes(userId);
    expect(listed.map(({ sequence }) => sequence)).toEqual([2]);
  });

  it("sent again answers as if it were new, also when others followed", async () => {
    await using room = await openServiceRoom();
    const writer = await room.volumeOf(await room.person("alice"));
    const first = await push(room, writer, { pages: [{ nodeId: writer.volumeId }] });
    expect(await post(room, writer, first)).toEqual({ sequence: 1 });
    await push(room, writer, { pages: [{ nodeId: writer.volumeId }] });
    expect(await post(room, writer, first)).toEqual({ sequence: 1 });
    expect(await post(room, writer, writer.genesis)).toEqual({ sequence: 0 });
    await expect.poll(() => room.announced).toHaveLength(2);
  });

  it("on a stale head is told what is newest, and nothing of it is kept", async () => {
    const alice = await room.person("alice");
    const writer = await room.volumeOf(alice);
    const stale = writer.write({ pages: [{ nodeId: writer.volumeId }] });
    await push(room, writer, { pages: [{ nodeId: writer.volumeId }] });
    await sendPages(room, writer, stale.pages, alice);
    await expect(post(room, writer, stale)).rejects.toMatchObject({ code: "head_moved", members: { version: 1 } });
    expect((await room.volumes.getHead({ userId: alice.userId, volumeId: writer.volumeId })).sequence).toBe(1);
  });

  it("of two at once on one head exactly one wins", async () => {
    const alice = await room.person("alice");
    const writer = await room.volumeOf(alice);
    const rivals = Array.from({ length: 6 }, () => writer.write({ pages: [{ nodeId: writer.volumeId }] }));
    await Promise.all(rivals.map((rival) => sendPages(room, writer, rival.pages, alice)));
    const outcomes = await Promise.allSettled(rivals.map((rival) => post(room, writer, rival)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toEqual(refusal("head_moved"));
    const { pages } = await pageList(room, writer);
    expect(pages).toHaveLength(2);
  });

  it("splits a page, and removes a folder", async () => {
    const writer = await room.volumeOf(await room.person("alice"));
    const nodeId = randomBytes(16);
    await push(room, writer, { pages: [{ nodeId }] });
    const [low, high] = halvesOf(WHOLE_FOLDER);
    const split = {
      pages: [
        { nodeId, range: low },
        { nodeId, range: high },
      ],
      gone: [{ nodeId, ...WHOLE_FOLDER }],
    };
    await push(room, writer, split);
    expect((await pageList(room, writer)).pages).toHaveLength(4);
    await push(room, writer, {
      gone: [
        { nodeId, ...low },
        { nodeId, ...high },
      ],
    });
    expect((await pageList(room, writer)).pages).toHaveLength(2);
  });

  it("is refused by strangers' eyes: the volume does not exist for them", async () => {
    const [alice, mallory] = [await room.person("alice"), await room.person("eve")];
    const writer = await room.volumeOf(alice);
    const { volumeId } = writer;
    const { userId } = mallory;
    const written = writer.write({ pages: [{ nodeId: volumeId }], writer: mallory });
    const attempts = [
      () => post(room, writer, written, mallory),
      () => sendPages(room, writer, written.pages, mallory),
      () => room.volumes.getHead({ userId, volumeId }),
      () => room.volumes.listCommits({ userId, volumeId, after: 0 }),
      () => room.volumes.getPageList({ userId, volumeId }),
      () => room.volumes.getStatePath({ userId, volumeId, nodeId: volumeId, range: WHOLE_FOLDER }),
      () => room.volumes.fetchPages({ userId, volumeId, hashes: [randomBytes(32)] }),
      () => room.volumes.checkObjects({ userId, volumeId, objectIds: [randomBytes(16)] }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toEqual(refusal("not_found"));
    expect(await room.volumes.listVolumes(userId)).toEqual([]);
  });
});

describe("a commit that breaks a rule is refused", () => {
  interface Case {
    readonly name: string;
    readonly wish: (writer: VolumeWriter, people: { alice: TestPerson; mallory: TestPerson }) => CommitWish;
    readonly code?: string;
    readonly reason?: string;
    readonly sendNoPages?: boolean;
  }
  const cases: Case[] = [
    {
      name: "state root of another state",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId }], fields: { stateRoot: randomBytes(32) } }),
      reason: "state_root",
    },
    {
      name: "writer who is no member",
      wish: ({ volumeId }, { mallory }) => ({ pages: [{ nodeId: volumeId }], writer: mallory }),
      reason: "writer_may_not",
    },
    {
      name: "signature of somebody else",
      wish: ({ volumeId, owner }, { mallory }) => ({
        pages: [{ nodeId: volumeId, header: { writerFingerprint: owner.identity.fingerprint } }],
        writer: mallory,
        fields: { writerFingerprint: owner.identity.fingerprint },
      }),
      reason: "signature",
    },
    {
      name: "time before its predecessor's",
      wish: ({ volumeId, head }) => ({ pages: [{ nodeId: volumeId }], fields: { timeMs: head.timeMs } }),
      reason: "time_before_previous",
    },
    {
      name: "time more than ten minutes ahead of the server",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId }], fields: { timeMs: Date.now() + 11 * 60_000 } }),
      reason: "time_ahead",
    },
    {
      name: "a sequence that jumps",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId }], fields: { sequence: 3 } }),
      reason: "sequence",
    },
    {
      name: "another generation than the manifest's",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId, header: { g: 1 } }], fields: { g: 1 } }),
      reason: "generation",
    },
    {
      name: "another manifest",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId }], fields: { manifestHash: randomBytes(32) } }),
      reason: "manifest",
    },
    {
      name: "a folder that is left incomplete",
      wish: () => ({ pages: [{ nodeId: randomBytes(16), range: halvesOf(WHOLE_FOLDER)[0] }] }),
      reason: "folder_incomplete",
    },
    {
      name: "a page that is gone without having been there",
      wish: () => ({ gone: [{ nodeId: randomBytes(16), ...WHOLE_FOLDER }] }),
      reason: "page_missing",
    },
    {
      name: "a page of another version than the next",
      wish: ({ volumeId, state, manifest, owner }) => ({
        pages: [],
        fields: {
          changes: [{ nodeId: volumeId, ...WHOLE_FOLDER, version: 3, recordHash: randomBytes(32) }],
          stateRoot: state.root(volumeId),
          manifestHash: manifest.hash,
          writerFingerprint: owner.identity.fingerprint,
        },
      }),
      reason: "page_version",
    },
    {
      name: "a page that was not sent",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId }] }),
      sendNoPages: true,
      code: "page_missing",
    },
    {
      name: "a page written by somebody else",
      wish: ({ volumeId }, { mallory }) => ({
        pages: [{ nodeId: volumeId, header: { writerFingerprint: mallory.identity.fingerprint } }],
      }),
      reason: "page_header",
    },
    {
      name: "a page that names another page before it",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId, header: { previousRecordHash: randomBytes(32) } }] }),
      reason: "page_header",
    },
    {
      name: "a page of another folder",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId, header: { nodeId: randomBytes(16) } }] }),
      reason: "page_header",
    },
    {
      name: "a page of another place in the folder",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId, header: halvesOf(WHOLE_FOLDER)[0] }] }),
      reason: "page_header",
    },
    {
      name: "an object that does not exist",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId }], added: [{ objectId: randomBytes(16), count: 1 }] }),
      code: "object_missing",
    },
    {
      name: "an object dropped that was never added",
      wish: ({ volumeId }) => ({ pages: [{ nodeId: volumeId }], dropped: [{ objectId: randomBytes(16), count: 1 }] }),
      reason: "dropped_count",
    },
    {
      name: "a second genesis",
      wish: () => ({ fields: { kind: COMMIT_KINDS.genesis } }),
      reason: "kind",
    },
    {
      name: "members without a manifest",
      wish: () => ({ fields: { kind: COMMIT_KINDS.members } }),
      reason: "manifest",
    },
    {
      name: "a rejoin that abandons nothing",
      wish: () => ({ fields: { kind: COMMIT_KINDS.rejoin } }),
      reason: "abandoned",
    },
  ];

  it.each(cases)("$name", async ({ wish, code = "commit_invalid", reason, sendNoPages = false }) => {
    const people = { alice: await room.person("alice"), mallory: await room.person("mallory") };
    const writer = await room.volumeOf(people.alice);
    const written = writer.write(wish(writer, people));
    if (!sendNoPages && written.pages.length > 0) await sendPages(room, writer, written.pages, people.alice);
    await expect(post(room, writer, written)).rejects.toEqual(refusal(code, reason));
    const head = await room.volumes.getHead({ userId: people.alice.userId, volumeId: writer.volumeId });
    expect(head.sequence).toBe(0);
    // And a good one still works.
    await push(room, writer, { pages: [{ nodeId: writer.volumeId }] });
  });

  it("bytes that are no commit, or of another volume", async () => {
    const alice = await room.person("alice");
    const [writer, other] = [await room.volumeOf(alice), await room.volumeOf(alice)];
    const written = other.write({ pages: [{ nodeId: other.volumeId }] });
    await expect(post(room, writer, written)).rejects.toEqual(refusal("commit_invalid", "volume"));
    const unsorted = swappedChanges(
      writer.write({ pages: [{ nodeId: writer.volumeId }, { nodeId: randomBytes(16) }] }),
    );
    for (const bytes of [new Uint8Array(0), randomBytes(300), written.bytes.slice(1), unsorted]) {
      await expect(post(room, writer, { bytes })).rejects.toEqual(refusal("commit_invalid"));
    }
  });

  it("pages of another volume cannot be sent, nor named", async () => {
    const alice = await room.person("alice");
    const [writer, other] = [await room.volumeOf(alice), await room.volumeOf(alice)];
    const foreign = other.write({ pages: [{ nodeId: other.volumeId }] });
    await expect(sendPages(room, writer, foreign.pages, alice)).rejects.toEqual(refusal("record_invalid", "volume"));
    const written = writer.write({ pages: [{ nodeId: writer.volumeId }] });
    await expect(post(room, writer, written)).rejects.toEqual(refusal("page_missing"));
  });
});

/** The two changes of a commit in the wrong order. */
function swappedChanges({ bytes }: WrittenCommit): WrittenCommit["bytes"] {
  const at = 173 + 4 + 4;
  const swapped = bytes.slice();
  swapped.set(bytes.subarray(at + 59, at + 118), at);
  swapped.set(bytes.subarray(at, at + 59), at + 59);
  return swapped;
}

describe("pages", () => {
  it("are fetched by hash in the order asked, missing ones as nothing", async () => {
    const alice = await room.person("alice");
    const writer = await room.volumeOf(alice);
    const { pages } = await push(room, writer, {
      pages: Array.from({ length: 20 }, () => ({ nodeId: randomBytes(16) })),
    });
    const asked = [...pages.map(({ ref }) => ref.recordHash), randomBytes(32), pages[0]?.ref.recordHash as Uint8Array];
    const { userId } = alice;
    const { sizeBytes, chunks } = await room.volumes.fetchPages({ userId, volumeId: writer.volumeId, hashes: asked });
    const expected = concatBytes(bodyOf(pages), uint32(0), bodyOf(pages.slice(0, 1)));
    const got = await collect(chunks);
    expect(got.length).toBe(sizeBytes);
    expect(toHex(got)).toBe(toHex(expected));
  });

  it("that were replaced go to members who may write, not to viewers", async () => {
    const [alice, bob] = [await room.person("alice"), await room.person("bob")];
    const writer = await room.volumeOf(alice);
    const { volumeId } = writer;
    const { pages } = await push(room, writer, { pages: [{ nodeId: volumeId }] });
    await push(room, writer, { pages: [{ nodeId: volumeId }] });
    await addMembers(room, writer, [{ person: bob, role: ROLES.viewer }]);
    const hashes = pages.map(({ ref }) => ref.recordHash);
    const own = await room.volumes.fetchPages({ userId: alice.userId, volumeId, hashes });
    expect(toHex(await collect(own.chunks))).toBe(toHex(bodyOf(pages)));
    const seen = await room.volumes.fetchPages({ userId: bob.userId, volumeId, hashes });
    expect(toHex(await collect(seen.chunks))).toBe("00000000");
  });

  it("that are no page records are refused", async () => {
    const alice = await room.person("alice");
    const writer = await room.volumeOf(alice);
    const { volumeId } = writer;
    const [page] = writer.write({ pages: [{ nodeId: volumeId }] }).pages as [WrittenPage];
    const cut = page.bytes.slice(0, -1);
    const longLength = page.bytes.slice();
    longLength[122] = (longLength[122] as number) + 1;
    const bodies = [
      new Uint8Array(0),
      new Uint8Array(3),
      uint32(0),
      concatBytes(uint32(5), new Uint8Array(4)),
      concatBytes(uint32(2_000_000), new Uint8Array(2_000_000)),
      bodyOf([{ bytes: cut }]),
      bodyOf([{ bytes: longLength }]),
    ];
    for (const body of bodies) {
      const sending = room.volumes.putPages({ userId: alice.userId, volumeId, body }, room.transact);
      await expect(sending).rejects.toEqual(refusal("record_invalid"));
    }
  });

  it("that no commit named expire", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const writer = await room.volumeOf(alice);
    const old = writer.write({ pages: [{ nodeId: writer.volumeId }] });
    await sendPages(room, writer, old.pages, alice);
    room.nowMs += 25 * 3_600_000;
    await sendPages(room, writer, writer.write({ pages: [{ nodeId: randomBytes(16) }] }).pages, alice);
    await expect(post(room, writer, old)).rejects.toEqual(refusal("page_missing"));
  });
});

describe("reading", () => {
  it("commits come oldest first, a slice at a time", async () => {
    const alice = await room.person("alice");
    const writer = await room.volumeOf(alice);
    const commits = [writer.genesis.bytes];
    for (let i = 0; i < 3; i++) {
      commits.push((await push(room, writer, { pages: [{ nodeId: writer.volumeId }] })).bytes);
    }
    const caller = { userId: alice.userId, volumeId: writer.volumeId };
    const list = await room.volumes.listCommits({ ...caller, after: 1 });
    expect(list.commits.map(toHex)).toEqual(commits.slice(2).map(toHex));
    expect(list).toMatchObject({ headSequence: 3, more: false });
    expect((await room.volumes.listCommits({ ...caller, after: 3 })).commits).toEqual([]);
    expect((await room.volumes.listCommits({ ...caller, after: 99 })).more).toBe(false);
  });

  it("a state path proves a page, and the absence of one, under the head", async () => {
    const alice = await room.person("alice");
    const writer = await room.volumeOf(alice);
    const { volumeId } = writer;
    const nodes = Array.from({ length: 200 }, () => randomBytes(16));
    await push(room, writer, { pages: nodes.map((nodeId) => ({ nodeId })) });
    for (const nodeId of [nodes[7] as Uint8Array, randomBytes(16)]) {
      const range = WHOLE_FOLDER;
      const answer = await room.volumes.getStatePath({ userId: alice.userId, volumeId, nodeId, range });
      expect(toHex(answer.subarray(8, 40))).toBe(toHex(writer.head.hash));
      const path = answer.slice(40);
      const proven = verifyStatePath({ path, volumeId, stateRoot: writer.head.stateRoot, nodeId, range });
      const page = writer.state.page(nodeId, range);
      expect(proven === null ? null : toHex(proven.recordHash)).toBe(page === null ? null : toHex(page.recordHash));
    }
    const impossible = { nodeId: volumeId, range: { bits: 1, bitsLength: 0 } };
    const asking = room.volumes.getStatePath({ userId: alice.userId, volumeId, ...impossible });
    await expect(asking).rejects.toEqual(refusal("bad_request"));
  });

  it("a state that another process moved is caught up, or read anew", async () => {
    await using room = await openServiceRoom();
    const alice = await room.person("alice");
    const writer = await room.volumeOf(alice);
    const nodes = Array.from({ length: 2500 }, () => randomBytes(16));
    await push(room, writer, { pages: nodes.map((nodeId) => ({ nodeId, sizeBytes: 1 })) });
    const here = room.volumes;
    await room.restart();
    // Two sets of services over one database, as two processes would be.
    const there = room.volumes;
    expect(there).not.toBe(here);
    for (let i = 0; i < 3; i++) await push(room, writer, { pages: [{ nodeId: nodes[i] as Uint8Array }] });
    room.volumes = here;
    await push(room, writer, { pages: [{ nodeId: writer.volumeId }] });
    room.volumes = there;
    await push(room, writer, { gone: [{ nodeId: nodes[9] as Uint8Array, ...WHOLE_FOLDER }] });
    const { pages } = await pageList(room, writer);
    expect(toHex(StateTree.fromPages(pages).root(writer.volumeId))).toBe(toHex(writer.head.stateRoot));
    const sorted = pages.map(({ nodeId }) => toHex(nodeId));
    expect(sorted).toEqual(sorted.toSorted());
  });
});

describe("members", () => {
  it("who are added read, who are removed are out at once", async () => {
    const [alice, bob] = [await room.person("alice"), await room.person("bob")];
    const writer = await room.volumeOf(alice);
    const { volumeId } = writer;
    const bobs = { userId: bob.userId, volumeId };
    await addMembers(room, writer, [{ person: bob, role: ROLES.editor }]);
    const head = await room.volumes.getHead(bobs);
    expect(head.envelopes).toHaveLength(1);
    expect(head.manifests).toHaveLength(2);
    expect(new Set(head.identities.map(toHex))).toEqual(
      new Set([alice, bob].map(({ identity }) => toHex(identity.bytes))),
    );
    await push(room, writer, { pages: [{ nodeId: volumeId }], writer: bob }, bob);
    await addMembers(room, writer, [], { rotate: true });
    await expect(room.volumes.getHead(bobs)).rejects.toEqual(refusal("not_found"));
    const { previousKeys, envelopes } = await room.volumes.getHead({ userId: alice.userId, volumeId });
    expect(previousKeys.map(({ g }) => g)).toEqual([1]);
    expect(envelopes).toHaveLength(2);
    const late = writer.write({ pages: [{ nodeId: volumeId }], writer: bob });
    await sendPages(room, writer, late.pages, alice);
    await expect(post(room, writer, late)).rejects.toEqual(refusal("commit_invalid", "writer_may_not"));
  });

  it("may send again what another member wrote, with its pages and objects", async () => {
    const [alice, bob] = [await room.person("alice"), await room.person("bob")];
    const writer = await room.volumeOf(alice);
    await addMembers(room, writer, [{ person: bob, role: ROLES.viewer }]);
    const object = opaqueObject(100);
    await upload(room, bob, [object]);
    const added = [{ objectId: object.objectId, count: 1 }];
    const written = writer.write({ pages: [{ nodeId: writer.volumeId }], added });
    await sendPages(room, writer, written.pages, bob);
    expect(await post(room, writer, written, bob)).toEqual({ sequence: 2 });
    writer.accept(written);
  });

  it("who may only read cannot write", async () => {
    const [alice, bob] = [await room.person("alice"), await room.person("bob")];
    const writer = await room.volumeOf(alice);
    await addMembers(room, writer, [{ person: bob, role: ROLES.viewer }]);
    const wrong = writer.write({ pages: [{ nodeId: writer.volumeId }], writer: bob });
    await sendPages(room, writer, wrong.pages, alice);
    await expect(post(room, writer, wrong, bob)).rejects.toEqual(refusal("commit_invalid", "writer_may_not"));
  });

  it("come with what they need: envelopes, keys of before, identities known here", async () => {
    const [alice, bob] = [await room.person("alice"), await room.person("bob")];
    const writer = await room.volumeOf(alice);
    const { volumeId } = writer;
    const members = [
      { person: alice, role: ROLES.owner },
      { person: bob, role: ROLES.editor },
    ];
    const { written, manifest, previousKeys } = writer.writeMembers(members);
    const rotated = writer.writeMembers(members, { rotate: true });
    const envelopes = members.map(({ person }) => writer.envelopeFor(person, manifest));
    const send = (body: object) =>
      room.volumes.postCommit({ userId: alice.userId, volumeId, commit: written.bytes, ...body }, room.transact);
    const good = { manifest: manifest.bytes, envelopes };
    await expect(send({ ...good, envelopes: [] })).rejects.toEqual(refusal("record_invalid", "envelope_missing"));
    await expect(send({ ...good, previousKeys })).rejects.toEqual(refusal("record_invalid", "previous_keys"));
    const twice = [...envelopes, envelopes[0]];
    await expect(send({ ...good, envelopes: twice })).rejects.toEqual(refusal("record_invalid", "envelope_twice"));
    const stale = [writer.envelopeFor(alice), ...envelopes];
    await expect(send({ ...good, envelopes: stale })).rejects.toEqual(refusal("record_invalid", "envelope"));
    await expect(send({ envelopes })).rejects.toEqual(refusal("record_invalid", "manifest"));
    await expect(send({})).rejects.toEqual(refusal("commit_invalid", "manifest"));
    const keyless = { commit: rotated.written.bytes, manifest: rotated.manifest.bytes, envelopes: [] };
    await expect(send(keyless)).rejects.toEqual(refusal("record_invalid", "previous_keys"));
    await send(good);
    writer.accept(written, manifest);

    const { newPerson } = await import("../../testing/people.ts");
    const nobody = await newPerson("nobody");
    const withNobody = writer.writeMembers([...members, { person: nobody, role: ROLES.editor }]);
    const body = {
      commit: withNobody.written.bytes,
      manifest: withNobody.manifest.bytes,
      envelopes: [writer.envelopeFor(nobody, withNobody.manifest)],
    };
    await expect(send(body)).rejects.toEqual(refusal("record_invalid", "member_unknown"));
  });

  it("are changed by managers and the owner only", async () => {
    const [alice, bob] = [await room.person("alice"), await room.person("bob")];
    const writer = await room.volumeOf(alice);
    await addMembers(room, writer, [{ person: bob, role: ROLES.editor }]);
    const grab = writer.writeMembers(
      [
        { person: alice, role: ROLES.owner },
        { person: bob, role: ROLES.manager },
      ],
      { signer: bob },
    );
    const body = { commit: grab.written.bytes, manifest: grab.manifest.bytes };
    const sending = room.volumes.postCommit({ userId: bob.userId, volumeId: writer.volumeId, ...body }, room.transact);
    await expect(sending).rejects.toEqual(refusal("commit_invalid", "signer_may_not"));
  });
});

describe("objects of a volume", () => {
  it("are readable for members while listed, and gone for viewers when dropped", async () => {
    const [alice, bob, carol] = [await room.person("alice"), await room.person("bob"), await room.person("carol")];
    const writer = await room.volumeOf(alice);
    const { volumeId } = writer;
    await addMembers(room, writer, [
      { person: bob, role: ROLES.viewer },
      { person: carol, role: ROLES.editor },
    ]);
    const object = opaqueObject(100);
    await upload(room, alice, [object]);
    const { objectId } = object;
    const get = ({ userId }: TestPerson) =>
      room.objects.getObject({ userId, objectId, rangeHeader: undefined, signal: never });
    await expect(get(bob)).rejects.toEqual(refusal("not_found"));
    await push(room, writer, { pages: [{ nodeId: volumeId }], added: [{ objectId, count: 2 }] });
    expect(toHex(await collect((await get(bob)).chunks))).toBe(toHex(object.bytes));
    await push(room, writer, { pages: [{ nodeId: volumeId }], dropped: [{ objectId, count: 1 }] });
    await get(bob);
    await push(room, writer, { pages: [{ nodeId: volumeId }], dropped: [{ objectId, count: 1 }] });
    await expect(get(bob)).rejects.toEqual(refusal("object_gone"));
    await get(carol);
    await get(alice);
    const unknown = randomBytes(16);
    const check = ({ userId }: TestPerson) =>
      room.volumes.checkObjects({ userId, volumeId, objectIds: [objectId, unknown] });
    expect((await check(carol)).map(toHex)).toEqual([toHex(unknown)]);
    expect(await check(bob)).toHaveLength(2);
    // Undo by somebody else than the uploader.
    await push(room, writer, { pages: [{ nodeId: volumeId }], added: [{ objectId, count: 1 }], writer: carol }, carol);
    await get(bob);
  });

  it("of strangers cannot be listed, nor dropped more often than they are listed", async () => {
    const [alice, mallory] = [await room.person("alice"), await room.person("mallory")];
    const [writer, thief] = [await room.volumeOf(alice), await room.volumeOf(mallory)];
    const object = opaqueObject(100);
    const { objectId } = object;
    await upload(room, alice, [object]);
    await push(room, writer, { pages: [{ nodeId: writer.volumeId }], added: [{ objectId, count: 2 }] });
    const theft = thief.write({ pages: [{ nodeId: thief.volumeId }], added: [{ objectId, count: 1 }] });
    await sendPages(room, thief, theft.pages, mallory);
    await expect(post(room, thief, theft)).rejects.toMatchObject({
      code: "object_missing",
      members: { ids: [toBase64Url(objectId)] },
    });
    const drop = writer.write({ pages: [{ nodeId: writer.volumeId }], dropped: [{ objectId, count: 3 }] });
    await sendPages(room, writer, drop.pages, alice);
    await expect(post(room, writer, drop)).rejects.toEqual(refusal("commit_invalid", "dropped_count"));
    expect((await room.volumes.getHead({ userId: alice.userId, volumeId: writer.volumeId })).sequence).toBe(1);
  });

  it("shared with a member may be listed in his own volume", async () => {
    const [alice, bob] = [await room.person("alice"), await room.person("bob")];
    const [writer, bobs] = [await room.volumeOf(alice), await room.volumeOf(bob)];
    await addMembers(room, writer, [{ person: bob, role: ROLES.viewer }]);
    const object = opaqueObject(100);
    const { objectId } = object;
    await upload(room, alice, [object]);
    await push(room, writer, { pages: [{ nodeId: writer.volumeId }], added: [{ objectId, count: 1 }] });
    await push(room, bobs, { pages: [{ nodeId: bobs.volumeId }], added: [{ objectId, count: 1 }] });
    await addMembers(room, writer, [], { rotate: true });
    await room.objects.getObject({ userId: bob.userId, objectId, rangeHeader: undefined, signal: never });
  });
});
