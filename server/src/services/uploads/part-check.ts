import { ExcaliburError, equalBytes } from "@excalibur/core/bytes";
import {
  createLeafHash,
  EXEF_HASH_LENGTH,
  EXEF_HEADER_SIZE,
  EXEF_KIND,
  EXEF_SEGMENT_SIZE,
  type PartRange,
  parseExefHeader,
} from "@excalibur/core/exef/public";
import { sha256 } from "@excalibur/core/primitives";
import { Refusal } from "../../refusal.ts";

type LeafHash = ReturnType<typeof createLeafHash>;

export interface PartClaim {
  readonly range: PartRange;
  readonly objectId: Uint8Array;
  /** As signed in `excalibur-leaves`: for part 0 SHA-256(header106), then the leaf of each segment. */
  readonly signedLeaves: Uint8Array;
}

/**
 * Checks a part while it arrives: every segment against its signed leaf, and the header of part 0. A segment is judged
 * when its last byte is there, so wrong bytes cost at most 256 KiB of reading.
 */
export class PartCheck {
  /** What is kept: the leaves alone. */
  readonly leaves: Uint8Array;
  readonly #range: PartRange;
  readonly #objectId: Uint8Array;
  readonly #headerHash: Uint8Array | undefined;
  readonly #header: Uint8Array | undefined;
  #headerLength = 0;
  #segment = 0;
  #segmentLength = 0;
  #hash: LeafHash | undefined;

  /** @throws Refusal `leaves_mismatch` when the number of hashes is not the part's. */
  constructor({ range, objectId, signedLeaves }: PartClaim) {
    const isFirst = range.firstSegment === 0;
    const skip = isFirst ? EXEF_HASH_LENGTH : 0;
    if (signedLeaves.length !== skip + (range.endSegment - range.firstSegment) * EXEF_HASH_LENGTH) {
      throw new Refusal("leaves_mismatch", { reason: "count" });
    }
    this.#range = range;
    this.#objectId = objectId;
    this.#headerHash = isFirst ? signedLeaves.slice(0, skip) : undefined;
    this.#header = isFirst ? new Uint8Array(EXEF_HEADER_SIZE) : undefined;
    this.leaves = signedLeaves.slice(skip);
  }

  /** The 106 bytes, once they arrived; part 0 only. */
  get header(): Uint8Array | undefined {
    return this.#headerLength === EXEF_HEADER_SIZE ? this.#header : undefined;
  }

  /** Whether these are the header bytes that part 0 was signed with. */
  expectsHeader(header: Uint8Array): boolean {
    return this.#headerHash !== undefined && equalBytes(sha256(header), this.#headerHash);
  }

  /** @throws Refusal `leaves_mismatch`, or `record_invalid` for a header that no upload may have. */
  update(chunk: Uint8Array): void {
    let rest = this.#takeHeader(chunk);
    while (rest.length > 0) {
      const wanted = this.#segmentEnd() - this.#segmentLength;
      if (wanted <= 0) throw new Refusal("leaves_mismatch", { reason: "length" });
      const piece = rest.subarray(0, wanted);
      this.#hash ??= createLeafHash();
      this.#hash.update(piece);
      this.#segmentLength += piece.length;
      rest = rest.subarray(piece.length);
      if (piece.length === wanted) this.#endSegment();
    }
  }

  /** After the last byte. */
  finish(): void {
    const segments = this.#range.endSegment - this.#range.firstSegment;
    if (this.#segment !== segments) throw new Refusal("leaves_mismatch", { reason: "length" });
  }

  /** Length of the current segment: 256 KiB, less for the object's last; 0 behind the last one of the part. */
  #segmentEnd(): number {
    const { start, end, firstSegment, endSegment } = this.#range;
    if (this.#segment >= endSegment - firstSegment) return 0;
    const first = start + (this.#header === undefined ? 0 : EXEF_HEADER_SIZE);
    return Math.min(EXEF_SEGMENT_SIZE, end - first - this.#segment * EXEF_SEGMENT_SIZE);
  }

  #endSegment(): void {
    const leaf = this.leaves.subarray(this.#segment * EXEF_HASH_LENGTH, (this.#segment + 1) * EXEF_HASH_LENGTH);
    const hash = this.#hash?.digest();
    if (hash === undefined || !equalBytes(hash, leaf)) throw new Refusal("leaves_mismatch", { reason: "leaf" });
    this.#hash = undefined;
    this.#segment += 1;
    this.#segmentLength = 0;
  }

  #takeHeader(chunk: Uint8Array): Uint8Array {
    const header = this.#header;
    if (header === undefined || this.#headerLength === header.length) return chunk;
    const piece = chunk.subarray(0, header.length - this.#headerLength);
    header.set(piece, this.#headerLength);
    this.#headerLength += piece.length;
    if (this.#headerLength === header.length) this.#checkHeader(header);
    return chunk.subarray(piece.length);
  }

  #checkHeader(header: Uint8Array): void {
    if (!this.expectsHeader(header)) throw new Refusal("leaves_mismatch", { reason: "header" });
    requireUploadableHeader(header, this.#objectId);
  }
}

/** What the server asks of an object's header. @throws Refusal `record_invalid` */
export function requireUploadableHeader(bytes: Uint8Array, objectId: Uint8Array): void {
  let kind: number;
  let namedId: Uint8Array;
  try {
    ({ kind, objectId: namedId } = parseExefHeader(bytes));
  } catch (error) {
    if (error instanceof ExcaliburError) throw new Refusal("record_invalid", { reason: "header" }, error);
    throw error;
  }
  if (!equalBytes(namedId, objectId)) throw new Refusal("record_invalid", { reason: "object_id" });
  // spec/exef.md §2: a client's own cache records never leave the device.
  if (kind === EXEF_KIND.cacheRecord) throw new Refusal("record_invalid", { reason: "kind" });
}
