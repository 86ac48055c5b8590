import { ascii, type Bytes, be, concat, hex, unhex, zeros } from "../../foundations/bytes.ts";
import { sha256 } from "../../foundations/hashes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { openV2, sealV2 } from "../../object/exef-v2.ts";
import { type Case, fixed, flipped, overwritten, refused, repeated, type VectorFile } from "../vector-file.ts";
import { PATTERN } from "./exef-samples.ts";

const NONCE = fixed("v2 nonce", 12);
const KEY = fixed("v2 key", 32);

/** What the earlier project's own tests expect: key, file and data are theirs. */
const PUBLISHED = {
  key: ascii("111111111111111111111111"),
  file: unhex("45784546000200c0abababababababababababab00000000000000052e3aa84b6a21eec34610517ba0479a0ed0dd374cba"),
  data: ascii("HELLO"),
};

function published(): Case {
  const { key, file, data } = PUBLISHED;
  if (hex(sealV2(key, file.slice(8, 20), data)) !== hex(file)) throw new Error("The published file is another one.");
  return {
    name: "published by the earlier project",
    key: hex(key),
    plaintext: hex(data),
    file: hex(file),
    sha256: hex(sha256(file)),
  };
}

function good(name: string, key: Bytes, size: number): Case {
  const { bytes, recipe } = repeated(PATTERN, size);
  const file = sealV2(key, NONCE, bytes);
  if (hex(openV2(file, key)) !== hex(bytes)) throw new Error(`"${name}" does not open.`);
  const whole = file.length <= 2000 ? { file: hex(file) } : {};
  return { name, key: hex(key), nonce: hex(NONCE), plaintext: recipe, ...whole, sha256: hex(sha256(file)) };
}

function refusedCases(): Case[] {
  const file = sealV2(KEY, NONCE, ascii("forty-two bytes of somebody's earlier file"));
  const make = (name: string, refuse: RefusalClass, bytes: Bytes, key: Bytes = KEY): Case =>
    refused(name, { refuse, wrong: name }, { key: hex(key), file: hex(bytes) }, () => openV2(bytes, key));
  const at = (name: string, refuse: RefusalClass, offset: number, bytes: Uint8Array): Case =>
    make(name, refuse, overwritten(file, offset, bytes));
  const length = (name: string, refuse: RefusalClass, value: number | bigint): Case =>
    at(name, refuse, 20, be(8, value));
  return [
    make("nothing", "malformed", zeros(0)),
    make("cut inside the header", "malformed", file.slice(0, 27)),
    at("magic changed", "malformed", 0, ascii("exEF")),
    at("version 1", "unsupported", 4, be(2, 1)),
    at("version 3 as the earlier project counted", "unsupported", 4, Uint8Array.of(3, 3)),
    at("version 3, the format of today", "unsupported", 4, be(2, 3)),
    at("version in the wrong byte order", "unsupported", 4, Uint8Array.of(2, 0)),
    at("key bits 0", "malformed", 6, be(2, 0)),
    at("key bits 255", "malformed", 6, be(2, 255)),
    at("key bits 512", "malformed", 6, be(2, 512)),
    at("key bytes instead of bits", "malformed", 6, be(2, 32)),
    at("key bits in the wrong byte order", "malformed", 6, Uint8Array.of(0, 1)),
    at("key bits of another length than the key", "integrity", 6, be(2, 128)),
    make("a key of another length", "integrity", file, KEY.slice(0, 16)),
    make("another key", "integrity", file, fixed("another v2 key", 32)),
    make("a key of zeros", "weak-key", sealV2(zeros(32), NONCE, PATTERN), zeros(32)),
    make("nonce altered", "integrity", flipped(file, 8)),
    length("length one too small", "integrity", 41),
    length("length one too large", "integrity", 43),
    length("length 0", "integrity", 0),
    length("length as large as AES-GCM allows", "integrity", 2 ** 36 - 32),
    length("length larger than AES-GCM allows", "malformed", 2 ** 36 - 31),
    length("length 2^53", "malformed", 2n ** 53n),
    length("length 2^63", "malformed", 2n ** 63n),
    length("length 2^64 - 1", "malformed", 2n ** 64n - 1n),
    make("first byte of the ciphertext altered", "integrity", flipped(file, 28)),
    make("last byte of the ciphertext altered", "integrity", flipped(file, -17)),
    make("first byte of the tag altered", "integrity", flipped(file, -16)),
    make("last byte of the tag altered", "integrity", flipped(file, -1)),
    make("cut to its header", "integrity", file.slice(0, 28)),
    make("cut inside the ciphertext", "integrity", file.slice(0, 40)),
    make("cut inside the tag", "integrity", file.slice(0, -1)),
    make("a byte after the tag", "integrity", concat(file, Uint8Array.of(0))),
    make("another file after it", "integrity", concat(file, file)),
  ];
}

export function exefV2Vectors(): VectorFile {
  return {
    about:
      "Files of the earlier Excalibur (spec/exef-v2.md). A long file is what its key, nonce and plaintext give, with that sha256.",
    files: [
      published(),
      good("128 bits, no data", KEY.slice(0, 16), 0),
      good("192 bits", KEY.slice(0, 24), 1000),
      good("256 bits, one byte", KEY, 1),
      good("256 bits, longer than a piece", KEY, 700_000),
    ],
    refused: refusedCases(),
  };
}
