/** The only file of this room that speaks to the server. */

import { ByteReader, toBase64Url } from "@excalibur/core/bytes";
import { fetchObjects, getObject, getProof, type ObjectId } from "@excalibur/core/protocol";
import { MissingError, type RawReply, readBounded, type Transport, TruncatedReplyError } from "../transport/index.ts";
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
   * Whole small objects in the order of the ids. undefined: the server does not have it; null: what it has is of another
   * length than the entry says, so it was not even looked at.
   */
  async objects(
    wanted: readonly { readonly objectId: Uint8Array; readonly ciphertextLength: number }[],
    { signal }: Options,
  ): Promise<(Uint8Array | undefined | null)[]> {
    const body = { objectIds: wanted.map(({ objectId }) => idOf(objectId)) };
    const reply = await this.#transport.call(fetchObjects, { body, ...abortable(signal) });
    const pieces = new Pieces(reply);
    const table = new ByteReader(await pieces.take(wanted.length * ROW), "object table");
    const lengths = wanted.map(() => {
      table.bytes(16);
      return table.u32();
    });
    const objects: (Uint8Array | undefined | null)[] = [];
    for (const [index, length] of lengths.entries()) {
      if (length === 0) objects.push(undefined);
      else if (length === wanted[index]?.ciphertextLength) objects.push(await pieces.take(length));
      else {
        await pieces.skip(length);
        objects.push(null);
      }
    }
    return objects;
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
  readonly #expectedBytes: number;
  #rest: Uint8Array = new Uint8Array(0);
  #takenBytes = 0;

  constructor({ body, lengthBytes }: RawReply) {
    this.#source = body[Symbol.asyncIterator]();
    this.#expectedBytes = lengthBytes;
  }

  async take(length: number): Promise<Uint8Array> {
    // Nothing is allocated for a length that the reply cannot hold.
    if (length > this.#expectedBytes - this.#takenBytes)
      throw new TruncatedReplyError(this.#expectedBytes, this.#takenBytes + length);
    const whole = new Uint8Array(length);
    let at = 0;
    for await (const piece of this.#pieces(length)) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  async skip(length: number): Promise<void> {
    for await (const _ of this.#pieces(length));
  }

  async *#pieces(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#source.next();
        if (next.done) throw new TruncatedReplyError(this.#takenBytes, this.#expectedBytes);
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
