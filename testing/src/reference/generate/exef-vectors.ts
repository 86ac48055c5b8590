import { ascii, type Bytes, be, concat, hex, zeros } from "../foundations/bytes.ts";
import { sha256 } from "../foundations/hashes.ts";
import type { RefusalClass } from "../foundations/refusal.ts";
import { type Binding, type Expected, KIND, open, pad, prelude, seal, sealPadded } from "../object/exef.ts";
import { EXEF_SUITE, floeHeader, floeOpen, floeSeal, type SegmentPlace, sealSegment } from "../object/floe.ts";
import { leafOf, objectRoot, segmentsOf } from "../object/merkle.ts";
import { ciphertextLength, HEADER_BYTES, paddedLength, SEGMENT_BYTES, shapeOf } from "../object/padding.ts";
import {
  type Case,
  fixed,
  flipped,
  type Json,
  overwritten,
  refused,
  repeated,
  type VectorFile,
  vectorIvs,
} from "./vector-file.ts";

const PATTERN = ascii("Excalibur");
const KEY = fixed("exef key", 32);
const OTHER_KEY = fixed("another exef key", 32);
const IV = fixed("exef iv", 32);
const OBJECT_ID = fixed("exef object", 16);
const NONE = zeros(0);

// ── lengths ──────────────────────────────────────────────────────────────────────────────────────────────────────

const SIZES = [
  0,
  1,
  2,
  8,
  511,
  512,
  513,
  543,
  544,
  545,
  575,
  576,
  577,
  1000,
  1023,
  1024,
  1025,
  4096,
  65_535,
  65_536,
  65_537,
  100_000,
  258_047,
  258_048,
  258_049,
  262_103,
  262_104,
  262_105,
  262_111,
  262_112,
  262_113,
  262_143,
  262_144,
  262_145,
  524_216,
  524_217,
  524_288,
  1_000_000,
  4_194_304,
  16_777_215,
  16_777_216,
  16_777_217,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 31 + 1,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 32 + 1,
  5_368_709_120,
  2 ** 40 + 1,
  2 ** 43 - 1,
  17_454_747_090_943,
  17_454_747_090_944,
];

function lengthCases(): Json[] {
  return SIZES.map((size) => {
    const length = ciphertextLength(size);
    return { size, padded: paddedLength(size), segments: shapeOf(length).segments, ciphertextLength: length };
  });
}

const IMPOSSIBLE: readonly (readonly [string, number])[] = [
  ["nothing", 0],
  ["a header alone", 106],
  ["a header and an empty segment", 138],
  ["one byte less than the smallest", 657],
  ["one byte more than the smallest", 659],
  ["between two steps of padding", 689],
  ["a last segment without payload", 106 + SEGMENT_BYTES + 32],
  ["a last segment shorter than its overhead", 106 + SEGMENT_BYTES + 5],
  ["one full segment: its padded length is no step", 106 + SEGMENT_BYTES],
  ["one byte more than the largest", ciphertextLength(17_454_747_090_944) + 1],
  ["more than 2^26 segments", 106 + (2 ** 26 + 1) * SEGMENT_BYTES],
];

function impossibleCases(): Json[] {
  return IMPOSSIBLE.map(([name, length]) =>
    refused(name, { refuse: "malformed", wrong: "no object has this length" }, { ciphertextLength: length }, () =>
      shapeOf(length),
    ),
  );
}

// ── FLOE alone, with small segments ──────────────────────────────────────────────────────────────────────────────

function floeCases(): Json[] {
  const shapes: readonly (readonly [string, number, number, number])[] = [
    ["empty", 40, 20, 0],
    ["one byte", 40, 20, 1],
    ["exactly one segment", 40, 20, 8],
    ["one segment and a byte", 40, 20, 9],
    ["ten segments, the key changes every four", 40, 2, 77],
    ["exactly nine segments, the key changes every two", 48, 1, 144],
    ["segments of 4096 bytes", 4096, 20, 10_000],
  ];
  const aad = ascii("associated data");
  return shapes.map(([name, segmentBytes, rotationMaskBits, size]) => {
    const suite = { segmentBytes, rotationMaskBits };
    const { bytes, recipe } = repeated(PATTERN, size);
    const { header, segments } = floeSeal({ suite, key: KEY, iv: IV, aad }, bytes, vectorIvs(IV).segmentIv);
    const message = concat(header, ...segments);
    if (hex(floeOpen(suite, KEY, aad, message)) !== hex(bytes)) throw new Error(`"${name}" does not open.`);
    const common = {
      name,
      segmentBytes,
      rotationMaskBits,
      key: hex(KEY),
      iv: hex(IV),
      aad: hex(aad),
      plaintext: recipe,
    };
    return { ...common, ...(message.length > 2000 ? { sha256: hex(sha256(message)) } : { message: hex(message) }) };
  });
}

// ── whole objects ────────────────────────────────────────────────────────────────────────────────────────────────

interface Sealed {
  readonly binding: Binding;
  readonly data: Bytes;
  readonly recipe: Json;
  readonly ciphertext: Bytes;
}

function sealed(kind: number, size: number, context: Uint8Array = NONE): Sealed {
  const { bytes, recipe } = repeated(PATTERN, size);
  const binding = { kind, objectId: OBJECT_ID, key: KEY, context };
  return { binding, data: bytes, recipe, ciphertext: seal(binding, vectorIvs(IV), bytes) };
}

function objectCase(name: string, object: Sealed): Case {
  const { binding, ciphertext } = object;
  open(ciphertext, { ...binding, root: objectRoot(ciphertext), size: object.data.length });
  const small = ciphertext.length <= 1200;
  return {
    name,
    kind: binding.kind,
    objectId: hex(binding.objectId),
    key: hex(binding.key),
    context: hex(binding.context),
    iv: hex(IV),
    plaintext: object.recipe,
    ciphertextLength: ciphertext.length,
    header: hex(ciphertext.subarray(0, HEADER_BYTES)),
    ...(small ? { ciphertext: hex(ciphertext) } : {}),
    sha256: hex(sha256(ciphertext)),
    leaves: segmentsOf(ciphertext).map((segment) => hex(leafOf(segment))),
    root: hex(objectRoot(ciphertext)),
  };
}

const OBJECT_SIZES = [
  0, 1, 511, 512, 513, 1000, 65_536, 258_048, 258_049, 262_103, 262_104, 262_105, 262_144, 524_216, 524_217, 1_000_000,
];

function objectCases(): Json[] {
  const contents = OBJECT_SIZES.map((size) => objectCase(`content of ${size} bytes`, sealed(KIND.content, size)));
  const contexts: readonly (readonly [string, number, Uint8Array])[] = [
    ["thumbnail", KIND.thumbnail, NONE],
    ["folder page with a context of 119 bytes", KIND.folderPage, fixed("page context", 119)],
    ["slot", KIND.slot, concat(Uint8Array.of(1), fixed("slot context", 37))],
    ["keyring", KIND.keyring, concat(Uint8Array.of(2), fixed("keyring context", 28))],
    ["previous keys", KIND.previousKeys, concat(Uint8Array.of(3), fixed("previous context", 20))],
    ["cache record", KIND.cache, concat(Uint8Array.of(7), fixed("cache context", 52))],
  ];
  return [...contents, ...contexts.map(([name, kind, context]) => objectCase(name, sealed(kind, 32, context)))];
}

// ── must-fail objects ────────────────────────────────────────────────────────────────────────────────────────────

const SMALL = sealed(KIND.content, 100);
const SLOT = sealed(KIND.slot, 32, concat(Uint8Array.of(1), fixed("slot context", 37)));

interface Wrong {
  readonly name: string;
  readonly refuse: RefusalClass;
  readonly wrong: string;
}

/** What the opener expects, with anything changed that the case is about. */
function expectation(object: Sealed, changes: Partial<Expected> = {}): Expected {
  const root = objectRoot(object.ciphertext);
  const known = object.binding.kind <= KIND.thumbnail ? { root, size: object.data.length } : {};
  return { ...object.binding, ...known, ...changes };
}

function describe(expected: Expected): { [key: string]: Json } {
  return {
    kind: expected.kind,
    ...(expected.objectId ? { objectId: hex(expected.objectId) } : {}),
    key: hex(expected.key),
    context: hex(expected.context),
    ...(expected.root ? { root: hex(expected.root) } : {}),
    ...(expected.size === undefined ? {} : { size: expected.size }),
  };
}

/** Small enough to stand in the file. The root fits the altered bytes unless the case is about the root. */
function refusedBytes(wrong: Wrong, ciphertext: Bytes, expected: Expected): Case {
  const input = { ...describe(expected), ciphertext: hex(ciphertext) };
  return refused(wrong.name, { refuse: wrong.refuse, wrong: wrong.wrong }, input, () => open(ciphertext, expected));
}

function fittingRoot(ciphertext: Bytes): { root: Bytes } {
  return { root: objectRoot(ciphertext) };
}

function headerCases(): Case[] {
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

function bindingCases(): Case[] {
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

function segmentCases(): Case[] {
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

function paddingCases(): Case[] {
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

function lengthFailures(): Case[] {
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

/** Long objects are altered by a recipe: pieces of the good ciphertext, in this order, and bytes in hex. */
type Piece = { from: number; to: number } | { hex: string };

function cutAndPaste(source: Bytes, pieces: readonly Piece[]): Bytes {
  return concat(
    ...pieces.map((piece) =>
      "hex" in piece ? Uint8Array.from(Buffer.from(piece.hex, "hex")) : source.slice(piece.from, piece.to),
    ),
  );
}

function longCases(): Case[] {
  const size = 1_000_000;
  const object = sealed(KIND.content, size);
  const { ciphertext } = object;
  const at = (segment: number) => HEADER_BYTES + segment * SEGMENT_BYTES;
  const header = { from: 0, to: HEADER_BYTES };
  const segment = (i: number) => ({ from: at(i), to: Math.min(at(i + 1), ciphertext.length) });
  const lastLength = ciphertext.length - at(3);
  const expected = expectation(object);
  const make = (name: string, pieces: readonly Piece[], changes: Partial<Expected> = {}): Case => {
    const altered = cutAndPaste(ciphertext, pieces);
    const wanted = { ...expected, ...changes };
    const input = {
      ...describe(wanted),
      of: `content of ${size} bytes`,
      pieces: [...pieces],
      sha256: hex(sha256(altered)),
    };
    return refused(name, { refuse: "integrity", wrong: name }, input, () => open(altered, wanted));
  };
  const flipAt = (offset: number): Piece[] => [
    { from: 0, to: offset },
    { hex: hex(Uint8Array.of((ciphertext[offset] as number) ^ 1)) },
    { from: offset + 1, to: ciphertext.length },
  ];
  const noRoot = (pieces: readonly Piece[]) => fittingRoot(cutAndPaste(ciphertext, pieces));
  const swapped = [header, segment(1), segment(0), segment(2), segment(3)];
  const doubled = [header, segment(0), segment(0), segment(2), segment(3)];
  const lastAsMiddle = [
    header,
    segment(0),
    segment(3),
    { from: at(1) + lastLength, to: at(2) },
    segment(2),
    segment(3),
  ];
  const middleAsLast = [header, segment(0), segment(1), segment(2), { from: at(2), to: at(2) + lastLength }];
  const flippedMiddle = flipAt(at(1) + 1000);
  return [
    make("segments 0 and 1 swapped", swapped),
    make("segments 0 and 1 swapped, under a root that fits", swapped, noRoot(swapped)),
    make("segment 0 in the place of segment 1", doubled, noRoot(doubled)),
    make("a middle segment dropped", [header, segment(0), segment(2), segment(3)]),
    make("a middle segment twice", [header, segment(0), segment(1), segment(1), segment(2), segment(3)]),
    make("the last segment dropped", [header, segment(0), segment(1), segment(2)]),
    make("cut in the middle of a segment", [{ from: 0, to: at(2) + 1000 }]),
    make("cut by the last byte", [{ from: 0, to: ciphertext.length - 1 }]),
    make("only the header", [header]),
    make("a byte after the end", [{ from: 0, to: ciphertext.length }, { hex: "00" }]),
    make("the last segment twice", [{ from: 0, to: ciphertext.length }, segment(3)]),
    make("the last segment where a middle one must be", lastAsMiddle, noRoot(lastAsMiddle)),
    make("the beginning of a middle segment as the last", middleAsLast, noRoot(middleAsLast)),
    make("a bit flipped in the first segment", flipAt(at(0) + 100)),
    make("a bit flipped in a middle segment, under a root that fits", flippedMiddle, noRoot(flippedMiddle)),
    make("a bit flipped in the last tag", flipAt(ciphertext.length - 1)),
    make("a middle marker that claims to be the last", [
      { from: 0, to: at(1) },
      { hex: "00040000" },
      { from: at(1) + 4, to: ciphertext.length },
    ]),
  ];
}

export function exefVectors(): VectorFile {
  return {
    about:
      "ExEF v3 (spec/exef.md). Vectors take the IV of segment i to be SHA-256(iv ‖ be64(i))[0..12); real objects draw it at random. In `refusedLong`, the bytes are the named pieces of the good object `of`.",
    lengths: lengthCases(),
    impossibleLengths: impossibleCases(),
    floe: floeCases(),
    objects: objectCases(),
    refused: [...headerCases(), ...bindingCases(), ...segmentCases(), ...paddingCases(), ...lengthFailures()],
    refusedLong: longCases(),
  };
}
