/** The only file of this room that speaks to the server. */

import { ByteReader, toBase64Url } from "@excalibur/core/bytes";
import { fetchObjects, getObject, getProof, LIMITS, type ObjectId } from "@excalibur/core/protocol";
import {
  GatewayError,
  MissingError,
  type RawReply,
  readBounded,
  type Transport,
  TruncatedReplyError,
} from "../transport/index.ts";
import { ObjectMissingError } from "./errors.ts";

export { withRetry } from "../transport/index.ts";

type Options = { readonly signal?: AbortSignal | undefined };

/** A range lies under at most two paths of the tree over 2^26 leaves. */
const MAX_SIBLINGS = 2 * 26;
const HASH_BYTES = 32;

/** 16 bytes of id and 4 of length for each object in front of the objects. */
const ROW = 20;

function abortable(signal: AbortSignal | undefined): { signal: AbortSignal } | Record<never, never> {
  return signal ? { signal } : {};
}

export class DownloadApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Fills `into` with ciphertext from `start` on. One attempt: the caller tries again from the beginning of the range. */
  async readInto(
    objectId: Uint8Array,
    { start, into, signal }: { readonly start: number; readonly into: Uint8Array } & Options,
  ): Promise<void> {
    const range = { first: start, last: start + into.length - 1 };
    const reply = await this.#missing(() =>
      this.#transport.call(getObject, { params: { objectId: idOf(objectId) }, range, into, ...abortable(signal) }),
    );
    if (!reply.isFilled) await fill(reply, into);
  }

  async proof(
    objectId: Uint8Array,
    { from, to, signal }: { readonly from: number; readonly to: number } & Options,
  ): Promise<Uint8Array> {
    const reply = await this.#missing(() =>
      this.#transport.call(getProof, {
        params: { objectId: idOf(objectId) },
        query: { from, to },
        ...abortable(signal),
      }),
    );
    return await readBounded(reply, 8 + (to - from + MAX_SIBLINGS) * HASH_BYTES);
  }

  /**
   * Whole small objects, one after the other into `into`, and where each begins there. undefined: the server does not have
   * it; null: what it has is of another length than the entry says, so it was not even looked at.
   */
  async objectsInto(
    wanted: readonly { readonly objectId: Uint8Array; readonly ciphertextLength: number }[],
    { into, signal }: { readonly into: Uint8Array } & Options,
  ): Promise<(number | undefined | null)[]> {
    const body = { objectIds: wanted.map(({ objectId }) => idOf(objectId)) };
    const reply = await this.#transport.call(fetchObjects, { body, ...abortable(signal) });
    const pieces = new Pieces(reply);
    try {
      return await readObjects(pieces, { wanted, into });
    } finally {
      await pieces.leave();
    }
  }

  async #missing<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof MissingError) throw new ObjectMissingError({ cause: error });
      throw error;
    }
  }
}

interface Wanted {
  readonly wanted: readonly { readonly ciphertextLength: number }[];
  readonly into: Uint8Array;
}

async function readObjects(pieces: Pieces, { wanted, into }: Wanted): Promise<(number | undefined | null)[]> {
  const rows = new Uint8Array(wanted.length * ROW);
  // One of them may be of another length than its entry says; what goes beyond that is not read at all.
  if (pieces.expectedBytes > rows.length + into.length + LIMITS.batchObjectBytes) {
    throw new GatewayError(200, "far more than any answer holds");
  }
  await pieces.fill(rows);
  const table = new ByteReader(rows, "object table");
  const lengths = wanted.map(() => {
    table.bytes(16);
    return table.u32();
  });
  const places: (number | undefined | null)[] = [];
  let at = 0;
  for (const [index, length] of lengths.entries()) {
    if (length === 0) places.push(undefined);
    else if (length === wanted[index]?.ciphertextLength) {
      await pieces.fill(into.subarray(at, at + length));
      places.push(at);
      at += length;
    } else {
      await pieces.skip(length);
      places.push(null);
    }
  }
  return places;
}

function idOf(objectId: Uint8Array): ObjectId {
  return toBase64Url(objectId) as ObjectId;
}

async function fill(reply: RawReply, into: Uint8Array): Promise<void> {
  let at = 0;
  for await (const piece of reply.body) {
    into.set(piece, at);
    at += piece.length;
  }
}

/** Cuts a reply into pieces of asked lengths. */
class Pieces {
  readonly #source: AsyncIterator<Uint8Array>;
  /** As the answer announces. */
  readonly expectedBytes: number;
  #rest: Uint8Array = new Uint8Array(0);
  #takenBytes = 0;

  constructor({ body, lengthBytes }: RawReply) {
    this.#source = body[Symbol.asyncIterator]();
    this.expectedBytes = lengthBytes;
  }

  async fill(target: Uint8Array): Promise<void> {
    let at = 0;
    for await (const piece of this.#pieces(target.length)) {
      target.set(piece, at);
      at += piece.length;
    }
  }

  /** At the end, whatever happened: the connection is given back when all was read, and closed when there is more. */
  async leave(): Promise<void> {
    const isAll = this.#takenBytes === this.expectedBytes;
    await (isAll ? this.#source.next() : this.#source.return?.());
  }

  async skip(length: number): Promise<void> {
    for await (const _ of this.#pieces(length));
  }

  async *#pieces(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#source.next();
        if (next.done) throw new TruncatedReplyError(this.#takenBytes, this.expectedBytes);
        this.#rest = next.value;
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      this.#takenBytes += piece.length;
      left -= piece.length;
      yield piece;
    }
  }
}
