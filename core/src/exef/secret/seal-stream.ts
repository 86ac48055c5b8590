import { SourceChangedError } from "./errors.ts";
import { type ObjectSealer, partBufferSize, type SealedPart } from "./object-sealer.ts";

export interface SealStreamOptions {
  readonly sealer: ObjectSealer;
  /** The data in pieces of any size. */
  readonly source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** True: a part's bytes are valid only until the next one is asked for, and memory stays at two buffers. */
  readonly reuseBuffers?: boolean;
}

export interface StreamedPart extends SealedPart {
  readonly index: number;
}

/**
 * Seals a whole stream in order, part by part. Throws SourceChangedError if the source yields fewer or more bytes than
 * the sealer was promised; then the part with the end of the data has not been given out.
 */
export async function* sealStream({ sealer, source, reuseBuffers }: SealStreamOptions): AsyncGenerator<StreamedPart> {
  const input = new SourceReader(source, sealer.size);
  const size = partBufferSize(sealer);
  const plaintextBuffer = new Uint8Array(Math.min(size, sealer.size));
  const into = reuseBuffers ? new Uint8Array(size) : undefined;
  try {
    for (let index = 0; index < sealer.partCount; index++) {
      const { start, end } = sealer.plaintextRangeOfPart(index);
      const plaintext = plaintextBuffer.subarray(0, end - start);
      await input.fill(plaintext);
      if (end === sealer.size) await input.demandEnd();
      yield { index, ...(await sealer.sealPart(index, plaintext, into)) };
    }
  } finally {
    plaintextBuffer.fill(0);
    await input.close();
  }
}

class SourceReader {
  readonly #source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #announced: number;
  #chunk: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, announced: number) {
    this.#source = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#announced = announced;
  }

  async fill(target: Uint8Array): Promise<void> {
    let filled = 0;
    while (filled < target.length) {
      if (!(await this.#refill())) throw new SourceChangedError(this.#announced);
      const piece = this.#chunk.subarray(0, target.length - filled);
      target.set(piece, filled);
      filled += piece.length;
      this.#chunk = this.#chunk.subarray(piece.length);
    }
  }

  async demandEnd(): Promise<void> {
    if (await this.#refill()) throw new SourceChangedError(this.#announced);
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
  }

  async #refill(): Promise<boolean> {
    while (this.#chunk.length === 0 && !this.#ended) {
      const next = await this.#source.next();
      if (next.done) this.#ended = true;
      else this.#chunk = next.value;
    }
    return this.#chunk.length > 0;
  }
}
