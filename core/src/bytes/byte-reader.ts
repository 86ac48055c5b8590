import { FormatError } from "./errors.ts";
import { readUint } from "./integers.ts";
import { utf8Encode } from "./utf8.ts";

/**
 * Reads a binary record front to back, big-endian. Every method throws FormatError when the bytes end too early;
 * `finish` refuses bytes left over. `what` names the record in messages.
 */
export class ByteReader {
  readonly #source: Uint8Array;
  readonly #what: string;
  #offset = 0;

  constructor(source: Uint8Array, what = "record") {
    this.#source = source;
    this.#what = what;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#source.length - this.#offset;
  }

  u8(): number {
    return this.#uint(1);
  }

  u16(): number {
    return this.#uint(2);
  }

  u32(): number {
    return this.#uint(4);
  }

  u48(): number {
    return this.#uint(6);
  }

  /** Refuses 2^53 and above. */
  u64(): number {
    return this.#uint(8);
  }

  /** A view into the source, not a copy. */
  bytes(length: number): Uint8Array {
    if (!Number.isSafeInteger(length) || length < 0 || length > this.remaining) throw this.#short();
    const view = this.#source.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return view;
  }

  /** Refuses anything but these ASCII characters, for example a magic. */
  expectAscii(text: string): void {
    const expected = utf8Encode(text);
    const actual = this.bytes(expected.length);
    if (expected.some((byte, i) => byte !== actual[i])) {
      throw new FormatError(`The ${this.#what} does not begin with ${text}.`);
    }
  }

  /** All that is left, as a view. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  finish(): void {
    if (this.remaining !== 0) throw new FormatError(`The ${this.#what} has ${this.remaining} bytes too many.`);
  }

  #uint(width: 1 | 2 | 4 | 6 | 8): number {
    if (width > this.remaining) throw this.#short();
    const value = readUint(this.#source, this.#offset, width);
    this.#offset += width;
    return value;
  }

  #short(): FormatError {
    return new FormatError(`The ${this.#what} ends too early.`);
  }
}
