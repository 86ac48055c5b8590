/** What vector files are made of (docs/spec/README.md «Vectors»). */

import { type Bytes, be, hex, utf8 } from "../foundations/bytes.ts";
import { sha256 } from "../foundations/hashes.ts";
import { Refusal, type RefusalClass } from "../foundations/refusal.ts";
import type { GivenIvs } from "../object/exef.ts";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Case = { name: string; [key: string]: Json };
export type VectorFile = { about: string; [list: string]: Json };

/** Bytes that look random and never change: SHA-256 of seed, name and counter. */
export function fixed(name: string, length: number): Bytes {
  const bytes = new Uint8Array(length);
  for (let block = 0; block * 32 < length; block++) {
    const piece = sha256(utf8(`excalibur vectors, version 3: ${name}`), be(4, block));
    bytes.set(piece.subarray(0, Math.min(32, length - block * 32)), block * 32);
  }
  return bytes;
}

/** spec/README.md: vectors repeat their segment IVs by this rule; products draw them at random. */
export function vectorIvs(iv: Uint8Array): GivenIvs {
  return { iv, segmentIv: (index) => sha256(iv, be(8, index)).slice(0, 12) };
}

/** A must-fail case. The reference has to refuse it for exactly that reason, or there is no vector. */
export function refused(
  name: string,
  expectation: { readonly refuse: RefusalClass; readonly wrong: string },
  input: { [key: string]: Json },
  attempt: () => unknown,
): Case {
  let outcome = "accepted";
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    outcome = error.refuse;
  }
  if (outcome !== expectation.refuse) throw new Error(`"${name}" is ${outcome}, not ${expectation.refuse}.`);
  return { name, ...expectation, ...input };
}

/** A copy with some bytes overwritten. */
export function overwritten(bytes: Uint8Array, at: number, replacement: Uint8Array): Bytes {
  const copy = new Uint8Array(bytes);
  copy.set(replacement, at < 0 ? bytes.length + at : at);
  return copy;
}

/** A copy with one bit flipped. */
export function flipped(bytes: Uint8Array, at: number): Bytes {
  const index = at < 0 ? bytes.length + at : at;
  return overwritten(bytes, index, Uint8Array.of((bytes[index] as number) ^ 1));
}

/** Long data as a recipe: the pattern repeated and cut. */
export function repeated(pattern: Uint8Array, sizeBytes: number): { bytes: Bytes; recipe: Json } {
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0; at < sizeBytes; at += pattern.length) bytes.set(pattern.subarray(0, sizeBytes - at), at);
  return { bytes, recipe: { repeat: hex(pattern), sizeBytes } };
}

/** Bytes with long runs of one value: hex, or a list of hex and recipes. */
export function packed(bytes: Uint8Array): Json {
  const pieces: Json[] = [];
  let pending = 0;
  for (let at = 0; at < bytes.length; ) {
    let end = at + 1;
    while (end < bytes.length && bytes[end] === bytes[at]) end++;
    if (end - at >= 256) {
      if (at > pending) pieces.push(hex(bytes.subarray(pending, at)));
      pieces.push({ repeat: hex(bytes.subarray(at, at + 1)), sizeBytes: end - at });
      pending = end;
    }
    at = end;
  }
  if (pieces.length === 0) return hex(bytes);
  if (pending < bytes.length) pieces.push(hex(bytes.subarray(pending)));
  return pieces;
}

export function encodeFile(file: VectorFile): string {
  return `${JSON.stringify(file, undefined, 1)}\n`;
}
