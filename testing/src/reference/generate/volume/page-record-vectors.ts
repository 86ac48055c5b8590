import { ascii, type Bytes, be, concat, hex, zeros } from "../../foundations/bytes.ts";
import { sha256 } from "../../foundations/hashes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { ciphertextLength } from "../../object/padding.ts";
import { encodePageContent, readPageContent } from "../../volume/entries.ts";
import {
  checkIntroducedBy,
  type ExpectedPage,
  openPage,
  openPageAnyHash,
  type PageHeader,
  readPageRecord,
  sealPage,
} from "../../volume/page-record.ts";
import { alice, bob } from "../people/people.ts";
import { type Case, fixed, flipped, type Json, overwritten, packed, refused, vectorIvs } from "../vector-file.ts";
import { C, EVERYTHING, folder, NODE_ID, PARENT, pageJson, ROOT, VK, VOLUME_ID, WHOLE } from "./page-samples.ts";

const HEADER: PageHeader = {
  volumeId: VOLUME_ID,
  nodeId: NODE_ID,
  bitsLength: 1,
  bits: 0x8000,
  version: 3,
  g: 1,
  manifestVersion: 2,
  previousRecordHash: fixed("page before", 32),
  writerFingerprint: alice.fingerprint,
};

const PLAINTEXT = encodePageContent([folder(C)]);

function sealWith(header: PageHeader, plaintext = PLAINTEXT, vk = VK): Bytes {
  return sealPage({ header, vk, objectId: fixed("page object", 16), ivs: vectorIvs(fixed("page iv", 32)) }, plaintext);
}

function expectedJson(expected: Omit<ExpectedPage, "recordHash">): { [key: string]: Json } {
  return { ...pageJson(expected), version: expected.version, headG: expected.headG };
}

function recordCase(name: string, header: PageHeader, plaintext: Bytes): Case {
  const record = sealWith(header, plaintext);
  const expected = { ...header, recordHash: sha256(record), headG: header.g };
  const opened = openPage(record, expected, VK);
  readPageContent(opened, expected);
  return {
    name,
    ...expectedJson(expected),
    g: header.g,
    manifestVersion: header.manifestVersion,
    previousRecordHash: hex(header.previousRecordHash),
    writerFingerprint: hex(header.writerFingerprint),
    vk: hex(VK),
    record: hex(record),
    recordHash: hex(expected.recordHash),
    plaintext: hex(opened),
  };
}

const ROOT_HEADER: PageHeader = {
  ...HEADER,
  nodeId: VOLUME_ID,
  ...WHOLE,
  version: 1,
  g: 0,
  manifestVersion: 0,
  previousRecordHash: zeros(32),
};

export function refusedRecords(): Case[] {
  const good = sealWith(HEADER);

  const make = (name: string, refuse: RefusalClass, record: Bytes, vk = VK): Case => {
    const expected = { ...HEADER, headG: 1 };
    const input = { ...expectedJson(expected), vk: hex(vk), recordHash: hex(sha256(record)), record: packed(record) };
    return refused(name, { refuse, wrong: name }, input, () => openPageAnyHash(record, expected, vk));
  };
  const altered = (name: string, refuse: RefusalClass, at: number, piece: Uint8Array): Case =>
    make(name, refuse, overwritten(good, at, piece));
  const elsewhere = (name: string, changes: Partial<PageHeader>): Case =>
    make(name, "integrity", sealWith({ ...HEADER, ...changes }));
  const flip = (name: string, at: number): Case => make(name, "integrity", flipped(good, at));
  return [
    make("nothing", "malformed", zeros(0)),
    altered("another magic", "malformed", 3, ascii("2")),
    altered("17 bits", "malformed", 36, Uint8Array.of(17)),
    altered("bits below the prefix", "malformed", 37, be(2, 0x8001)),
    altered("version 0", "malformed", 39, zeros(8)),
    altered("version 2^48", "malformed", 39, be(8, 2 ** 48)),
    altered("version 2^53", "malformed", 39, be(8, 2n ** 53n)),
    altered("a length one too small", "malformed", 119, be(4, good.length - 124)),
    altered("a length one too large", "malformed", 119, be(4, good.length - 122)),
    make("a byte missing", "malformed", good.slice(0, -1)),
    make("a byte left over", "malformed", concat(good, zeros(1))),
    make("only the header", "malformed", good.slice(0, 119)),
    make(
      "an object of an impossible length",
      "malformed",
      concat(good.slice(0, 119), be(4, good.length - 122), good.slice(123), zeros(1)),
    ),
    make("an object that is too long for a page", "malformed", tooLong()),
    altered("the object is of kind 1", "malformed", 130, Uint8Array.of(1)),
    altered("the object is of version 2", "unsupported", 128, Uint8Array.of(2)),
    elsewhere("of another volume", { volumeId: fixed("other", 16) }),
    elsewhere("of another folder", { nodeId: fixed("other", 16) }),
    elsewhere("the other half of the folder", { bits: 0 }),
    elsewhere("the whole folder", WHOLE),
    elsewhere("an older version", { version: 2 }),
    elsewhere("a newer version", { version: 4 }),
    elsewhere("a generation above the head's", { g: 2 }),
    altered("g in the header changed: the key is another", "integrity", 47, be(4, 0)),
    altered("manifestVersion in the header changed", "integrity", 51, be(4, 9)),
    flip("previousRecordHash in the header changed", 55),
    flip("writerFingerprint in the header changed", 87),
    flip("a bit of the object's header tag", 123 + 80),
    flip("a bit of the object's segment", 123 + 200),
    make("another volume key", "integrity", good, fixed("another vk", 32)),
    make("a volume key of zeros", "weak-key", good, zeros(32)),
    ...anotherHash(good),
  ];
}

/** 132 KiB in a page of less than 16 bits; the bytes are a header and zeros, which is as far as a reader looks. */
function tooLong(): Bytes {
  const length = ciphertextLength(135_168);
  const object = overwritten(zeros(length), 0, sealWith(HEADER).slice(123, 123 + 106));
  return concat(sealWith(HEADER).slice(0, 119), be(4, length), object);
}

/** Good in every way, but not the record whose hash stands in the state. */
function anotherHash(good: Bytes): Case[] {
  const expected = { ...HEADER, headG: 1, recordHash: fixed("a hash", 32) };
  const input = { ...expectedJson(expected), vk: hex(VK), recordHash: hex(expected.recordHash), record: hex(good) };
  const wrong = { refuse: "integrity", wrong: "the state names another record" } as const;
  return [refused("another recordHash", wrong, input, () => openPage(good, expected, VK))];
}

export function introductions(): Case[] {
  const record = sealWith(HEADER);
  const commit = { writerFingerprint: alice.fingerprint, g: 1, manifestVersion: 2 };
  const make = (name: string, changes: Partial<typeof commit>): Case => {
    const by = { ...commit, ...changes };
    const input = {
      record: hex(record),
      commit: { writerFingerprint: hex(by.writerFingerprint), g: by.g, manifestVersion: by.manifestVersion },
    };
    return refused(name, { refuse: "integrity", wrong: name }, input, () =>
      checkIntroducedBy(readPageRecord(record).header, by),
    );
  };
  checkIntroducedBy(readPageRecord(record).header, commit);
  return [
    make("by another writer", { writerFingerprint: bob.fingerprint }),
    make("under another g", { g: 2 }),
    make("under another manifest", { manifestVersion: 3 }),
  ];
}

export function recordCases(): Case[] {
  return [
    recordCase("the upper half of a folder", HEADER, PLAINTEXT),
    recordCase("the root, empty", ROOT_HEADER, encodePageContent([], ROOT)),
    recordCase("a folder with everything", { ...HEADER, ...WHOLE }, encodePageContent(EVERYTHING, PARENT)),
  ];
}
