/** FLOE with AES-256-GCM and HKDF-Expand-SHA384 (spec/exef.md §3), on whole buffers. */

import { createCipheriv, createDecipheriv } from "node:crypto";
import { ascii, type Bytes, be, concat, equal, fromBe } from "../foundations/bytes.ts";
import { hmac } from "../foundations/hashes.ts";
import { demand, Refusal } from "../foundations/refusal.ts";

export interface FloeSuite {
  readonly segmentBytes: number;
  /** How many low bits of a segment's number do not change its key. */
  readonly rotationMaskBits: number;
}

export const EXEF_SUITE: FloeSuite = { segmentBytes: 262_144, rotationMaskBits: 20 };

export const NOT_LAST = Uint8Array.of(255, 255, 255, 255);
const OVERHEAD_BYTES = 32;
export const FLOE_HEADER_BYTES = 74;

export function encodeParameters(suite: FloeSuite): Bytes {
  return concat(Uint8Array.of(0, 0), be(4, suite.segmentBytes), be(4, 32));
}

export interface FloeKeyInput {
  readonly suite: FloeSuite;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
}

function kdf(input: FloeKeyInput, key: Uint8Array, purpose: Uint8Array, length: number): Bytes {
  const info = concat(encodeParameters(input.suite), input.iv, purpose, input.aad);
  return hmac("sha384", key, info, Uint8Array.of(1)).slice(0, length);
}

export function floeHeader(input: FloeKeyInput): Bytes {
  return concat(encodeParameters(input.suite), input.iv, kdf(input, input.key, ascii("HEADER_TAG:"), 32));
}

export function messageKeyOf(input: FloeKeyInput): Bytes {
  return kdf(input, input.key, ascii("MESSAGE_KEY:"), 48);
}

export function segmentKeyOf(input: FloeKeyInput, index: number): Bytes {
  const messageKey = messageKeyOf(input);
  const mask = (1n << BigInt(input.suite.rotationMaskBits)) - 1n;
  return kdf(input, messageKey, concat(ascii("DEK:"), be(8, BigInt(index) & ~mask)), 32);
}

export function segmentAadOf(index: number, final: boolean): Bytes {
  return concat(be(8, index), Uint8Array.of(final ? 1 : 0));
}

export interface SegmentPlace {
  readonly index: number;
  readonly final: boolean;
}

export function sealSegment(
  input: FloeKeyInput,
  place: SegmentPlace,
  segmentIv: Uint8Array,
  payload: Uint8Array,
): Bytes {
  const cipher = createCipheriv("aes-256-gcm", segmentKeyOf(input, place.index), segmentIv);
  cipher.setAAD(segmentAadOf(place.index, place.final));
  const encrypted = concat(cipher.update(payload), cipher.final());
  const marker = place.final ? be(4, payload.length + OVERHEAD_BYTES) : NOT_LAST;
  return concat(marker, segmentIv, encrypted, cipher.getAuthTag());
}

export function openSegment(input: FloeKeyInput, place: SegmentPlace, segment: Uint8Array): Bytes {
  demand(segment.length >= OVERHEAD_BYTES, "integrity", "A segment is too short.");
  const marker = place.final ? be(4, segment.length) : NOT_LAST;
  demand(equal(segment.subarray(0, 4), marker), "integrity", "The segment's marker is wrong.");
  const tagAt = segment.length - 16;
  const decipher = createDecipheriv("aes-256-gcm", segmentKeyOf(input, place.index), segment.subarray(4, 16));
  decipher.setAAD(segmentAadOf(place.index, place.final));
  decipher.setAuthTag(segment.subarray(tagAt));
  try {
    return concat(decipher.update(segment.subarray(16, tagAt)), decipher.final());
  } catch (cause) {
    throw new Refusal("integrity", `Segment ${place.index} failed its tag.`, { cause });
  }
}

/** Seals with given IVs, so that vectors can be repeated. A product never does that. */
export function floeSeal(
  input: FloeKeyInput,
  plaintext: Uint8Array,
  segmentIv: (index: number) => Uint8Array,
): { header: Bytes; segments: Bytes[] } {
  const payloadBytes = input.suite.segmentBytes - OVERHEAD_BYTES;
  const count = Math.max(1, Math.ceil(plaintext.length / payloadBytes));
  const segments = Array.from({ length: count }, (_, index) => {
    const payload = plaintext.subarray(index * payloadBytes, (index + 1) * payloadBytes);
    return sealSegment(input, { index, final: index === count - 1 }, segmentIv(index), payload);
  });
  return { header: floeHeader(input), segments };
}

/** Opens any FLOE message of the suite; finality by the stream's own markers, as the public known answers need. */
export function floeOpen(suite: FloeSuite, key: Uint8Array, aad: Uint8Array, message: Uint8Array): Bytes {
  const input = { suite, key, aad, iv: message.slice(10, 42) };
  demand(equal(message.subarray(0, 10), encodeParameters(suite)), "unsupported", "Other FLOE parameters.");
  demand(equal(message.subarray(0, FLOE_HEADER_BYTES), floeHeader(input)), "integrity", "The header tag is wrong.");
  const payloads: Bytes[] = [];
  let at = FLOE_HEADER_BYTES;
  for (let index = 0; ; index++) {
    const final = !equal(message.subarray(at, at + 4), NOT_LAST);
    const length = final ? fromBe(message.subarray(at, at + 4)) : suite.segmentBytes;
    const segment = message.subarray(at, at + length);
    demand(segment.length === length && length <= suite.segmentBytes, "integrity", "The message is cut.");
    payloads.push(openSegment(input, { index, final }, segment));
    at += length;
    if (final) break;
  }
  demand(at === message.length, "integrity", "Bytes after the last segment.");
  return concat(...payloads);
}
