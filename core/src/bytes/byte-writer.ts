import type { Bytes } from "./bytes.ts";
import { writeUint } from "./integers.ts";
import { utf8Encode } from "./utf8.ts";

/** Builds a binary record, big-endian, growing as needed. Methods chain; `finish` gives a copy of the right length. */
export class ByteWriter {
  #buffer: Bytes;
  #length = 0;

  constructor(expectedLength = 256) {
    this.#buffer = new Uint8Array(Math.max(16, expectedLength));
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    return this.#uint(1, value);
  }

  u16(value: number): this {
    return this.#uint(2, value);
  }

  u32(value: number): this {
    return this.#uint(4, value);
  }

  u48(value: number): this {
    return this.#uint(6, value);
  }

  /** Up to 2^53 - 1. */
  u64(value: number): this {
    return this.#uint(8, value);
  }

  bytes(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** Text as UTF-8 without a length, for example a magic. */
  text(text: string): this {
    return this.bytes(utf8Encode(text));
  }

  finish(): Bytes {
    return this.#buffer.slice(0, this.#length);
  }

  #uint(width: 1 | 2 | 4 | 6 | 8, value: number): this {
    this.#reserve(width);
    writeUint(this.#buffer, this.#length, width, value);
    this.#length += width;
    return this;
  }

  #reserve(extra: number): void {
    const needed = this.#length + extra;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
  }
}
