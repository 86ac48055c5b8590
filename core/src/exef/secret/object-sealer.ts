import { type Bytes, concatBytes, FormatError, writeUint } from "../../bytes/index.ts";
import { type MaybePromise, randomBytes } from "../../primitives/index.ts";
import {
  type ByteRange,
  ciphertextLength,
  EXEF_HASH_LENGTH,
  EXEF_HEADER_SIZE,
  EXEF_LENGTH_PREFIX_SIZE,
  EXEF_PAYLOAD_SIZE,
  type ExefKind,
  encodeExefPrelude,
  type Leaves,
  leafHashBulk,
  merkleTreeHash,
  objectRoot,
  paddedPlaintextLength,
  partCount,
  partRange,
  segmentCount,
  segmentRange,
} from "../public/index.ts";
import { demandStrongKey, EXEF_FLOE, objectAad } from "./binding.ts";
import { SourceChangedError } from "./errors.ts";
import { FLOE_IV_LENGTH, Floe } from "./floe.ts";

/** Everything that fixes an object's ciphertext but the random IVs of its segments. Plain data: it may cross threads. */
export interface ObjectSealerOptions {
  readonly fileKey: Uint8Array;
  readonly kind: ExefKind;
  /** 16 random bytes, new for every object; the same again to go on with one. */
  readonly objectId: Uint8Array;
  /** Length of the data in bytes, known before the first byte is sealed. */
  readonly size: number;
  readonly context?: Uint8Array;
  /** FLOE's 32-byte IV: left out for a new object, given to go on with one. */
  readonly iv?: Uint8Array;
}

export interface SealedPart {
  /** The part as it is sent, header in front of part 0. A view into `into`, if that was given. */
  readonly bytes: Uint8Array;
  /** Leaf hashes of its segments, 32 bytes each, one after the other. */
  readonly leaves: Bytes;
}

// What pure padding seals. Shared and never written.
const ZEROS = new Uint8Array(EXEF_PAYLOAD_SIZE);

/**
 * Seals an object part by part, in any order, and any part again (a lost part gets fresh segment IVs, so other bytes
 * and leaves; the last ones sent count). Holds no data between calls.
 */
export class ObjectSealer {
  /** The 106 bytes in front of the segments. */
  readonly header: Bytes;
  /** Keep it with the key to go on after a restart. */
  readonly iv: Bytes;
  readonly size: number;
  readonly ctLength: number;
  readonly segmentCount: number;
  readonly partCount: number;
  readonly #floe: Floe;
  readonly #paddedLength: number;

  constructor(options: ObjectSealerOptions) {
    demandStrongKey(options.fileKey);
    this.size = options.size;
    this.#paddedLength = paddedPlaintextLength(options.size);
    this.ctLength = ciphertextLength(options.size);
    this.segmentCount = segmentCount(this.ctLength);
    this.partCount = partCount(this.ctLength);
    this.iv = options.iv === undefined ? randomBytes(FLOE_IV_LENGTH) : new Uint8Array(options.iv);
    const prelude = encodeExefPrelude(options);
    const aad = objectAad(prelude, options.context);
    this.#floe = Floe.start({ parameters: EXEF_FLOE, key: options.fileKey, aad }, this.iv);
    this.header = concatBytes(prelude, this.#floe.header);
  }

  /** The bytes of the data that `sealPart` wants for part `index`. Empty for parts that are padding only. */
  plaintextRangeOfPart(index: number): ByteRange {
    const { firstSegment, endSegment } = partRange(this.ctLength, index);
    return {
      start: this.#dataOffset(firstSegment * EXEF_PAYLOAD_SIZE),
      end: this.#dataOffset(endSegment * EXEF_PAYLOAD_SIZE),
    };
  }

  /** Length of the part as it is sent: what `into` must hold at least. */
  partLength(index: number): number {
    const { start, end } = partRange(this.ctLength, index);
    return end - start;
  }

  /**
   * Seals part `index` from exactly the bytes of `plaintextRangeOfPart(index)`; another length is SourceChangedError.
   * `into` receives the part, so that a caller can use one buffer for all.
   */
  async sealPart(index: number, plaintext: Uint8Array, into?: Uint8Array): Promise<SealedPart> {
    const part = partRange(this.ctLength, index);
    const data = this.plaintextRangeOfPart(index);
    if (plaintext.length !== data.end - data.start) throw new SourceChangedError(this.size);
    const length = part.end - part.start;
    if (into !== undefined && into.length < length)
      throw new FormatError(`The buffer is smaller than ${length} bytes.`);
    const bytes = into === undefined ? new Uint8Array(length) : into.subarray(0, length);
    if (index === 0) bytes.set(this.header);

    const leaves = new Uint8Array((part.endSegment - part.firstSegment) * EXEF_HASH_LENGTH);
    const pending: Promise<void>[] = [];
    for (let segment = part.firstSegment; segment < part.endSegment; segment++) {
      const range = segmentRange(this.ctLength, segment);
      const out = bytes.subarray(range.start - part.start, range.end - part.start);
      const payload = this.#payload(segment, plaintext, data.start);
      const at = (segment - part.firstSegment) * EXEF_HASH_LENGTH;
      const sealed = this.#sealSegment(segment, payload, out);
      // Browsers work on the whole part at once, in threads of their own; on Node nothing is ever pending.
      if (sealed instanceof Promise) pending.push(sealed.then((leaf) => leaves.set(leaf, at)));
      else leaves.set(sealed, at);
    }
    await Promise.all(pending);
    return { bytes, leaves };
  }

  /** The root to put into the entry, from the leaves of all segments. */
  root(leaves: Leaves): Bytes {
    return objectRoot({ header: this.header, ciphertextLength: this.ctLength, treeHash: merkleTreeHash(leaves) });
  }

  #sealSegment(segment: number, payload: Uint8Array, out: Uint8Array): MaybePromise<Bytes> {
    const isFinal = segment === this.segmentCount - 1;
    const sealed = this.#floe.sealSegmentInto({ index: segment, isFinal }, payload, out);
    return sealed instanceof Promise ? sealed.then(() => leafHashBulk(out)) : leafHashBulk(out);
  }

  // The payload of one segment: a view of the data wherever it is data only, else a copy with length or padding.
  #payload(segment: number, plaintext: Uint8Array, plaintextStart: number): Uint8Array {
    const start = segment * EXEF_PAYLOAD_SIZE;
    const end = Math.min(start + EXEF_PAYLOAD_SIZE, this.#paddedLength);
    const dataStart = this.#dataOffset(start);
    const dataEnd = this.#dataOffset(end);
    const data = plaintext.subarray(dataStart - plaintextStart, dataEnd - plaintextStart);
    if (data.length === end - start) return data;
    if (segment > 0 && data.length === 0) return ZEROS.subarray(0, end - start);
    const payload = new Uint8Array(end - start);
    if (segment === 0) writeUint(payload, 0, 8, this.size);
    payload.set(data, segment === 0 ? EXEF_LENGTH_PREFIX_SIZE : 0);
    return payload;
  }

  // From an offset in the padded stream to one in the data.
  #dataOffset(streamOffset: number): number {
    return Math.min(Math.max(0, streamOffset - EXEF_LENGTH_PREFIX_SIZE), this.size);
  }
}

/** Length of the largest part, header included: a buffer of this size holds any. */
export function partBufferSize(sealer: ObjectSealer): number {
  return Math.max(sealer.partLength(0), sealer.partCount > 1 ? sealer.partLength(1) : 0, EXEF_HEADER_SIZE);
}
