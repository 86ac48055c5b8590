import { ascii, type Bytes, be, concat, zeros } from "../../foundations/bytes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { type Expected, KIND, pad, prelude, seal, sealPadded } from "../../object/exef.ts";
import { EXEF_SUITE, floeHeader, type SegmentPlace, sealSegment } from "../../object/floe.ts";
import { type Case, fixed, flipped, overwritten, vectorIvs } from "../vector-file.ts";
import {
  expectation,
  fittingRoot,
  IV,
  KEY,
  NONE,
  OBJECT_ID,
  OTHER_KEY,
  refusedBytes,
  SLOT,
  SMALL,
  sealed,
  type Wrong,
} from "./exef-samples.ts";

export function headerCases(): Case[] {
  const { ciphertext } = SMALL;
  const make = (name: string, refuse: RefusalClass, at: number, ...bytes: number[]): Case => {
    const altered = overwritten(ciphertext, at, Uint8Array.from(bytes));
    return refusedBytes({ name, refuse, wrong: name }, altered, expectation(SMALL, fittingRoot(altered)));
  };
  const reserved = Array.from({ length: 8 }, (_, i) => make(`reserved byte ${i} set`, "malformed", 24 + i, 1));
  const parameters = Array.from({ length: 10 }, (_, i) =>
    make(`FLOE parameter byte ${i} changed`, "unsupported", 32 + i, (ciphertext[32 + i] as number) ^ 1),
  );
  return [
    make("magic changed in its first byte", "malformed", 0, 0x65),
    make("magic changed in its last byte", "malformed", 3, 0x47),
    make("version 0", "unsupported", 4, 0, 0),
    make("version 2, the earlier format", "unsupported", 4, 0, 2),
    make("version 4", "unsupported", 4, 0, 4),
    make("version 3 in the wrong byte order", "unsupported", 4, 3, 0),
    make("version 0x0103", "unsupported", 4, 1, 3),
    make("suite 0", "unsupported", 6, 0),
    make("suite 2", "unsupported", 6, 2),
    make("suite 255", "unsupported", 6, 255),
    make("kind 0", "unsupported", 7, 0),
    make("kind 10", "unsupported", 7, 10),
    make("kind 255", "unsupported", 7, 255),
    make("kind 2 instead of 1", "integrity", 7, 2),
    make("kind 3 instead of 1", "integrity", 7, 3),
    make("another objectId", "integrity", 8, (ciphertext[8] as number) ^ 1),
    ...reserved,
    ...parameters,
    make("IV flipped", "integrity", 42, (ciphertext[42] as number) ^ 1),
    make("header tag flipped in its first byte", "integrity", 74, (ciphertext[74] as number) ^ 1),
    make("header tag flipped in its last byte", "integrity", 105, (ciphertext[105] as number) ^ 1),
  ];
}

export function bindingCases(): Case[] {
  const bytes = SMALL.ciphertext;
  const integrity = (name: string): Wrong => ({ name, refuse: "integrity", wrong: name });
  const kinds = [KIND.content, KIND.thumbnail, KIND.folderPage, KIND.slot, KIND.keyring, KIND.previousKeys, KIND.cache];
  const confused = kinds.flatMap((actual) =>
    kinds
      .filter((expected) => expected !== actual)
      .map((expected) => {
        const object = sealed(actual, 32);
        const wanted = { kind: expected, key: KEY, context: NONE };
        return refusedBytes(integrity(`kind ${actual} where kind ${expected} is expected`), object.ciphertext, wanted);
      }),
  );
  // The header would fit kind 2 if kind were not part of what is authenticated.
  const relabelled = overwritten(bytes, 7, Uint8Array.of(KIND.thumbnail));
  return [
    refusedBytes(integrity("another key"), bytes, expectation(SMALL, { key: OTHER_KEY })),
    refusedBytes(
      { name: "a key of zeros", refuse: "weak-key", wrong: "a key of zeros" },
      bytes,
      expectation(SMALL, { key: zeros(32) }),
    ),
    refusedBytes(
      integrity("another objectId is expected"),
      bytes,
      expectation(SMALL, { objectId: fixed("other", 16) }),
    ),
    refusedBytes(integrity("a context where there is none"), bytes, expectation(SMALL, { context: Uint8Array.of(0) })),
    refusedBytes(
      integrity("another context"),
      SLOT.ciphertext,
      expectation(SLOT, { context: flipped(SLOT.binding.context, -1) }),
    ),
    refusedBytes(integrity("no context where there is one"), SLOT.ciphertext, expectation(SLOT, { context: NONE })),
    refusedBytes(
      integrity("relabelled as a thumbnail"),
      relabelled,
      expectation(SMALL, { kind: KIND.thumbnail, ...fittingRoot(relabelled) }),
    ),
    refusedBytes(integrity("another root"), bytes, expectation(SMALL, { root: fixed("root", 32) })),
    ...substituted(),
    ...confused,
  ];
}

/** A holder of FK seals other data under the same objectId: every tag is right, only the root is not. */
function substituted(): Case[] {
  const other = seal(SMALL.binding, vectorIvs(fixed("another iv", 32)), new Uint8Array(100));
  const wrong = {
    name: "substituted by a holder of the key",
    refuse: "integrity",
    wrong: "only the root tells",
  } as const;
  return [refusedBytes(wrong, other, expectation(SMALL))];
}

export function segmentCases(): Case[] {
  const { ciphertext } = SMALL;
  const make = (name: string, altered: Bytes): Case =>
    refusedBytes({ name, refuse: "integrity", wrong: name }, altered, expectation(SMALL, fittingRoot(altered)));
  return [
    make("marker says there is more", overwritten(ciphertext, 106, Uint8Array.of(255, 255, 255, 255))),
    make("marker one too large", overwritten(ciphertext, 106, be(4, ciphertext.length - 106 + 1))),
    make("marker one too small", overwritten(ciphertext, 106, be(4, ciphertext.length - 106 - 1))),
    make("marker counts the payload only", overwritten(ciphertext, 106, be(4, 520))),
    make("segment IV flipped", flipped(ciphertext, 110)),
    make("first byte of the ciphertext flipped", flipped(ciphertext, 122)),
    make("last byte of the ciphertext flipped", flipped(ciphertext, -17)),
    make("tag flipped", flipped(ciphertext, -1)),
    make("sealed as if it were not the last", resealed({ index: 0, final: false })),
    make("sealed as segment 1", resealed({ index: 1, final: true })),
  ];
}

/** The only segment again, under another place but with the marker of the last. */
function resealed(place: SegmentPlace): Bytes {
  const aad = concat(ascii("excalibur.exef/v3"), prelude(KIND.content, OBJECT_ID));
  const input = { suite: EXEF_SUITE, key: KEY, iv: IV, aad };
  const segment = sealSegment(input, place, vectorIvs(IV).segmentIv(0), pad(SMALL.data));
  const marked = overwritten(segment, 0, be(4, segment.length));
  return concat(prelude(KIND.content, OBJECT_ID), floeHeader(input), marked);
}

export function paddingCases(): Case[] {
  const padded = pad(SMALL.data);
  const make = (name: string, wrongPadded: Uint8Array, size?: number): Case => {
    const altered = sealPadded(SMALL.binding, vectorIvs(IV), wrongPadded);
    const expected: Expected = {
      ...SMALL.binding,
      ...fittingRoot(altered),
      ...(size === undefined ? {} : { size }),
    };
    return refusedBytes({ name, refuse: "integrity", wrong: name }, altered, expected);
  };
  const withLength = (value: number | bigint) => overwritten(padded, 0, be(8, value));
  return [
    make("a byte of padding right after the data", overwritten(padded, 108, Uint8Array.of(1))),
    make("the last byte of padding", overwritten(padded, 519, Uint8Array.of(1))),
    make("length one too small, so a byte of data stands in the padding", withLength(99)),
    make("length one more than the entry says", withLength(101), 100),
    make("length one less than the entry says", overwritten(withLength(99), 107, Uint8Array.of(0)), 100),
    make("length above what the padding allows", withLength(513)),
    make("length above the plaintext", withLength(1_000_000)),
    make("length 2^53", withLength(2n ** 53n)),
    make("length 2^64 - 1", withLength(2n ** 64n - 1n)),
    make("padded further than needed", overwritten(zeros(552), 0, padded)),
  ];
}

export function lengthFailures(): Case[] {
  const { ciphertext } = SMALL;
  const cut = (name: string, refuse: RefusalClass, altered: Bytes, expected: Expected): Case =>
    refusedBytes({ name, refuse, wrong: name }, altered, expected);
  const slot = SLOT.ciphertext;
  const lonely = expectation(SLOT);
  const whole = expectation(SMALL);
  return [
    cut("content cut by a byte", "integrity", ciphertext.slice(0, -1), whole),
    cut("content cut to its header", "integrity", ciphertext.slice(0, 106), whole),
    cut("content with a byte after it", "integrity", concat(ciphertext, Uint8Array.of(0)), whole),
    cut("content of another length than its entry says", "integrity", ciphertext, expectation(SMALL, { size: 600 })),
    cut("nothing", "malformed", zeros(0), lonely),
    cut("a slot cut inside its header", "malformed", slot.slice(0, 105), lonely),
    cut("a slot cut by a byte", "malformed", slot.slice(0, -1), lonely),
    cut("a slot with a byte after it", "malformed", concat(slot, Uint8Array.of(0)), lonely),
  ];
}
