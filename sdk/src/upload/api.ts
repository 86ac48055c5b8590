/** The only file of this room that speaks to the server. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import {
  cancelUpload,
  completeUpload,
  createUpload,
  getUpload,
  type Hash,
  type ObjectId,
  postBatch,
  putPart,
} from "@excalibur/core/protocol";
import { ApiError, type Transport } from "../transport/index.ts";

type Options = { readonly signal?: AbortSignal | undefined };

export interface BatchFate {
  readonly stored: boolean;
  readonly code: string | undefined;
}

function abortable(signal: AbortSignal | undefined): { signal: AbortSignal } | Record<never, never> {
  return signal ? { signal } : {};
}

export class UploadApi {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async create(objectId: Uint8Array, ciphertextLength: number, { signal }: Options): Promise<void> {
    const body = { objectId: idOf(objectId), ciphertextLength };
    await this.#transport.call(createUpload, { body, ...abortable(signal) });
  }

  /** Parts the server has of it, as it says. undefined: there is no such unfinished upload. */
  async received(
    objectId: Uint8Array,
    { partCount, signal }: { readonly partCount: number } & Options,
  ): Promise<Set<number> | undefined> {
    try {
      const { received } = await this.#transport.call(getUpload, {
        params: { objectId: idOf(objectId) },
        ...abortable(signal),
      });
      return toSet(received, partCount);
    } catch (error) {
      if (error instanceof ApiError && error.code === "upload_not_found") return undefined;
      throw error;
    }
  }

  /** `leaves`: hashes of the part's segments, for part 0 preceded by the hash of the header. */
  async putPart(
    objectId: Uint8Array,
    {
      part,
      bytes,
      leaves,
      signal,
    }: { readonly part: number; readonly bytes: Uint8Array; readonly leaves: Uint8Array } & Options,
  ): Promise<void> {
    const params = { objectId: idOf(objectId), part };
    await this.#transport.call(putPart, { params, body: bytes, leaves, timeoutMs: 120_000, ...abortable(signal) });
  }

  /** The root of what is durable on the server now. */
  async complete(
    objectId: Uint8Array,
    {
      ciphertextLength,
      treeHash,
      signal,
    }: { readonly ciphertextLength: number; readonly treeHash: Uint8Array } & Options,
  ): Promise<Uint8Array> {
    const { root } = await this.#transport.call(completeUpload, {
      params: { objectId: idOf(objectId) },
      body: { ciphertextLength, treeHash: toBase64Url(treeHash) as Hash },
      timeoutMs: 600_000,
      ...abortable(signal),
    });
    return fromBase64Url(root);
  }

  async cancel(objectId: Uint8Array): Promise<void> {
    await this.#transport.call(cancelUpload, { params: { objectId: idOf(objectId) }, attempts: 1 });
  }

  /** One answer for each object, in order. */
  async batch(
    pieces: readonly Uint8Array[],
    { tableHash, signal }: { readonly tableHash: Uint8Array } & Options,
  ): Promise<BatchFate[]> {
    const options = { body: pieces, leaves: tableHash, timeoutMs: 120_000, ...abortable(signal) };
    const { results } = await this.#transport.call(postBatch, options);
    return results.map(({ status, code }) => ({ stored: status !== "refused", code }));
  }
}

function idOf(objectId: Uint8Array): ObjectId {
  return toBase64Url(objectId) as ObjectId;
}

/** Runs come in order; whatever they say, no part is looked at twice, and none that the file does not have. */
function toSet(runs: readonly (readonly [number, number])[], partCount: number): Set<number> {
  const parts = new Set<number>();
  let next = 0;
  for (const [first, last] of runs) {
    const end = Math.min(last + 1, partCount);
    for (let part = Math.max(first, next); part < end; part++) parts.add(part);
    next = Math.max(next, end);
  }
  return parts;
}
