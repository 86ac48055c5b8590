import { Refusal } from "./refusal.ts";

/** Whole buffers only: the reference is for reading, not for speed. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function concat(...pieces: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Order of byte strings: by the first byte that differs, the shorter one first if there is none. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function zeros(length: number): Bytes {
  return new Uint8Array(length);
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

export function ascii(text: string): Bytes {
  return Uint8Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    if (code > 127) throw new RangeError("Not ASCII.");
    return code;
  });
}

export function utf8(text: string): Bytes {
  if (!text.isWellFormed()) throw new Refusal("malformed", "Text with an unpaired surrogate.");
  return new Uint8Array(new TextEncoder().encode(text));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(text: string): Bytes {
  if (!/^([0-9a-fA-F]{2})*$/.test(text)) throw new RangeError("Not hexadecimal.");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** spec/terminology.md §2: unsigned, big-endian. */
export function be(width: number, value: number | bigint): Bytes {
  let rest = BigInt(value);
  if (rest < 0n || rest >= 1n << BigInt(8 * width)) throw new RangeError(`${value} does not fit ${width} bytes.`);
  const bytes = new Uint8Array(width);
  for (let i = width - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

export function fromBe(bytes: Uint8Array): number {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  // spec/terminology.md §2: eight-byte integers are below 2^53.
  if (value >= 1n << 53n) throw new Refusal("malformed", "An integer of 2^53 or above.");
  return Number(value);
}

/** Takes a record apart field by field; running out of bytes or leaving some is malformed. */
export class Reader {
  #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number): Bytes {
    if (length > this.left) throw new Refusal("malformed", "The bytes end too early.");
    const taken = new Uint8Array(this.#bytes.subarray(this.#at, this.#at + length));
    this.#at += length;
    return taken;
  }

  uint(width: number): number {
    return fromBe(this.take(width));
  }

  list<Item>(sizeBytes: number, read: (item: Reader) => Item): Item[] {
    const count = this.uint(4);
    if (count * sizeBytes > this.left) throw new Refusal("malformed", "A list is longer than its record.");
    return Array.from({ length: count }, () => read(new Reader(this.take(sizeBytes))));
  }

  end(): void {
    if (this.left > 0) throw new Refusal("malformed", "Bytes after the end.");
  }
}

/** spec/terminology.md §2: sorted lists grow strictly. */
export function growsStrictly(keys: readonly Uint8Array[]): boolean {
  return keys.every((key, i) => i === 0 || compare(keys[i - 1] as Uint8Array, key) < 0);
}
