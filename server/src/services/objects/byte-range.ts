import { Refusal } from "../../refusal.ts";

/** A stretch of an object; never empty. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

const SINGLE_RANGE = /^bytes=(\d{0,16})-(\d{0,16})$/;

/**
 * Reads a `Range` header (RFC 9110 §14.2) for an object of `sizeBytes`. Undefined means the whole object: no header, or a
 * unit other than bytes. One range only: several, or none that lies in the object, are range_not_satisfiable.
 */
export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  if (header === undefined || !header.startsWith("bytes=")) return undefined;
  const match = SINGLE_RANGE.exec(header);
  const [, first = "", last = ""] = match ?? [];
  if (first === "" && last === "") throw new Refusal("range_not_satisfiable");
  const range = first === "" ? suffixRange(Number(last), sizeBytes) : closedRange(Number(first), last, sizeBytes);
  if (range.offset >= sizeBytes || range.length <= 0) throw new Refusal("range_not_satisfiable");
  return range;
}

function suffixRange(wanted: number, sizeBytes: number): ByteRange {
  const length = Math.min(wanted, sizeBytes);
  return { offset: sizeBytes - length, length };
}

function closedRange(first: number, last: string, sizeBytes: number): ByteRange {
  const end = last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  return { offset: first, length: end - first };
}
