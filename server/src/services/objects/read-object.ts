import { concatBytes, equalBytes, toBase64Url, uint32 } from "@excalibur/core/bytes";
import { EXEF_KIND, parseExefHeader } from "@excalibur/core/exef/public";
import { LIMITS } from "@excalibur/core/protocol";
import { accessByVolumes } from "../../db/stores/object-references.ts";
import { findObjects, type ObjectRow, uploaderOf } from "../../db/stores/objects.ts";
import { Refusal } from "../../refusal.ts";
import { BlobDamagedError, BlobMissingError } from "../../storage/blob-store.ts";
import { type ByteRange, parseByteRange } from "./byte-range.ts";
import { type ObjectCaller, type ObjectsRoom, requireReadable, writerRoles } from "./objects-room.ts";
import { readStored } from "./read-stored.ts";

export interface ObjectBytes {
  readonly totalBytes: number;
  /** Undefined: the whole object. */
  readonly range: ByteRange | undefined;
  /** A chunk is good until the next one is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Whoever asked may not read it any more: nothing more of it leaves. */
  readonly cut: AbortSignal;
  /** Contents of a file, and not a small picture. */
  readonly isContent: boolean;
}

function isContent({ header }: Pick<ObjectRow, "header">): boolean {
  return parseExefHeader(header).kind === EXEF_KIND.content;
}

export interface ObjectQuestion extends ObjectCaller {
  readonly rangeHeader: string | undefined;
  readonly signal: AbortSignal;
  /** Asked before contents of a file are sent; what it throws is the answer. */
  readonly admit?: () => Promise<void>;
}

/** @throws Refusal `not_found`, `object_gone`, `object_lost`, `range_not_satisfiable` */
export async function getObject(room: ObjectsRoom, caller: ObjectQuestion): Promise<ObjectBytes> {
  const reading = room.readings.begin(caller.userId, () => isReadable(room, caller));
  try {
    const object = await requireReadable(room.database.read, caller);
    const totalBytes = object.ciphertext_length;
    const range = parseByteRange(caller.rangeHeader, totalBytes);
    if (isContent(object)) await caller.admit?.();
    const chunks = readStored(room, object, {
      offset: range?.offset ?? 0,
      length: range?.length ?? totalBytes,
      signal: caller.signal,
      reuseBuffers: true,
    });
    return {
      totalBytes,
      range,
      chunks: reading.through(await begun(chunks)),
      cut: reading.cut,
      isContent: isContent(object),
    };
  } catch (error) {
    reading.drop();
    throw error;
  }
}

async function isReadable({ database }: ObjectsRoom, caller: ObjectCaller): Promise<boolean> {
  try {
    await requireReadable(database.read, caller);
    return true;
  } catch (error) {
    // What was only dropped meanwhile is still theirs to have read.
    if (error instanceof Refusal) return error.code === "object_gone";
    throw error;
  }
}

/** Waits for the first chunk: bytes that are missing or unreadable are then said in words, instead of a cut connection. */
async function begun(chunks: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const begin = iterator.next().catch((error: unknown) => {
    throw isLost(error) ? new Refusal("object_lost", {}, error) : error;
  });
  let first: Promise<IteratorResult<Uint8Array>> | undefined = Promise.resolve(await begin);
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const next = first ?? iterator.next();
        first = undefined;
        return next;
      },
      return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
    }),
  };
}

function isLost(error: unknown): boolean {
  return error instanceof BlobMissingError || error instanceof BlobDamagedError;
}

export interface FetchedObjects {
  readonly sizeBytes: number;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Which contents of files are among them, and where in the answer. */
  readonly contents: readonly { readonly objectId: Uint8Array; readonly totalBytes: number; readonly at: number }[];
}

const rowBytes = 20;

/**
 * Small objects in the order asked: n × (objectId16 ‖ length4), length 0 for one that is not there or not to be seen,
 * then the bytes. One that the disk has lost must not take the others with it: zeros stand for what cannot be read, and
 * whoever asks for that object alone is told. @throws Refusal `body_too_large` when they are more than one answer may hold
 */
export async function fetchObjects(
  room: ObjectsRoom,
  caller: { readonly userId: Uint8Array; readonly objectIds: readonly Uint8Array[]; readonly signal: AbortSignal },
): Promise<FetchedObjects> {
  const { database } = room;
  const { userId, objectIds, signal } = caller;
  const ids = new Map(objectIds.map((id) => [toBase64Url(id), id]));
  const rows = await findObjects(database.read, [...ids.values()]);
  const foreign = rows.filter((row) => !equalBytes(uploaderOf(row), userId)).map((row) => row.object_id);
  const access = await accessByVolumes(database.read, foreign, { userId, writerRoles });
  const readable = new Map<string, ObjectRow>();
  for (const row of rows) {
    if (equalBytes(uploaderOf(row), userId) || access(row.object_id) === "readable") {
      readable.set(toBase64Url(row.object_id), row);
    }
  }
  const wanted = objectIds.map((id) => readable.get(toBase64Url(id)));
  const contentBytes = wanted.reduce((sum, row) => sum + (row?.ciphertext_length ?? 0), 0);
  if (contentBytes > LIMITS.fetchBytes) throw new Refusal("body_too_large");

  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield concatBytes(...objectIds.flatMap((id, index) => [id, uint32(wanted[index]?.ciphertext_length ?? 0)]));
    for (const row of wanted) {
      if (row === undefined) continue;
      const length = row.ciphertext_length;
      yield* withZeros(readStored(room, row, { offset: 0, length, signal, reuseBuffers: true }), length);
    }
  }
  const tableBytes = objectIds.length * rowBytes;
  return { sizeBytes: tableBytes + contentBytes, chunks: chunks(), contents: contentsOf(wanted, tableBytes) };
}

function contentsOf(wanted: readonly (ObjectRow | undefined)[], tableBytes: number): FetchedObjects["contents"] {
  let at = tableBytes;
  return wanted.flatMap((row) => {
    if (row === undefined) return [];
    const [objectId, totalBytes, start] = [row.object_id, row.ciphertext_length, at];
    at += totalBytes;
    return isContent(row) ? [{ objectId, totalBytes, at: start }] : [];
  });
}

/** Exactly so many bytes: what the disk has lost is filled up. */
async function* withZeros(chunks: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let sent = 0;
  try {
    for await (const chunk of chunks) {
      yield chunk;
      sent += chunk.length;
    }
  } catch (error) {
    if (!isLost(error)) throw error;
    yield new Uint8Array(length - sent);
  }
}
