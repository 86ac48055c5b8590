import { FormatError } from "../../bytes/index.ts";
import {
  type ByteRange,
  EXEF_HEADER_SIZE,
  EXEF_PAYLOAD_SIZE,
  EXEF_SEGMENT_SIZE,
  type Leaves,
  segmentRange,
  segmentsOfData,
} from "../public/index.ts";
import { ExcessBytesError, TruncatedError } from "./errors.ts";
import { ObjectOpener, type ObjectOpenerOptions } from "./object-opener.ts";

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface OpenRangeOptions {
  readonly opener: ObjectOpener;
  /** Bytes of the data. */
  readonly range: ByteRange;
  /** The ciphertext of `ciphertextRangeOfData(opener, range)`, in pieces of any size. */
  readonly source: Pieces;
  /** True: a piece is valid only until the next one is asked for, and memory stays at two buffers. */
  readonly reuseBuffers?: boolean;
}

/** The bytes of the object that `openRange` needs as its source. Empty for an empty range. */
export function ciphertextRangeOfData(ctLength: number, range: ByteRange): ByteRange {
  if (range.start === range.end) return { start: EXEF_HEADER_SIZE, end: EXEF_HEADER_SIZE };
  const segments = segmentsOfData(range);
  return { start: segmentRange(ctLength, segments.start).start, end: segmentRange(ctLength, segments.end - 1).end };
}

/** A range of the data, each piece verified before it is released. The leaves it needs have been accepted before. */
export async function* openRange({
  opener,
  range,
  source,
  reuseBuffers,
}: OpenRangeOptions): AsyncGenerator<Uint8Array> {
  if (opener.size === undefined) throw new FormatError("The object's size is unknown until segment 0 is opened.");
  if (range.start < 0 || range.start > range.end || range.end > opener.size) {
    throw new FormatError(`Bytes ${range.start} to ${range.end} are no range of ${opener.size} bytes.`);
  }
  const segments = range.start === range.end ? { start: 0, end: 0 } : segmentsOfData(range);
  const input = new SegmentReader(source);
  const into = reuseBuffers ? new Uint8Array(EXEF_PAYLOAD_SIZE) : undefined;
  try {
    for (let i = segments.start; i < segments.end; i++) {
      const data = await opener.openSegment(i, await input.segment(opener, i), into);
      const { start } = opener.dataRangeOfSegment(i);
      const wanted = data.subarray(Math.max(0, range.start - start), Math.max(0, range.end - start));
      if (wanted.length > 0) yield wanted;
    }
    await input.demandEnd();
  } finally {
    into?.fill(0);
    await input.close();
  }
}

export interface OpenStreamOptions extends Omit<ObjectOpenerOptions, "header"> {
  /** All leaves: needed exactly when there is a root. */
  readonly leaves?: Leaves;
  /** The whole object from its first byte, in pieces of any size. */
  readonly source: Pieces;
  readonly reuseBuffers?: boolean;
}

/**
 * The data of a whole object as it arrives, each piece verified before it is released. The last checks come after the
 * last piece: a receiver must not treat the data as complete before the generator has ended without an error.
 */
export async function* openStream(options: OpenStreamOptions): AsyncGenerator<Uint8Array> {
  const input = new SegmentReader(options.source);
  try {
    const header = await input.header();
    const opener = new ObjectOpener({ ...options, header });
    if (options.root !== undefined) opener.acceptLeaves(options.leaves ?? []);
    const into = options.reuseBuffers ? new Uint8Array(EXEF_PAYLOAD_SIZE) : undefined;
    for (let i = 0; i < opener.segmentCount; i++) {
      const data = await opener.openSegment(i, await input.segment(opener, i), into);
      if (data.length > 0) yield data;
    }
    await input.demandEnd();
  } finally {
    await input.close();
  }
}

/** Cuts pieces of any size into segments, copying only those that no single piece holds. */
class SegmentReader {
  readonly #source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #assembly: Uint8Array | undefined;
  #piece: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(source: Pieces) {
    this.#source = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  async header(): Promise<Uint8Array> {
    const header = new Uint8Array(EXEF_HEADER_SIZE);
    if (!(await this.#fill(header))) throw new FormatError("The object ends inside its header.");
    return header;
  }

  /** A view that is valid until the next call. */
  async segment(opener: ObjectOpener, index: number): Promise<Uint8Array> {
    const { start, end } = segmentRange(opener.ctLength, index);
    const length = end - start;
    if (this.#piece.length >= length) return this.#take(length);
    this.#assembly ??= new Uint8Array(Math.min(EXEF_SEGMENT_SIZE, opener.ctLength));
    const segment = this.#assembly.subarray(0, length);
    if (!(await this.#fill(segment))) throw new TruncatedError(index);
    return segment;
  }

  async demandEnd(): Promise<void> {
    if (await this.#refill()) throw new ExcessBytesError();
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
  }

  async #fill(target: Uint8Array): Promise<boolean> {
    let filled = 0;
    while (filled < target.length) {
      if (!(await this.#refill())) return false;
      const piece = this.#take(Math.min(this.#piece.length, target.length - filled));
      target.set(piece, filled);
      filled += piece.length;
    }
    return true;
  }

  #take(length: number): Uint8Array {
    const taken = this.#piece.subarray(0, length);
    this.#piece = this.#piece.subarray(length);
    return taken;
  }

  async #refill(): Promise<boolean> {
    while (this.#piece.length === 0 && !this.#ended) {
      const next = await this.#source.next();
      if (next.done) this.#ended = true;
      else this.#piece = next.value;
    }
    return this.#piece.length > 0;
  }
}
