import { type CborKey, type CborMap, type CborValue, FormatError } from "../bytes/index.ts";

/** From this key on, a map may hold what a newer version put there: ignored, and carried over when it is rewritten. */
const FIRST_FREE_KEY = 64;

/** Keys of a map that this version does not know and keeps. */
export type CborExtras = ReadonlyMap<number, CborValue>;

const NO_EXTRAS: CborExtras = new Map();

/**
 * Reads one map of a structured plaintext, key by key with exact types (docs/spec/terminology.md §3). Every method
 * throws FormatError; `finish` refuses unknown keys below 64 and gives the others, to be written back.
 */
export class CborFields {
  readonly #map: CborMap;
  readonly #what: string;
  /** Keys that were asked for: there are thousands of these maps in a large folder, and each has a few small keys. */
  readonly #read: number[] = [];

  constructor(value: CborValue | undefined, what: string) {
    if (!(value instanceof Map)) throw new FormatError(`The ${what} is not a map.`);
    this.#map = value;
    this.#what = what;
  }

  /** The value, or undefined if the key is absent. */
  any(key: number): CborValue | undefined {
    if (!this.#read.includes(key)) this.#read.push(key);
    return this.#map.get(key);
  }

  has(key: number): boolean {
    return this.#map.has(key);
  }

  /** A byte string of exactly this length. */
  bytes(key: number, length: number): Uint8Array {
    const value = this.any(key);
    if (!(value instanceof Uint8Array) || value.length !== length) throw this.#wrong(key);
    return value;
  }

  /** An integer, negative or not. */
  int(key: number): number {
    const value = this.any(key);
    if (typeof value !== "number") throw this.#wrong(key);
    return value;
  }

  uint(key: number): number {
    const value = this.int(key);
    if (value < 0) throw this.#wrong(key);
    return value;
  }

  text(key: number): string {
    const value = this.any(key);
    if (typeof value !== "string") throw this.#wrong(key);
    return value;
  }

  bool(key: number): boolean {
    const value = this.any(key);
    if (typeof value !== "boolean") throw this.#wrong(key);
    return value;
  }

  array(key: number): readonly CborValue[] {
    const value = this.any(key);
    if (!Array.isArray(value)) throw this.#wrong(key);
    return value;
  }

  /** Any map: its keys are the caller's matter. */
  map(key: number): CborMap {
    const value = this.any(key);
    if (!(value instanceof Map)) throw this.#wrong(key);
    return value;
  }

  /** A map of numbered fields inside this one. */
  fields(key: number, what: string): CborFields {
    return new CborFields(this.any(key), what);
  }

  /** What was not asked for: refused below 64, kept from there on. */
  finish(): CborExtras {
    if (this.#map.size === this.#read.length && this.#read.every((key) => this.#map.has(key))) return NO_EXTRAS;
    const extras = new Map<number, CborValue>();
    for (const [key, value] of this.#map) {
      if (typeof key === "number" && this.#read.includes(key)) continue;
      if (typeof key !== "number" || key < FIRST_FREE_KEY) {
        throw new FormatError(`The ${this.#what} has a field that does not belong there.`);
      }
      extras.set(key, value);
    }
    return extras;
  }

  /** What was not asked for, whatever it is. */
  unread(): ReadonlyMap<CborKey, CborValue> {
    return new Map([...this.#map].filter(([key]) => typeof key !== "number" || !this.#read.includes(key)));
  }

  #wrong(key: number): FormatError {
    return new FormatError(`The ${this.#what} lacks field ${key}, or it has a wrong type.`);
  }
}

/** The map of these fields, without those that are undefined, and with what a newer version had put there. */
export function cborFields(
  fields: Readonly<Record<number, CborValue | undefined>>,
  extras: CborExtras = NO_EXTRAS,
): CborMap {
  const map: CborMap = new Map();
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) map.set(Number(key), value);
  for (const [key, value] of extras) {
    if (key < FIRST_FREE_KEY || map.has(key)) throw new FormatError(`Field ${key} is not free for extensions.`);
    map.set(key, value);
  }
  return map;
}
