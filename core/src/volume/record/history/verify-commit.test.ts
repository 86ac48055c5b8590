import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, UnsupportedError } from "../../../bytes/index.ts";
import { sha256 } from "../../../primitives/index.ts";
import {
  COMMIT_KINDS,
  type Commit,
  type CommitFields,
  decodeCommit,
  decodeManifest,
  type Manifest,
  ROLES,
  StateTree,
  signCommit,
  signManifest,
  verifyCommit,
  verifyGenesis,
} from "../index.ts";
import {
  alice,
  bob,
  carol,
  dave,
  firstManifest,
  link,
  type Person,
  row,
  signatureKeys,
  volumeId,
  ZERO_HASH,
} from "../members/people.suite.ts";

import {
  after,
  changed,
  follow,
  genesis,
  genesisChanges,
  genesisFields,
  genesisState,
  hash,
  manifest,
  members,
  objectId,
  page,
  question,
  refusal,
  trashId,
  write,
} from "./history.suite.ts";

describe("a commit", () => {
  const commit = write();

  it("says what was signed", () => {
    expect(commit.hash).toEqual(sha256(commit.bytes));
    expect(commit.bytes.length).toBe(173 + 4 * 4 + 59 + 18 + 18 + 64);
    expect([...commit.changes]).toEqual(changed);
    expect([...commit.added]).toEqual([{ objectId: objectId(1), count: 2 }]);
    expect(commit.dropped.at(0).count).toBe(65_535);
    expect(() => commit.dropped.at(1)).toThrow(RangeError);
  });

  it("puts its lists in order, whatever order they come in", () => {
    const many = Array.from({ length: 50 }, (_, n) => ({ objectId: objectId(n), count: n + 1 }));
    const one = write({ added: many, dropped: [] });
    expect(write({ added: many.toReversed(), dropped: [] }).bytes).toEqual(one.bytes);
    for (const each of many) expect(one.added.find(each.objectId)).toEqual(each);
    expect(one.added.find(objectId(51))).toBeNull();
  });

  it.each<[string, Partial<CommitFields>]>([
    ["a page twice", { changes: [page(volumeId, 1), page(volumeId, 2)] }],
    ["impossible bits", { changes: [{ ...page(volumeId, 1), bitsLength: 1, bits: 1 }] }],
    ["a gone page with a hash", { changes: [page(volumeId, 0)] }],
    ["a page without a hash", { changes: [page(volumeId, 1, ZERO_HASH)] }],
    ["a page version of 2^48", { changes: [page(volumeId, 2 ** 48, hash(1))] }],
    ["an object twice", { added: [1, 2].map((count) => ({ objectId: objectId(1), count })) }],
    ["an object no times", { added: [{ objectId: objectId(1), count: 0 }] }],
    ["an object too often", { added: [{ objectId: objectId(1), count: 65_536 }] }],
    ["an object added and dropped", { dropped: [{ objectId: objectId(1), count: 1 }] }],
    ["abandoned commits, being ordinary", { abandoned: [{ sequence: 1, hash: hash(1) }] }],
    ["a sequence of 2^48", { sequence: 2 ** 48 }],
    ["a short id", { volumeId: volumeId.subarray(1) }],
    ["a short hash in a list", { changes: [page(volumeId, 1, hash(1).subarray(1))] }],
  ])("is refused with %s", (_, change) => {
    expect(() => write(change)).toThrow(FormatError);
  });

  it("takes fields of their own length only, even where two wrong ones would make up for each other", () => {
    const shifted = { writerFingerprint: hash(1).subarray(1), stateRoot: new Uint8Array(33) };
    expect(() => write(shifted)).toThrow(FormatError);
    const ids = {
      changes: [{ ...page(volumeId, 1), nodeId: volumeId.subarray(1), recordHash: new Uint8Array(33).fill(1) }],
    };
    expect(() => write(ids)).toThrow(FormatError);
  });

  it("is refused out of order, cut short or too long, and unknown kinds are unsupported", () => {
    const two = write({ changes: genesisChanges.map((each) => ({ ...each, version: 2 })) });
    const swapped = two.bytes.slice();
    swapped.set(two.bytes.subarray(181, 240), 240);
    swapped.set(two.bytes.subarray(240, 299), 181);
    for (const bytes of [swapped, two.bytes.subarray(1), two.bytes.subarray(0, -1), Uint8Array.of(...two.bytes, 0)]) {
      expect(() => decodeCommit(bytes)).toThrow(FormatError);
    }
    const unknown = two.bytes.slice();
    unknown[28] = 4;
    expect(() => decodeCommit(unknown)).toThrow(UnsupportedError);
  });

  it("is refused with any byte changed", () => {
    fc.assert(
      fc.property(fc.nat(commit.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const altered = commit.bytes.slice();
        altered[at] = (altered[at] as number) ^ difference;
        expect(() => verifyCommit(question(decodeCommit(altered)))).toThrow();
      }),
      { numRuns: 400 },
    );
  });
});

describe("an ordinary commit", () => {
  it("is accepted from every role that writes, and gives the next state", () => {
    for (const writer of [alice, bob, dave, link]) {
      const accepted = verifyCommit(question(write({}, writer)));
      expect(accepted.manifest).toBe(manifest);
      expect(accepted.state.root(volumeId)).toEqual(after.root(volumeId));
    }
  });

  it.each<[string, string, () => Commit]>([
    ["writer_may_not", "a viewer", () => write({}, carol)],
    ["writer_may_not", "a stranger", () => write({ writerFingerprint: hash(9) })],
    ["signature", "another's signature", () => write({ writerFingerprint: alice.fingerprint })],
    ["volume", "another volume", () => write({ volumeId: objectId(5) })],
    ["sequence", "a sequence that repeats", () => write({ sequence: 0 })],
    ["sequence", "a sequence that jumps", () => write({ sequence: 2 })],
    ["previous_hash", "another predecessor", () => write({ previousCommitHash: hash(1) })],
    ["time_before_previous", "the predecessor's time", () => write({ timeMs: genesis.timeMs })],
    ["manifest", "another manifest version", () => write({ manifestVersion: 1 })],
    ["manifest", "another manifest", () => write({ manifestHash: hash(1) })],
    ["generation", "another generation", () => write({ g: 1 })],
    ["kind", "a second genesis", () => write({ kind: COMMIT_KINDS.genesis })],
    [
      "UnsupportedError",
      "a rejoin",
      () => write({ kind: COMMIT_KINDS.rejoin, abandoned: [{ sequence: 1, hash: hash(1) }] }),
    ],
    ["manifest", "a members commit without its manifest", () => write({ kind: COMMIT_KINDS.members })],
    ["state_root", "another state root", () => write({ stateRoot: genesis.stateRoot })],
    ["state_root", "a change left out", () => write({ changes: [] })],
    ["state_root", "a change too many", () => write({ changes: [...changed, page(trashId, 2)] })],
    ["page_version", "a version that jumps", () => write({ changes: [page(volumeId, 3)] })],
    ["folder_incomplete", "half a folder", () => write({ changes: [{ ...page(objectId(7), 1), bitsLength: 1 }] })],
    ["page_missing", "taking away what is not there", () => write({ changes: [page(objectId(7), 0, ZERO_HASH)] })],
  ])("is refused (%s) with %s", (reason, _, commit) => {
    expect(refusal(() => verifyCommit(question(commit())))).toBe(reason);
  });

  it("is judged by its root when its changes were applied before", () => {
    const accepted = verifyCommit(question(write(), { applied: after }));
    expect(accepted.state).toBe(after);
    expect(refusal(() => verifyCommit(question(write(), { applied: genesisState })))).toBe("state_root");
  });

  it("brings no manifest, and is judged under the head's", () => {
    expect(refusal(() => verifyCommit(question(write(), { nextManifest: manifest })))).toBe("manifest");
    const other = decodeManifest(signManifest(firstManifest([row(dave, ROLES.manager)]), alice.seed));
    expect(refusal(() => verifyCommit(question(write({ manifestHash: other.hash }), { manifest: other })))).toBe(
      "manifest",
    );
  });

  it("may be ten minutes ahead of the server, or follow a head that is", () => {
    const ahead = genesis.timeMs + 600_000;
    const verify = (timeMs: number, serverTimeMs?: number) =>
      refusal(() => verifyCommit(question(write({ timeMs }), { serverTimeMs })));
    expect(verify(ahead, genesis.timeMs)).toBe("accepted");
    expect(verify(ahead + 1, genesis.timeMs)).toBe("accepted");
    expect(verify(ahead + 2, genesis.timeMs)).toBe("time_ahead");
    expect(verify(ahead + 2, 0)).toBe("time_ahead");
    expect(verify(genesis.timeMs + 1, 0)).toBe("accepted");
    expect(verify(ahead + 2, genesis.timeMs + 2)).toBe("accepted");
    expect(verify(2 ** 50)).toBe("accepted");
  });
});

describe("genesis", () => {
  const verify = (
    change: Partial<CommitFields>,
    more: { manifest?: Manifest; writer?: Person; serverTimeMs?: number } = {},
  ) =>
    refusal(() => {
      const commit = decodeCommit(signCommit({ ...genesisFields, ...change }, (more.writer ?? alice).seed));
      return verifyGenesis({ commit, manifest, signatureKeys, ...more });
    });

  it("begins a volume", () => {
    const accepted = verifyGenesis({ commit: genesis, manifest, signatureKeys, serverTimeMs: genesis.timeMs });
    expect(accepted.state.pageCount).toBe(2);
    expect(verify({ changes: [], stateRoot: StateTree.empty.root(volumeId) })).toBe("accepted");
    expect(verify({ added: [{ objectId: objectId(1), count: 1 }] })).toBe("accepted");
  });

  it.each<[string, Partial<CommitFields>]>([
    ["kind", { kind: COMMIT_KINDS.ordinary }],
    ["sequence", { sequence: 1 }],
    ["previous_hash", { previousCommitHash: hash(1) }],
    ["volume", { volumeId: objectId(5) }],
    ["manifest", { manifestVersion: 1 }],
    ["manifest", { manifestHash: hash(1) }],
    ["generation", { g: 1 }],
    ["writer_may_not", { writerFingerprint: bob.fingerprint }],
    ["changes_not_allowed", { dropped: [{ objectId: objectId(1), count: 1 }] }],
    ["page_version", { changes: [page(volumeId, 2)] }],
    ["state_root", { changes: [page(volumeId, 1)] }],
  ])("is refused (%s) with %j", (reason, change) => {
    expect(verify(change)).toBe(reason);
  });

  it("is refused with another's signature, another's manifest, or far ahead of the server", () => {
    expect(verify({}, { writer: bob })).toBe("signature");
    const forged = decodeManifest(signManifest(firstManifest(), bob.seed));
    expect(verify({ manifestHash: forged.hash }, { manifest: forged })).toBe("signature");
    expect(verify({}, { serverTimeMs: genesis.timeMs - 600_001 })).toBe("time_ahead");
  });
});

describe("a members commit", () => {
  const withoutDave = [...manifest.members].filter((each) => each.role !== ROLES.editor);
  const removed = follow(manifest, bob, 1, withoutDave);

  it("brings one manifest into force; the state stays", () => {
    const accepted = verifyCommit(question(members(removed), { nextManifest: removed }));
    expect(accepted).toEqual({ state: genesisState, manifest: removed });
  });

  it.each<[string, Partial<CommitFields>, Person]>([
    ["manifest", { manifestVersion: 0 }, bob],
    ["manifest", { manifestHash: manifest.hash }, bob],
    ["generation", { g: 0 }, bob],
    ["writer_may_not", {}, alice],
    ["signature", { writerFingerprint: bob.fingerprint }, alice],
    ["changes_not_allowed", { changes: changed }, bob],
    ["changes_not_allowed", { added: [{ objectId: objectId(1), count: 1 }] }, bob],
    ["changes_not_allowed", { dropped: [{ objectId: objectId(1), count: 1 }] }, bob],
    ["state_root", { stateRoot: after.root(volumeId) }, bob],
    ["sequence", { sequence: 2 }, bob],
  ])("is refused (%s) with %j", (reason, change, writer) => {
    expect(refusal(() => verifyCommit(question(members(removed, change, writer), { nextManifest: removed })))).toBe(
      reason,
    );
  });

  it("is refused when its manifest may not follow", () => {
    const illegal = follow(manifest, bob, 0, withoutDave);
    expect(refusal(() => verifyCommit(question(members(illegal), { nextManifest: illegal })))).toBe(
      "removal_needs_generation",
    );
    const byEditor = follow(manifest, dave, 0);
    expect(refusal(() => verifyCommit(question(members(byEditor, {}, dave), { nextManifest: byEditor })))).toBe(
      "signer_may_not",
    );
  });

  it("ends what the removed one may write", () => {
    const head = members(removed);
    const late = (writer: Person) =>
      write(
        {
          sequence: 2,
          previousCommitHash: head.hash,
          timeMs: head.timeMs + 1,
          manifestVersion: 1,
          manifestHash: removed.hash,
          g: 1,
        },
        writer,
      );
    const verify = (commit: Commit) =>
      refusal(() => verifyCommit(question(commit, { previous: head, manifest: removed })));
    expect(verify(late(dave))).toBe("writer_may_not");
    expect(verify(late(bob))).toBe("accepted");
    expect(verify(write({ sequence: 2, previousCommitHash: head.hash, timeMs: head.timeMs + 1 }))).toBe("manifest");
  });
});
