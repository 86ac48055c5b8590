/** Picks typed values out of CBOR maps with small unsigned keys (spec/terminology.md §3, last part). */

import type { Key, Value } from "./cbor.ts";
import { demand, Refusal } from "./refusal.ts";

export type CborMap = Map<Key, Value>;

export function asMap(value: Value | undefined): CborMap {
  demand(value instanceof Map, "malformed", "Not a map.");
  return value;
}

/** Keys below 64 must be among the known ones; the others are carried over. Text and byte keys have no place here. */
export function onlyKeys(map: CborMap, known: readonly number[]): void {
  for (const key of map.keys()) {
    demand(typeof key === "number", "malformed", "A key that is not an unsigned integer.");
    demand(key >= 64 || known.includes(key), "malformed", `An unknown key ${key}.`);
  }
}

export function bytesField(map: CborMap, key: number, length: number): Uint8Array {
  const value = map.get(key);
  demand(value instanceof Uint8Array && value.length === length, "malformed", `Key ${key} is not bstr${length}.`);
  return value;
}

export function textField(map: CborMap, key: number, maxBytes: number): string {
  const value = map.get(key);
  demand(typeof value === "string", "malformed", `Key ${key} is not text.`);
  demand(new TextEncoder().encode(value).length <= maxBytes, "malformed", `Key ${key} is too long.`);
  return value;
}

export function intField(map: CborMap, key: number): number {
  const value = map.get(key);
  demand(typeof value === "number", "malformed", `Key ${key} is not an integer.`);
  return value;
}

export function uintField(map: CborMap, key: number): number {
  const value = intField(map, key);
  demand(value >= 0, "malformed", `Key ${key} is negative.`);
  return value;
}

export function arrayField(map: CborMap, key: number): Value[] {
  const value = map.get(key);
  if (!Array.isArray(value)) throw new Refusal("malformed", `Key ${key} is not an array.`);
  return value;
}
