/** Commits: form and signature (spec/volumes.md §5). What may follow what is in history.ts. */

import { ascii, type Bytes, be, concat, equal, growsStrictly, hex, isZero, Reader } from "../foundations/bytes.ts";
import { demandSignature, sign } from "../foundations/ed25519.ts";
import { sha256 } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import type { SignatureKeys } from "./manifest.ts";
import { checkPlace } from "./page-place.ts";
import type { PageState } from "./state-tree.ts";

export const COMMIT = { ordinary: 0, genesis: 1, members: 2, rejoin: 3 } as const;
const MAX_COUNTER = 2 ** 48;

export interface AbandonedCommit {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** version 0 and a zero hash: gone. */
export type Change = PageState;

export interface ObjectCount {
  readonly objectId: Uint8Array;
  readonly count: number;
}

export interface CommitFields {
  readonly volumeId: Uint8Array;
  readonly sequence: number;
  readonly kind: number;
  readonly previousCommitHash: Uint8Array;
  readonly timeMs: number;
  readonly manifestVersion: number;
  readonly manifestHash: Uint8Array;
  readonly g: number;
  readonly writerFingerprint: Uint8Array;
  readonly stateRoot: Uint8Array;
  readonly abandoned: readonly AbandonedCommit[];
  readonly changes: readonly Change[];
  readonly added: readonly ObjectCount[];
  readonly dropped: readonly ObjectCount[];
}

export interface Commit extends CommitFields {
  readonly bytes: Bytes;
  readonly signedLength: number;
  readonly signature: Bytes;
  readonly hash: Bytes;
}

function list(items: readonly Bytes[]): Bytes {
  return concat(be(4, items.length), ...items);
}

function changeKey(change: Change): Bytes {
  return concat(change.nodeId, be(1, change.bitsLength), be(2, change.bits));
}

export function encodeCommit(fields: CommitFields, writerSeed: Uint8Array): Bytes {
  const counts = (objects: readonly ObjectCount[]) =>
    list(objects.map((object) => concat(object.objectId, be(2, object.count))));
  const body = concat(
    ascii("EXL3"),
    fields.volumeId,
    be(8, fields.sequence),
    be(1, fields.kind),
    fields.previousCommitHash,
    be(8, fields.timeMs),
    be(4, fields.manifestVersion),
    fields.manifestHash,
    be(4, fields.g),
    fields.writerFingerprint,
    fields.stateRoot,
    list(fields.abandoned.map((item) => concat(be(8, item.sequence), item.hash))),
    list(fields.changes.map((change) => concat(changeKey(change), be(8, change.version), change.recordHash))),
    counts(fields.added),
    counts(fields.dropped),
  );
  return concat(body, sign("commit", writerSeed, body));
}

export function readCommit(bytes: Uint8Array): Commit {
  const reader = new Reader(bytes);
  demand(equal(reader.take(4), ascii("EXL3")), "malformed", "Not a commit.");
  const readCount = (item: Reader): ObjectCount => ({ objectId: item.take(16), count: item.uint(2) });
  const fields: CommitFields = {
    volumeId: reader.take(16),
    sequence: reader.uint(8),
    kind: reader.uint(1),
    previousCommitHash: reader.take(32),
    timeMs: reader.uint(8),
    manifestVersion: reader.uint(4),
    manifestHash: reader.take(32),
    g: reader.uint(4),
    writerFingerprint: reader.take(32),
    stateRoot: reader.take(32),
    abandoned: reader.list(40, (item) => ({ sequence: item.uint(8), hash: item.take(32) })),
    changes: reader.list(59, (item) => ({
      nodeId: item.take(16),
      bitsLength: item.uint(1),
      bits: item.uint(2),
      version: item.uint(8),
      recordHash: item.take(32),
    })),
    added: reader.list(18, readCount),
    dropped: reader.list(18, readCount),
  };
  const signedLength = reader.offset;
  const signature = reader.take(64);
  reader.end();
  checkForm(fields);
  return { ...fields, bytes: new Uint8Array(bytes), signedLength, signature, hash: sha256(bytes) };
}

function checkForm(commit: CommitFields): void {
  demand(commit.kind <= COMMIT.rejoin, "unsupported", "An unknown kind of commit.");
  demand(commit.sequence < MAX_COUNTER, "malformed", "The sequence is out of range.");
  const abandoned = commit.abandoned.map((item) => concat(be(8, item.sequence), item.hash));
  demand(growsStrictly(abandoned), "malformed", "Abandoned commits are not sorted.");
  demand(abandoned.length === 0 || commit.kind === COMMIT.rejoin, "malformed", "Only a rejoin abandons commits.");
  demand(growsStrictly(commit.changes.map(changeKey)), "malformed", "Changes are not sorted, or one is there twice.");
  for (const change of commit.changes) {
    checkPlace(change);
    demand(change.version < MAX_COUNTER, "malformed", "A page's version is out of range.");
    const gone = change.version === 0;
    demand(gone === isZero(change.recordHash), "malformed", "Version 0 and a zero hash belong together.");
  }
  for (const objects of [commit.added, commit.dropped]) {
    demand(growsStrictly(objects.map((object) => object.objectId)), "malformed", "Objects are not sorted.");
    demand(
      objects.every((object) => object.count >= 1),
      "malformed",
      "A count of zero.",
    );
  }
  const dropped = new Set(commit.dropped.map((object) => hex(object.objectId)));
  const both = commit.added.some((object) => dropped.has(hex(object.objectId)));
  demand(!both, "malformed", "An object is added and dropped at once.");
}

export function checkCommitSignature(commit: Commit, keys: SignatureKeys): void {
  const key = keys.get(hex(commit.writerFingerprint));
  demand(key !== undefined, "signature", "The writer's key is not known.");
  demandSignature("commit", key, commit.bytes.subarray(0, commit.signedLength), commit.signature);
}
