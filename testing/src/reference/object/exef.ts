/** ExEF v3 objects (spec/exef.md), whole buffers. */

import { ascii, type Bytes, be, concat, equal, fromBe, isZero, zeros } from "../foundations/bytes.ts";
import { demandKey } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { EXEF_SUITE, encodeParameters, type FloeKeyInput, floeHeader, floeSeal, openSegment } from "./floe.ts";
import { leafOf, merkleTreeHash, rootOf, segmentsOf } from "./merkle.ts";
import { ciphertextLength, HEADER_BYTES, paddedLength, shapeOf } from "./padding.ts";

export const KIND = {
  content: 1,
  thumbnail: 2,
  folderPage: 3,
  slot: 4,
  keyring: 5,
  previousKeys: 6,
  standalone: 7,
  requestItem: 8,
  cache: 9,
} as const;

export interface Binding {
  readonly kind: number;
  readonly objectId: Uint8Array;
  readonly key: Uint8Array;
  readonly context: Uint8Array;
}

export interface GivenIvs {
  readonly iv: Uint8Array;
  readonly segmentIv: (index: number) => Uint8Array;
}

export function prelude(kind: number, objectId: Uint8Array): Bytes {
  return concat(ascii("ExEF"), be(2, 3), be(1, 1), be(1, kind), objectId, zeros(8));
}

export function floeInputOf(key: Uint8Array, iv: Uint8Array, prelude32: Uint8Array, context: Uint8Array): FloeKeyInput {
  return { suite: EXEF_SUITE, key, iv, aad: concat(ascii("excalibur.exef/v3"), prelude32, context) };
}

/** The padded plaintext of the data (§4). */
export function pad(data: Uint8Array): Bytes {
  const padded = zeros(paddedLength(data.length));
  padded.set(be(8, data.length));
  padded.set(data, 8);
  return padded;
}

/** Seals any padded plaintext, also a wrong one: must-fail vectors are made with it. */
export function sealPadded(binding: Binding, ivs: GivenIvs, padded: Uint8Array): Bytes {
  const head = prelude(binding.kind, binding.objectId);
  const sealed = floeSeal(floeInputOf(binding.key, ivs.iv, head, binding.context), padded, ivs.segmentIv);
  return concat(head, sealed.header, ...sealed.segments);
}

export function seal(binding: Binding, ivs: GivenIvs, data: Uint8Array): Bytes {
  demandKey(binding.key);
  return sealPadded(binding, ivs, pad(data));
}

export interface Expected {
  readonly kind: number;
  /** Left out where the opener cannot know it (slots, keyrings, pages). */
  readonly objectId?: Uint8Array;
  readonly key: Uint8Array;
  readonly context: Uint8Array;
  /** What the entry says; left out where there is no entry. */
  readonly root?: Uint8Array;
  readonly size?: number;
}

/** §1 and the first step of §9. */
export function checkHeader(ciphertext: Uint8Array): void {
  demand(ciphertext.length >= HEADER_BYTES, "malformed", "Shorter than a header.");
  demand(equal(ciphertext.subarray(0, 4), ascii("ExEF")), "malformed", "Not an ExEF object.");
  demand(fromBe(ciphertext.subarray(4, 6)) === 3, "unsupported", "Another version.");
  demand(ciphertext[6] === 1, "unsupported", "Another suite.");
  const kind = ciphertext[7] as number;
  demand(kind >= 1 && kind <= 9, "unsupported", "An unknown kind.");
  demand(isZero(ciphertext.subarray(24, 32)), "malformed", "Reserved bytes are not zero.");
  demand(equal(ciphertext.subarray(32, 42), encodeParameters(EXEF_SUITE)), "unsupported", "Other FLOE parameters.");
}

/** §9: everything is checked before anything is returned. */
export function open(ciphertext: Uint8Array, expected: Expected): Bytes {
  checkHeader(ciphertext);
  if (expected.size !== undefined) {
    const length = ciphertextLength(expected.size);
    demand(ciphertext.length === length, "integrity", "The object has another length than its entry says.");
  }
  const { padded } = shapeOf(ciphertext.length);
  demand(ciphertext[7] === expected.kind, "integrity", "The object is of another kind.");
  if (expected.objectId !== undefined) {
    demand(equal(ciphertext.subarray(8, 24), expected.objectId), "integrity", "It is another object.");
  }
  demandKey(expected.key);
  const header = ciphertext.slice(0, HEADER_BYTES);
  const input = floeInputOf(expected.key, header.slice(42, 74), header.slice(0, 32), expected.context);
  demand(equal(floeHeader(input), header.subarray(32)), "integrity", "The header tag is wrong.");
  const segments = segmentsOf(ciphertext);
  if (expected.root !== undefined) {
    const treeHash = merkleTreeHash(segments.map(leafOf));
    const root = rootOf({ header, ciphertextLength: ciphertext.length }, treeHash);
    demand(equal(root, expected.root), "integrity", "The object has another root.");
  }
  const payloads = segments.map((segment, index) =>
    openSegment(input, { index, final: index === segments.length - 1 }, segment),
  );
  return unpad(concat(...payloads), padded, expected.size);
}

function unpad(plaintext: Uint8Array, padded: number, size: number | undefined): Bytes {
  demand(plaintext.length === padded, "integrity", "The plaintext has another length.");
  // A length that is no number below 2^53 is as wrong as any other.
  demand(isZero(plaintext.subarray(0, 1)) && (plaintext[1] as number) < 32, "integrity", "The length is absurd.");
  const length = fromBe(plaintext.subarray(0, 8));
  demand(paddedLength(length) === padded, "integrity", "Length and padding disagree.");
  if (size !== undefined) demand(length === size, "integrity", "The data has another length than its entry says.");
  demand(isZero(plaintext.subarray(8 + length)), "integrity", "The padding is not zero.");
  return plaintext.slice(8, 8 + length) as Bytes;
}
