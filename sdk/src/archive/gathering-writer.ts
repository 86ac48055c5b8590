const GATHERED_BYTES = 1024 * 1024;

/** Small pieces travel together, because each costs a message; large ones as they are. */
export class GatheringWriter {
  readonly #write: (piece: Uint8Array) => Promise<void>;
  readonly #gathered = new Uint8Array(GATHERED_BYTES);
  #length = 0;
  #takenBytes = 0;

  /** The pieces given to `write` are valid until it resolves. */
  constructor(write: (piece: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  /** All that was given to `write`, whether it is on its way or waits here. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** The piece may be reused once this resolves. */
  async write(piece: Uint8Array): Promise<void> {
    if (this.#length + piece.length > GATHERED_BYTES) await this.flush();
    this.#takenBytes += piece.length;
    if (piece.length >= GATHERED_BYTES) {
      await this.#write(piece);
      return;
    }
    this.#gathered.set(piece, this.#length);
    this.#length += piece.length;
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return;
    await this.#write(this.#gathered.subarray(0, this.#length));
    this.#length = 0;
  }
}
