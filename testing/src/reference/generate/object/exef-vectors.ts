import { ascii, type Bytes, concat, hex } from "../../foundations/bytes.ts";
import { sha256 } from "../../foundations/hashes.ts";
import { floeInputOf, KIND, open, pad } from "../../object/exef.ts";
import { floeOpen, floeSeal, messageKeyOf, segmentAadOf, segmentKeyOf } from "../../object/floe.ts";
import { leafOf, objectRoot, segmentsOf } from "../../object/merkle.ts";
import { ciphertextLength, HEADER_BYTES, paddedLength, SEGMENT_BYTES, shapeOf } from "../../object/padding.ts";
import { type Case, fixed, type Json, refused, repeated, type VectorFile, vectorIvs } from "../vector-file.ts";
import { IV, KEY, NONE, PATTERN, type Sealed, sealed } from "./exef-samples.ts";
import { longCases } from "./refused-long-objects.ts";
import { bindingCases, headerCases, lengthFailures, paddingCases, segmentCases } from "./refused-objects.ts";

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

/** Every value on the way to the object of one byte, for whoever looks for a mistake. */
function workedExample(): Json {
  const { binding, data, ciphertext } = sealed(KIND.content, 1);
  const head = ciphertext.slice(0, 32);
  const input = floeInputOf(binding.key, IV, head, binding.context);
  const [segment] = segmentsOf(ciphertext);
  return {
    of: "content of 1 bytes",
    key: hex(binding.key),
    prelude: hex(head),
    aad: hex(input.aad),
    iv: hex(IV),
    header: hex(ciphertext.slice(0, HEADER_BYTES)),
    messageKey: hex(messageKeyOf(input)),
    segmentKey: hex(segmentKeyOf(input, 0)),
    segmentAad: hex(segmentAadOf(0, true)),
    segmentIv: hex(vectorIvs(IV).segmentIv(0)),
    paddedPlaintext: hex(pad(data)),
    segment: hex(segment as Bytes),
    leaf: hex(leafOf(segment as Bytes)),
    root: hex(objectRoot(ciphertext)),
  };
}

export function exefVectors(): VectorFile {
  return {
    about:
      "ExEF v3 (spec/exef.md). Vectors take the IV of segment i to be SHA-256(iv ‖ be64(i))[0..12); real objects draw it at random. In `refusedLong`, the bytes are the named pieces of the good object `of`.",
    lengths: lengthCases(),
    impossibleLengths: impossibleCases(),
    floe: floeCases(),
    worked: workedExample(),
    objects: objectCases(),
    refused: [...headerCases(), ...bindingCases(), ...segmentCases(), ...paddingCases(), ...lengthFailures()],
    refusedLong: longCases(),
  };
}
