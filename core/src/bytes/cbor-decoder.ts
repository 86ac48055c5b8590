import { compareBytes } from "./bytes.ts";
import type { CborKey, CborMap, CborValue } from "./cbor.ts";
import { FormatError } from "./errors.ts";
import { utf8Decode } from "./utf8.ts";

/** Arrays and maps around a value. */
export const MAX_ENCLOSING = 8;

/** Up to here text that is ASCII is put together here, which is faster than calling the platform. */
const SHORT_TEXT_BYTES = 64;
const MAJOR = { uint: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5 } as const;

/**
 * Reads one value of deterministic CBOR (RFC 8949 §4.2.1) in one pass: every head is the shortest that holds its argument,
 * keys of a map rise strictly in the order of their bytes, and nothing is there that this project may not store. What
 * passes has exactly one encoding, the one that was read; so it need not be encoded again to find that out.
 */
export class CborDecoder {
  readonly #input: Uint8Array;
  #at = 0;

  constructor(input: Uint8Array) {
    // Byte strings are sliced out of it, and a slice of a Buffer would be a view.
    this.#input = new Uint8Array(input.buffer, input.byteOffset, input.length);
  }

  /** The value, if it is all there is. Throws FormatError. */
  whole(): CborValue {
    const value = this.#value(0);
    if (this.#at !== this.#input.length) throw refused("more than one value");
    return value;
  }

  #value(enclosing: number): CborValue {
    if (enclosing > MAX_ENCLOSING) throw refused(`more than ${MAX_ENCLOSING} enclosing arrays and maps`);
    const initial = this.#byte();
    if (initial >= 0xe0) return simple(initial);
    const argument = this.#argument(initial & 0x1f);
    switch (initial >> 5) {
      case MAJOR.uint:
        return argument;
      case MAJOR.negative:
        return negative(argument);
      case MAJOR.bytes:
        return this.#input.slice(this.#at, this.#skip(argument));
      case MAJOR.text:
        return this.#text(argument);
      case MAJOR.array:
        return this.#array(argument, enclosing);
      case MAJOR.map:
        return this.#map(argument, enclosing);
      default:
        throw refused("a tag");
    }
  }

  #array(count: number, enclosing: number): CborValue[] {
    // Each item has at least one byte: nothing is set aside for items that cannot be there.
    if (count > this.#left) throw tooShort();
    const items: CborValue[] = [];
    for (let i = 0; i < count; i++) items.push(this.#value(enclosing + 1));
    return items;
  }

  #map(count: number, enclosing: number): CborMap {
    if (count > this.#left / 2) throw tooShort();
    const map: CborMap = new Map();
    let start = 0;
    let end = 0;
    for (let i = 0; i < count; i++) {
      const keyStart = this.#at;
      const key = this.#key(enclosing + 1);
      // Strictly rising, so no key is there twice; the empty range before the first is below every other.
      if (!this.#isBelow({ start, end }, { start: keyStart, end: this.#at })) {
        throw refused("map keys out of order, or one twice");
      }
      start = keyStart;
      end = this.#at;
      map.set(key, this.#value(enclosing + 1));
    }
    return map;
  }

  #key(enclosing: number): CborKey {
    const major = (this.#input[this.#at] ?? 0) >> 5;
    if (major !== MAJOR.uint && major !== MAJOR.bytes && major !== MAJOR.text)
      throw refused("a map key of another type");
    return this.#value(enclosing) as CborKey;
  }

  #isBelow(before: Stretch, after: Stretch): boolean {
    const input = this.#input;
    // Nearly all keys are small integers, one byte each.
    const first = input[before.start] as number;
    const second = input[after.start] as number;
    if (before.start === before.end || first < second) return true;
    if (first > second) return false;
    return compareBytes(input.subarray(before.start, before.end), input.subarray(after.start, after.end)) < 0;
  }

  #text(length: number): string {
    const start = this.#at;
    const end = this.#skip(length);
    if (length > SHORT_TEXT_BYTES) return utf8Decode(this.#input.subarray(start, end));
    let text = "";
    for (let i = start; i < end; i++) {
      const byte = this.#input[i] as number;
      if (byte >= 0x80) return utf8Decode(this.#input.subarray(start, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** RFC 8949 §3: in the initial byte up to 23, else in 1, 2, 4 or 8 bytes behind it. */
  #argument(info: number): number {
    if (info < 24) return info;
    if (info === 24) return shortest(this.#byte(), 24);
    if (info === 25) return shortest(this.#uint16(), 0x100);
    if (info === 26) return shortest(this.#uint32(), 0x1_0000);
    if (info !== 27) throw refused("an item of indefinite length or reserved form");
    const high = this.#uint32();
    if (high >= 2 ** 21) throw refused("a number that is no integer below 2^53");
    return shortest(high * 2 ** 32 + this.#uint32(), 0x1_0000_0000);
  }

  #uint32(): number {
    return this.#uint16() * 0x1_0000 + this.#uint16();
  }

  #uint16(): number {
    return this.#byte() * 0x100 + this.#byte();
  }

  #byte(): number {
    const byte = this.#input[this.#at++];
    if (byte === undefined) throw tooShort();
    return byte;
  }

  /** Moves on and answers where to. */
  #skip(length: number): number {
    if (length > this.#left) throw tooShort();
    this.#at += length;
    return this.#at;
  }

  get #left(): number {
    return this.#input.length - this.#at;
  }
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function simple(initial: number): boolean | null {
  if (initial === 0xf4) return false;
  if (initial === 0xf5) return true;
  if (initial === 0xf6) return null;
  throw refused("a type that has no place in it");
}

function negative(argument: number): number {
  const value = -1 - argument;
  if (!Number.isSafeInteger(value)) throw refused("a number that is no integer below 2^53");
  return value;
}

function shortest(argument: number, least: number): number {
  if (argument < least) throw refused("a number in more bytes than it needs");
  return argument;
}

function tooShort(): FormatError {
  return new FormatError("The CBOR ends too early.");
}

function refused(what: string): FormatError {
  return new FormatError(`The CBOR holds ${what}.`);
}
