export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Takes what arrives in pieces of any size, as much at a time as the reader asks for. */
export class PieceReader {
  readonly #source: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(source: Pieces) {
    this.#source = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** Fills the target from its beginning. Answers how many bytes there were: fewer than asked for means the end. */
  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length && (await this.#refill())) {
      const piece = this.#piece.subarray(0, target.length - filled);
      target.set(piece, filled);
      filled += piece.length;
      this.#piece = this.#piece.subarray(piece.length);
    }
    return filled;
  }

  async isAtEnd(): Promise<boolean> {
    return !(await this.#refill());
  }

  /** All that has not been taken, in pieces as they come. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while (await this.#refill()) {
      const piece = this.#piece;
      this.#piece = new Uint8Array(0);
      yield piece;
    }
  }

  /** Lets go of the source. May be called at any time. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#piece = new Uint8Array(0);
    await this.#source.return?.();
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
