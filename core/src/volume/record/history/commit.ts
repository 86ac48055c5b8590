import {
  ByteReader,
  type Bytes,
  ByteWriter,
  concatBytes,
  FormatError,
  isAllZero,
  readUint,
  UnsupportedError,
  writeUint,
} from "../../../bytes/index.ts";
import { signLabelled } from "../../../labels/index.ts";
import { SIGNATURE_LENGTH, sha256 } from "../../../primitives/index.ts";
import { LIMITS } from "../../../protocol/index.ts";
import type { HistoryPosition } from "../errors.ts";
import { type RecordList, type RecordShape, readRecordList, writeField, writeRecordList } from "../record-list.ts";
import { requirePageRange } from "../state/page-range.ts";
import type { PageRef } from "../state/page-tree.ts";

const MAGIC = "EXL3";
const COUNTER_LIMIT = 2 ** 48;

export const COMMIT_KINDS = { ordinary: 0, genesis: 1, members: 2, rejoin: 3 } as const;
export type CommitKind = (typeof COMMIT_KINDS)[keyof typeof COMMIT_KINDS];

/** How many entries begin (added) or cease (dropped) to list an object. */
export interface ObjectCount {
  readonly objectId: Uint8Array;
  readonly count: number;
}

/** A signed step of a volume's history (cryptography.md §5, docs/spec/volumes.md §5). */
export interface CommitFields {
  readonly volumeId: Uint8Array;
  readonly sequence: number;
  readonly kind: CommitKind;
  /** SHA-256 of the commit before, zero for genesis. */
  readonly previousCommitHash: Uint8Array;
  readonly timeMs: number;
  readonly manifestVersion: number;
  readonly manifestHash: Uint8Array;
  readonly g: number;
  readonly writerFingerprint: Uint8Array;
  /** Of the state after this commit. */
  readonly stateRoot: Uint8Array;
  /** Commits that a rejoin leaves behind; empty for every other kind. */
  readonly abandoned: Iterable<HistoryPosition>;
  readonly changes: Iterable<PageRef>;
  readonly added: Iterable<ObjectCount>;
  readonly dropped: Iterable<ObjectCount>;
}

/** A commit that follows its format. Its place in the history is proven by `verifyCommit` and its siblings. */
export interface Commit extends CommitFields {
  readonly abandoned: RecordList<HistoryPosition>;
  readonly changes: RecordList<PageRef>;
  readonly added: RecordList<ObjectCount>;
  readonly dropped: RecordList<ObjectCount>;
  readonly bytes: Uint8Array;
  /** SHA-256 of all bytes, the signature included. */
  readonly hash: Bytes;
  /** What the signature covers. */
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

const ABANDONED: RecordShape<HistoryPosition> = {
  sizeBytes: 40,
  sortedBytes: 40,
  read: (item) => {
    const reader = new ByteReader(item);
    return { sequence: reader.u64(), hash: reader.bytes(32) };
  },
  write: ({ sequence, hash }, target, offset) => {
    writeUint(target, offset, 8, sequence);
    writeField(target, offset + 8, hash, 32);
  },
  check: (bytes, offset) => demand(readUint(bytes, offset, 8) < COUNTER_LIMIT, "has an impossible sequence"),
};

const CHANGE: RecordShape<PageRef> = {
  sizeBytes: 59,
  sortedBytes: 19,
  read: (item) => {
    const reader = new ByteReader(item);
    return {
      nodeId: reader.bytes(16),
      bitsLength: reader.u8(),
      bits: reader.u16(),
      version: reader.u64(),
      recordHash: reader.bytes(32),
    };
  },
  write: (page, target, offset) => {
    writeField(target, offset, page.nodeId, 16);
    writeUint(target, offset + 16, 1, page.bitsLength);
    writeUint(target, offset + 17, 2, page.bits);
    writeUint(target, offset + 19, 8, page.version);
    writeField(target, offset + 27, page.recordHash, 32);
  },
  check: (bytes, offset) => {
    requirePageRange({ bitsLength: bytes[offset + 16] as number, bits: readUint(bytes, offset + 17, 2) });
    const version = readUint(bytes, offset + 19, 8);
    demand(version < COUNTER_LIMIT, "has an impossible page version");
    // Version 0 and a zero hash mean "gone"; one without the other means nothing.
    const hash = bytes.subarray(offset + 27, offset + 59);
    demand((version === 0) === isAllZero(hash), "changes a page in a way that means nothing");
  },
};

const OBJECT_COUNT: RecordShape<ObjectCount> = {
  sizeBytes: 18,
  sortedBytes: 16,
  read: (item) => ({ objectId: item.subarray(0, 16), count: ((item[16] as number) << 8) | (item[17] as number) }),
  write: ({ objectId, count }, target, offset) => {
    writeField(target, offset, objectId, 16);
    writeUint(target, offset + 16, 2, count);
  },
  check: (bytes, offset) => {
    demand(bytes[offset + 16] !== 0 || bytes[offset + 17] !== 0, "lists an object no times");
  },
};

/** Makes and signs a commit; its lists may come in any order. Throws FormatError if it would not follow the format. */
export function signCommit(fields: CommitFields, signatureSeed: Uint8Array): Bytes {
  const writer = new ByteWriter(1024)
    .text(MAGIC)
    .bytes(sized(fields.volumeId, 16))
    .u64(fields.sequence)
    .u8(fields.kind)
    .bytes(sized(fields.previousCommitHash, 32))
    .u64(fields.timeMs)
    .u32(fields.manifestVersion)
    .bytes(sized(fields.manifestHash, 32))
    .u32(fields.g)
    .bytes(sized(fields.writerFingerprint, 32))
    .bytes(sized(fields.stateRoot, 32));
  const lists = [
    writeRecordList(fields.abandoned, ABANDONED),
    writeRecordList(fields.changes, CHANGE),
    writeRecordList(fields.added, OBJECT_COUNT),
    writeRecordList(fields.dropped, OBJECT_COUNT),
  ];
  for (const list of lists) writer.u32(list.count).bytes(list.bytes);
  const body = writer.finish();
  const bytes = concatBytes(body, signLabelled("commit", signatureSeed, body));
  decodeCommit(bytes);
  return bytes;
}

/** Reads a commit and checks its form. Throws FormatError, or UnsupportedError for a kind of commit not known here. */
export function decodeCommit(bytes: Uint8Array): Commit {
  const reader = new ByteReader(bytes, "commit");
  reader.expectAscii(MAGIC);
  const volumeId = reader.bytes(16);
  const sequence = reader.u64();
  const kind = reader.u8();
  if (!isCommitKind(kind)) {
    throw new UnsupportedError(`The volume holds a commit of kind ${kind}. Update Excalibur to read on.`);
  }
  const commit: Commit = {
    volumeId,
    sequence,
    kind,
    previousCommitHash: reader.bytes(32),
    timeMs: reader.u64(),
    manifestVersion: reader.u32(),
    manifestHash: reader.bytes(32),
    g: reader.u32(),
    writerFingerprint: reader.bytes(32),
    stateRoot: reader.bytes(32),
    abandoned: readRecordList(reader, ABANDONED),
    changes: readRecordList(reader, CHANGE),
    added: readRecordList(reader, OBJECT_COUNT),
    dropped: readRecordList(reader, OBJECT_COUNT),
    signature: reader.bytes(SIGNATURE_LENGTH),
    signedBytes: bytes.subarray(0, bytes.length - SIGNATURE_LENGTH),
    bytes,
    hash: sha256(bytes),
  };
  reader.finish();
  requireForm(commit);
  return commit;
}

function isCommitKind(kind: number): kind is CommitKind {
  return kind <= COMMIT_KINDS.rejoin;
}

function requireForm(commit: Commit): void {
  demand(commit.sequence < COUNTER_LIMIT, "has an impossible sequence");
  demand(
    commit.kind === COMMIT_KINDS.rejoin || commit.abandoned.length === 0,
    "abandons others without being a rejoin",
  );
  demand(commit.changes.length <= LIMITS.commitPages, "changes too many pages");
  demand(commit.added.length + commit.dropped.length <= LIMITS.commitObjects, "names too many objects");
  demand(commit.added.isDisjoint(commit.dropped), "adds and drops one object");
}

function demand(condition: boolean, what: string): void {
  if (!condition) throw new FormatError(`The commit ${what}.`);
}

function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new FormatError(`A field of the commit has ${bytes.length} bytes, not ${length}.`);
  return bytes;
}
