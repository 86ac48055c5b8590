import type { Readable } from "node:stream";

const pieceBytes = 256 * 1024;
const keptPieces = 64;
/** Pieces that may wait for the reader before the connection is asked to wait. */
const waitingPieces = 2;

/**
 * A body in pieces of 256 KiB, the last one shorter. A piece is lent: it stays as it is until it is released, and who
 * forgets to release it only costs a new one. To be read once.
 */
export interface PartBody extends AsyncIterable<Uint8Array> {
  readonly release: (piece: Uint8Array) => void;
  /** Nobody wants more: what still comes is read and thrown away, so that the connection carries the answer. */
  readonly drop: () => void;
}

/**
 * [Note: Bodies without garbage]
 * Node gives every 64 KiB of a body as a buffer of its own. Kept until it is written, a gigabyte of them makes the
 * collector walk the whole heap again and again, which costs more than hashing and writing together. So a chunk is copied
 * into a piece that is used again and again, and its memory is given back at once: the next chunk finds it still warm.
 */
export class PartBodies {
  readonly #free: Uint8Array[] = [];

  /** Nothing is read, and nothing of the stream taken over, before the first piece is asked for. */
  from(stream: Readable): PartBody {
    let reading: PieceReader | undefined;
    return {
      [Symbol.asyncIterator]: () => {
        reading = new PieceReader(stream, this);
        return reading;
      },
      release: (piece) => this.give(piece),
      drop: () => reading?.drop(),
    };
  }

  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(Buffer.allocUnsafeSlow(pieceBytes).buffer);
  }

  give({ buffer }: Uint8Array): void {
    if (buffer.byteLength !== pieceBytes || this.#free.length >= keptPieces) return;
    // Two bodies in one piece of memory would be read as each other.
    if (this.#free.some((free) => free.buffer === buffer)) throw new TypeError("A piece was released twice.");
    this.#free.push(new Uint8Array(buffer));
  }
}

class PieceReader implements AsyncIterator<Uint8Array> {
  readonly #stream: Readable;
  readonly #pieces: PartBodies;
  readonly #filled: Uint8Array[] = [];
  #open: Uint8Array;
  #openBytes = 0;
  #last: Uint8Array | undefined;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(stream: Readable, pieces: PartBodies) {
    this.#stream = stream;
    this.#pieces = pieces;
    this.#open = pieces.take();
    stream.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onClose);
    // Never taken off again: an error that nobody hears would end the process.
    stream.on("error", (error) => this.#fail(error));
    if (stream.destroyed) this.#onClose();
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const piece = this.#filled.shift();
      if (piece !== undefined) {
        if (this.#filled.length < waitingPieces) this.#stream.resume();
        return { done: false, value: piece };
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  drop(): void {
    this.#stream.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose);
    this.#stream.resume();
    this.#ended = true;
    for (const piece of [this.#open, ...this.#filled.splice(0)]) this.#pieces.give(piece);
    this.#wake();
  }

  readonly #onData = (chunk: Uint8Array): void => {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + this.#open.length - this.#openBytes);
      this.#open.set(part, this.#openBytes);
      this.#openBytes += part.length;
      at += part.length;
      if (this.#openBytes === this.#open.length) this.#endPiece();
    }
    // One chunk late: whoever handed this one over may still look at it.
    if (this.#last !== undefined) freeMemory(this.#last);
    this.#last = chunk;
    if (this.#filled.length >= waitingPieces) this.#stream.pause();
    if (this.#filled.length > 0) this.#wake();
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    if (this.#openBytes > 0) this.#endPiece();
    this.#wake();
  };

  readonly #onClose = (): void => {
    if (!this.#ended) this.#fail(Object.assign(new Error("The body ended too early."), { code: "ECONNRESET" }));
  };

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  #endPiece(): void {
    this.#filled.push(this.#open.subarray(0, this.#openBytes));
    this.#open = this.#pieces.take();
    this.#openBytes = 0;
  }
}

/** Only of a buffer that is alone in its memory. */
function freeMemory({ buffer, byteOffset, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) buffer.transfer(0);
}
