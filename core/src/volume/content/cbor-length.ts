import { type CborValue, utf8Length } from "../../bytes/index.ts";

/** How many bytes `encodeCbor` would write, without writing them: pages are measured far more often than written. */
export function cborLength(value: CborValue): number {
  if (typeof value === "number") return cborHeadLength(value < 0 ? -1 - value : value);
  if (typeof value === "string") return counted(utf8Length(value));
  if (value === null || typeof value === "boolean") return 1;
  if (value instanceof Uint8Array) return counted(value.length);
  if (Array.isArray(value))
    return value.reduce<number>((sum, each) => sum + cborLength(each), cborHeadLength(value.length));
  let length = cborHeadLength(value.size);
  for (const [key, each] of value) length += cborLength(key) + cborLength(each);
  return length;
}

function counted(length: number): number {
  return cborHeadLength(length) + length;
}

/** Bytes of the head of an item, RFC 8949 §3: the argument takes 0, 1, 2, 4 or 8 bytes after the initial one. */
export function cborHeadLength(argument: number): number {
  if (argument < 24) return 1;
  if (argument < 2 ** 8) return 2;
  if (argument < 2 ** 16) return 3;
  return argument < 2 ** 32 ? 5 : 9;
}
