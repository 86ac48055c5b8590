import { type Bytes, equalBytes, FormatError, isAllZero, readUint } from "../../bytes/index.ts";
import type { MaybePromise } from "../../primitives/index.ts";
import {
  type ByteRange,
  ciphertextLength,
  EXEF_LENGTH_PREFIX_SIZE,
  EXEF_MAX_REAL_LENGTH,
  EXEF_PAYLOAD_SIZE,
  EXEF_SEGMENT_OVERHEAD,
  type ExefHeader,
  type ExefKind,
  type Leaves,
  leafAt,
  leafCount,
  leafHashBulk,
  merkleTreeHash,
  objectRoot,
  paddedLengthOf,
  paddedPlaintextLength,
  parseExefHeader,
  segmentCount,
  segmentRange,
  verifyRange,
} from "../public/index.ts";
import { demandStrongKey, EXEF_FLOE, objectAad } from "./binding.ts";
import { ExcessBytesError, ObjectMismatchError, PaddingError, SegmentAuthError, TruncatedError } from "./errors.ts";
import { Floe } from "./floe.ts";

export interface ObjectOpenerOptions {
  readonly fileKey: Uint8Array;
  readonly kind: ExefKind;
  /** Left out only where nobody knows it. */
  readonly objectId?: Uint8Array;
  readonly context?: Uint8Array;
  /** At least the first 106 bytes of the object. */
  readonly header: Uint8Array;
  /** Length of the whole object. Which segment is the last follows from it, never from the stream. */
  readonly ctLength: number;
  /** Length of the data, if an entry states it; otherwise segment 0 has to be opened first. */
  readonly size?: number;
  /** The root an entry states. With it, no segment is released before its leaf is proven to belong to the root. */
  readonly root?: Uint8Array;
}

/** Opens segments of an object in any order, each verified before a byte of it is released. */
export class ObjectOpener {
  readonly header: ExefHeader;
  readonly ctLength: number;
  readonly segmentCount: number;
  readonly #floe: Floe;
  readonly #paddedLength: number;
  readonly #root: Uint8Array | undefined;
  readonly #trustedLeaves = new Map<number, Uint8Array>();
  #allLeaves: Leaves | undefined;
  #size: number | undefined;

  constructor(options: ObjectOpenerOptions) {
    this.header = parseExefHeader(options.header);
    // Before anything is made of the length: a cut object is not malformed, it is not the one the entry names.
    if (options.size !== undefined && ciphertextLength(options.size) !== options.ctLength) {
      throw new ObjectMismatchError("length");
    }
    this.ctLength = options.ctLength;
    this.segmentCount = segmentCount(options.ctLength);
    this.#paddedLength = paddedLengthOf(options.ctLength);
    this.#root = options.root;
    if (this.header.kind !== options.kind) throw new ObjectMismatchError("kind");
    if (options.objectId !== undefined && !equalBytes(this.header.objectId, options.objectId)) {
      throw new ObjectMismatchError("objectId");
    }
    this.#size = options.size;
    demandStrongKey(options.fileKey);
    const aad = objectAad(this.header.prelude, options.context);
    this.#floe = Floe.open({ parameters: EXEF_FLOE, key: options.fileKey, aad }, this.header.floeHeader);
  }

  /** Length of the data: stated by the entry, or read from segment 0 once that was opened. */
  get size(): number | undefined {
    return this.#size;
  }

  /** Takes the leaves of all segments, after checking that they lead to the root. */
  acceptLeaves(leaves: Leaves): void {
    const treeHash = leafCount(leaves) === this.segmentCount ? merkleTreeHash(leaves) : undefined;
    if (treeHash === undefined || !equalBytes(this.#rootOver(treeHash), this.#demandRoot())) {
      throw new ObjectMismatchError("root");
    }
    this.#allLeaves = leaves instanceof Uint8Array ? new Uint8Array(leaves) : leaves;
  }

  /** Takes the leaves of segments from … to - 1 out of a range proof. Throws if it does not lead to the root. */
  acceptProof({ proof, from, to }: { readonly proof: Uint8Array; readonly from: number; readonly to: number }): void {
    const header = this.header.headerBytes;
    const root = this.#demandRoot();
    const leaves = verifyRange({ proof, from, to, header, ciphertextLength: this.ctLength, root });
    for (const [i, leaf] of leaves.entries()) this.#trustedLeaves.set(from + i, leaf);
  }

  /** Whether segment `index` can be opened now, or its leaf has to be proven first. */
  hasLeaf(index: number): boolean {
    return this.#root === undefined || this.#allLeaves !== undefined || this.#trustedLeaves.has(index);
  }

  /** Drops proven leaves that will not be needed again, so that reading for hours does not gather them. */
  forgetLeaves(from: number, to: number): void {
    for (let i = from; i < to; i++) this.#trustedLeaves.delete(i);
  }

  /** Bytes of the data that segment `index` carries. Empty where it is padding only. */
  dataRangeOfSegment(index: number): ByteRange {
    const size = this.#demandSize();
    const offset = (streamOffset: number) => Math.min(Math.max(0, streamOffset - EXEF_LENGTH_PREFIX_SIZE), size);
    return { start: offset(index * EXEF_PAYLOAD_SIZE), end: offset((index + 1) * EXEF_PAYLOAD_SIZE) };
  }

  /**
   * The data in segment `index`, verified: marker, leaf (if there is a root), tag, length and padding. `into`, if
   * given, holds at least 262 112 bytes and the result is a view of it. Throws SegmentAuthError, TruncatedError,
   * ExcessBytesError or PaddingError, and then releases nothing.
   */
  openSegment(index: number, segment: Uint8Array, into?: Uint8Array): MaybePromise<Uint8Array> {
    const range = segmentRange(this.ctLength, index);
    if (segment.length < range.end - range.start) throw new TruncatedError(index);
    if (segment.length > range.end - range.start) throw new ExcessBytesError();
    const payloadLength = segment.length - EXEF_SEGMENT_OVERHEAD;
    if (into !== undefined && into.length < payloadLength) {
      throw new FormatError(`The buffer is smaller than ${payloadLength} bytes.`);
    }
    const payload = into === undefined ? new Uint8Array(payloadLength) : into.subarray(0, payloadLength);
    const expected = this.#expectedLeaf(index);
    const leaf = expected === undefined ? undefined : leafHashBulk(segment);
    if (leaf instanceof Promise) {
      return leaf.then((actual) => this.#openAfterLeaf({ index, segment, payload, actual, expected }));
    }
    return this.#openAfterLeaf({ index, segment, payload, actual: leaf, expected });
  }

  #openAfterLeaf({ index, segment, payload, actual, expected }: SegmentInHand): MaybePromise<Uint8Array> {
    if (expected !== undefined && (actual === undefined || !equalBytes(actual, expected))) {
      throw new SegmentAuthError(index);
    }
    const isFinal = index === this.segmentCount - 1;
    const opened = this.#floe.openSegmentInto({ index, isFinal }, segment, payload);
    return opened instanceof Promise ? opened.then(() => this.#data(index, payload)) : this.#data(index, payload);
  }

  // spec/exef.md §4: the reader checks what it sees, the length in segment 0 and zeros after the data.
  #data(index: number, payload: Uint8Array): Uint8Array {
    if (index === 0) this.#checkLength(payload);
    const { start, end } = this.dataRangeOfSegment(index);
    const offset = index === 0 ? EXEF_LENGTH_PREFIX_SIZE : 0;
    const dataEnd = offset + end - start;
    if (!isAllZero(payload.subarray(dataEnd))) {
      payload.fill(0);
      throw new PaddingError("it holds something else than zeros");
    }
    return payload.subarray(offset, dataEnd);
  }

  #checkLength(payload: Uint8Array): void {
    const inside = lengthInside(payload);
    const problem = this.#problemWith(inside);
    if (problem !== undefined) {
      payload.fill(0);
      throw problem;
    }
    this.#size = inside;
  }

  #problemWith(inside: number | undefined): Error | undefined {
    if (inside === undefined) return new PaddingError("the length inside is impossible");
    if (this.#size !== undefined && this.#size !== inside) return new ObjectMismatchError("size");
    if (paddedPlaintextLength(inside) === this.#paddedLength) return undefined;
    return new PaddingError("the length inside does not fit the object's length");
  }

  #expectedLeaf(index: number): Uint8Array | undefined {
    if (this.#root === undefined) return undefined;
    const leaf = this.#allLeaves === undefined ? this.#trustedLeaves.get(index) : leafAt(this.#allLeaves, index);
    if (leaf === undefined) throw new FormatError(`Segment ${index} cannot be opened before its leaf is proven.`);
    return leaf;
  }

  #rootOver(treeHash: Uint8Array): Bytes {
    return objectRoot({ header: this.header.headerBytes, ciphertextLength: this.ctLength, treeHash });
  }

  #demandRoot(): Uint8Array {
    if (this.#root === undefined) throw new FormatError("This object is opened without a root.");
    return this.#root;
  }

  #demandSize(): number {
    if (this.#size === undefined) throw new FormatError("The object's size is unknown until segment 0 is opened.");
    return this.#size;
  }
}

interface SegmentInHand {
  readonly index: number;
  readonly segment: Uint8Array;
  readonly payload: Uint8Array;
  readonly actual: Uint8Array | undefined;
  readonly expected: Uint8Array | undefined;
}

/** The length in front of the data, from the payload of segment 0; undefined if no object can have it. */
export function lengthInside(payload: Uint8Array): number | undefined {
  try {
    const length = readUint(payload, 0, EXEF_LENGTH_PREFIX_SIZE);
    return length <= EXEF_MAX_REAL_LENGTH ? length : undefined;
  } catch {
    return undefined;
  }
}
