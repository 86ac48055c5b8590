import { type CborKey, type CborMap, type CborValue, FormatError } from "../../bytes/index.ts";

/** Keys from here on belong to later versions: ignored, and preserved when rewriting (cryptography.md, preamble). */
const FIRST_PRESERVED_KEY = 64;

function isPreserved(key: CborKey): boolean {
  return typeof key === "number" && key >= FIRST_PRESERVED_KEY;
}

export function preservedKeys(map: CborMap): CborMap {
  return new Map([...map].filter(([key]) => isPreserved(key)));
}

export function withPreserved(
  known: readonly (readonly [number, CborValue])[],
  preserved: CborMap | undefined,
): CborMap {
  return new Map<CborKey, CborValue>([...known, ...(preserved ?? [])]);
}

/** Typed reading of a decoded map. Every method throws FormatError when the field is missing or of another type. */
export class Fields {
  readonly #map: CborMap;
  readonly #what: string;

  constructor(map: CborMap, what: string) {
    this.#map = map;
    this.#what = what;
  }

  /** Unknown keys below 64 are an error. */
  refuseOthersThan(known: readonly number[]): void {
    for (const key of this.#map.keys()) {
      if (!isPreserved(key) && !(typeof key === "number" && known.includes(key))) throw this.#wrong(key);
    }
  }

  bytes(key: number, length: number): Uint8Array {
    const value = this.#map.get(key);
    if (!(value instanceof Uint8Array) || value.length !== length) throw this.#wrong(key);
    return value;
  }

  text(key: number): string {
    const value = this.#map.get(key);
    if (typeof value !== "string") throw this.#wrong(key);
    return value;
  }

  int(key: number): number {
    const value = this.#map.get(key);
    if (typeof value !== "number") throw this.#wrong(key);
    return value;
  }

  uint(key: number): number {
    const value = this.int(key);
    if (value < 0) throw this.#wrong(key);
    return value;
  }

  map(key: number): CborMap {
    const value = this.#map.get(key);
    if (!(value instanceof Map)) throw this.#wrong(key);
    return value;
  }

  maps(key: number): CborMap[] {
    const value = this.#map.get(key);
    if (!Array.isArray(value)) throw this.#wrong(key);
    return value.map((each) => {
      if (!(each instanceof Map)) throw this.#wrong(key);
      return each;
    });
  }

  #wrong(key: CborKey): FormatError {
    return new FormatError(`The field ${String(key)} of the ${this.#what} is missing, unknown or of the wrong kind.`);
  }
}
