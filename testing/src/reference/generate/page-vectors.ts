import { ascii, type Bytes, be, compare, concat, hex, utf8, zeros } from "../foundations/bytes.ts";
import { encode, type Value } from "../foundations/cbor.ts";
import type { CborMap } from "../foundations/fields.ts";
import { sha256 } from "../foundations/hashes.ts";
import type { RefusalClass } from "../foundations/refusal.ts";
import { ciphertextLength } from "../object/padding.ts";
import { encodePageContent, objectDelta, type PageIdentity, readPageContent } from "../volume/entries.ts";
import { isNameAllowed } from "../volume/names.ts";
import { checkComplete, halves, type PagePlace } from "../volume/page-place.ts";
import {
  checkIntroducedBy,
  type ExpectedPage,
  openPage,
  openPageAnyHash,
  type PageHeader,
  readPageRecord,
  sealPage,
} from "../volume/page-record.ts";
import { alice, bob } from "./people.ts";
import {
  type Case,
  fixed,
  flipped,
  type Json,
  overwritten,
  packed,
  refused,
  type VectorFile,
  vectorIvs,
} from "./vector-file.ts";

const VOLUME_ID = fixed("page volume", 16);
const NODE_ID = fixed("page node", 16);
const TRASH_ID = fixed("page trash", 16);
const VK = fixed("page vk", 32);
const TIME = 1_790_000_000_000;

// ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────

type Changes = readonly (readonly [number | string, Value | undefined])[];

function changed(map: CborMap, changes: Changes): CborMap {
  const copy = new Map(map);
  for (const [key, value] of changes) {
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  }
  return copy;
}

function folder(childId: Uint8Array, changes: Changes = []): CborMap {
  const map: CborMap = new Map<number, Value>([
    [1, childId],
    [2, 0],
    [3, "Photos"],
    [4, TIME],
    [5, TIME + 1],
    [6, alice.userId],
  ]);
  return changed(map, changes);
}

function objectFields(name: string, size: number): [number, Value][] {
  return [
    [1, fixed(`${name} object`, 16)],
    [2, fixed(`${name} key`, 32)],
    [3, fixed(`${name} root`, 32)],
    [4, ciphertextLength(size)],
    [5, size],
  ];
}

function fileMap(name: string, size: number, changes: Changes = []): CborMap {
  return changed(new Map<number, Value>([...objectFields(name, size), [6, "image/jpeg"]]), changes);
}

function file(childId: Uint8Array, name: string, size: number, changes: Changes = []): CborMap {
  return folder(childId, [
    [2, 1],
    [3, name],
    [7, fileMap(name, size, changes)],
  ]);
}

function thumbnail(name: string): CborMap {
  return new Map(objectFields(`${name} thumbnail`, 5000).slice(0, 4));
}

function version(name: string, size: number, changes: Changes = []): CborMap {
  return changed(new Map<number, Value>([...objectFields(name, size), [6, TIME - 5000], [7, TIME - 1000]]), changes);
}

function mount(childId: Uint8Array, changes: Changes = []): CborMap {
  const target = new Map<number, Value>([
    [1, fixed("mounted volume", 16)],
    [2, fixed("mounted genesis", 32)],
  ]);
  return folder(childId, [
    [2, 2],
    [3, "Shared"],
    [8, changed(target, changes)],
  ]);
}

function id(first: number, second: number, name = "child"): Bytes {
  return overwritten(fixed(`${name} ${first} ${second}`, 16), 0, Uint8Array.of(first, second));
}

const A = id(0x10, 0);
const B = id(0x20, 0);
const C = id(0xf0, 0);

// ── page plaintexts ──────────────────────────────────────────────────────────────────────────────────────────────

const WHOLE: PagePlace = { bitsLength: 0, bits: 0 };
const IN_FOLDER: PageIdentity = { ...WHOLE, volumeId: VOLUME_ID, nodeId: NODE_ID };
const IN_ROOT: PageIdentity = { ...WHOLE, volumeId: VOLUME_ID, nodeId: VOLUME_ID };
const PARENT = { parentNodeId: VOLUME_ID };
const ROOT = { parentNodeId: null, trashNodeId: TRASH_ID };

function pageJson(page: PageIdentity): { [key: string]: Json } {
  const { volumeId, nodeId, bitsLength, bits } = page;
  return { volumeId: hex(volumeId), nodeId: hex(nodeId), bitsLength, bits };
}

function contentCase(name: string, page: PageIdentity, plaintext: Bytes): Case {
  const content = readPageContent(plaintext, page);
  return {
    name,
    ...pageJson(page),
    plaintext: hex(plaintext),
    entries: content.entries.map((entry) => ({
      childId: hex(entry.get(1) as Uint8Array),
      type: entry.get(2) as number,
      name: entry.get(3) as string,
    })),
    ...(content.parentNodeId === undefined
      ? {}
      : { parentNodeId: content.parentNodeId ? hex(content.parentNodeId) : null }),
    ...(content.trashNodeId ? { trashNodeId: hex(content.trashNodeId) } : {}),
  };
}

function manyEntries(count: number, place: PagePlace): CborMap[] {
  const width = 2 ** (16 - place.bitsLength);
  return Array.from({ length: count }, (_, i) => {
    const prefix = place.bits + Math.floor((i * width) / count);
    return folder(id(prefix >> 8, prefix & 255, `many ${i}`), [[3, `folder ${i}`]]);
  }).sort((a, b) => compare(a.get(1) as Bytes, b.get(1) as Bytes));
}

const EVERYTHING = [
  folder(A, [
    [
      9,
      new Map<number, Value>([
        [1, TIME],
        [2, B],
      ]),
    ],
  ]),
  file(B, "photo.jpg", 3_000_000, [
    [7, thumbnail("photo.jpg")],
    [8, Array.from({ length: 10 }, (_, i) => version(`old ${i}`, i * 1000))],
    [64, "from a newer version"],
  ]),
  mount(C),
  folder(id(0xf1, 0), [
    [2, 7],
    [3, "symlink?"],
    [7, "anything"],
    [10, [1, 2]],
    [99, true],
  ]),
];

function contentCases(): Case[] {
  const half: PageIdentity = { ...IN_FOLDER, bitsLength: 1, bits: 0x8000 };
  const deepest: PageIdentity = { ...IN_FOLDER, bitsLength: 16, bits: 0x1234 };
  const oldTime = folder(A, [[5, -86_400_000]]);
  return [
    contentCase("an empty folder", IN_FOLDER, encodePageContent([], PARENT)),
    contentCase("an empty root", IN_ROOT, encodePageContent([], ROOT)),
    contentCase(
      "folder, file with everything, mount, and an unknown type",
      IN_FOLDER,
      encodePageContent(EVERYTHING, PARENT),
    ),
    contentCase("an empty file", IN_FOLDER, encodePageContent([file(A, "empty", 0)], PARENT)),
    contentCase("the upper half of a folder", half, encodePageContent([folder(C)])),
    contentCase("an empty upper half", half, encodePageContent([])),
    contentCase(
      "the lower half, which carries the folder",
      { ...IN_FOLDER, bitsLength: 1 },
      encodePageContent([folder(A)], PARENT),
    ),
    contentCase("a page of 16 bits", deepest, encodePageContent([folder(id(0x12, 0x34))])),
    contentCase("256 entries", IN_FOLDER, encodePageContent(manyEntries(256, WHOLE), PARENT)),
    contentCase("modified before 1970", IN_FOLDER, encodePageContent([oldTime], PARENT)),
    contentCase(
      "a name that a writer refuses is read",
      IN_FOLDER,
      encodePageContent([folder(A, [[3, "../\u202efdp.exe"]])], PARENT),
    ),
    contentCase("an empty name is read", IN_FOLDER, encodePageContent([folder(A, [[3, ""]])], PARENT)),
    contentCase("a name twice is read", IN_FOLDER, encodePageContent([folder(A), folder(B)], PARENT)),
    contentCase(
      "unknown keys from 64 on",
      IN_FOLDER,
      encode(
        changed(
          new Map<number, Value>([
            [
              1,
              [
                folder(A, [
                  [64, 1],
                  [1000, null],
                ]),
              ],
            ],
            [2, VOLUME_ID],
            [3, new Map([[70, 1]])],
          ]),
          [[64, []]],
        ),
      ),
    ),
  ];
}

function refusedContents(): Case[] {
  const make = (name: string, plaintext: Bytes, page = IN_FOLDER, refuse: RefusalClass = "malformed"): Case =>
    refused(name, { refuse, wrong: name }, { ...pageJson(page), plaintext: packed(plaintext) }, () =>
      readPageContent(plaintext, page),
    );
  const entries = (name: string, ...list: CborMap[]): Case => make(name, encodePageContent(list, PARENT));
  const one = (name: string, changes: Changes): Case => entries(name, folder(A, changes));
  const inFile = (name: string, changes: Changes): Case => entries(name, file(A, "a file", 1000, changes));
  const raw = (name: string, map: [number | string, Value][], page = IN_FOLDER): Case =>
    make(name, encode(new Map(map)), page);
  const half: PageIdentity = { ...IN_FOLDER, bitsLength: 1, bits: 0x8000 };
  const missing = [1, 2, 3, 4, 5, 6].map((key) => one(`entry without key ${key}`, [[key, undefined]]));
  const fileMissing = [1, 2, 3, 4, 5, 6].map((key) => inFile(`file without key ${key}`, [[key, undefined]]));
  const zeroKey = file(A, "zero", 10, [[2, zeros(32)]]);
  const zeroThumbnail = file(A, "zero", 10, [[7, changed(thumbnail("zero"), [[2, zeros(32)]])]]);
  const zeroVersion = file(A, "zero", 10, [[8, [version("zero", 5, [[2, zeros(32)]])]]]);
  const large = Array.from({ length: 17 }, (_, i) =>
    folder(id(i, 0), [
      [3, "n"],
      [64, zeros(7900)],
    ]),
  );
  return [
    make("not a map", encode([])),
    make("no CBOR", ascii("hello")),
    raw("entries missing", [
      [2, VOLUME_ID],
      [3, new Map()],
    ]),
    raw("entries that are no array", [
      [1, new Map()],
      [2, VOLUME_ID],
      [3, new Map()],
    ]),
    raw("parent missing", [
      [1, []],
      [3, new Map()],
    ]),
    raw("attributes missing", [
      [1, []],
      [2, VOLUME_ID],
    ]),
    raw("a parent of 15 bytes", [
      [1, []],
      [2, zeros(15)],
      [3, new Map()],
    ]),
    raw("no parent, but not the root", [
      [1, []],
      [2, null],
      [3, new Map()],
    ]),
    raw(
      "the root with a parent",
      [
        [1, []],
        [2, NODE_ID],
        [3, new Map([[1, TRASH_ID]])],
      ],
      IN_ROOT,
    ),
    raw(
      "the root without its trash",
      [
        [1, []],
        [2, null],
        [3, new Map()],
      ],
      IN_ROOT,
    ),
    raw(
      "a trash of 17 bytes",
      [
        [1, []],
        [2, null],
        [3, new Map([[1, zeros(17)]])],
      ],
      IN_ROOT,
    ),
    raw("a trash that is not the root's", [
      [1, []],
      [2, VOLUME_ID],
      [3, new Map([[1, TRASH_ID]])],
    ]),
    raw("an unknown attribute below 64", [
      [1, []],
      [2, VOLUME_ID],
      [3, new Map([[2, 1]])],
    ]),
    raw("an unknown key below 64", [
      [1, []],
      [2, VOLUME_ID],
      [3, new Map()],
      [4, 1],
    ]),
    raw("a text key", [
      [1, []],
      [2, VOLUME_ID],
      [3, new Map()],
      ["x", 1],
    ]),
    make("a parent on a page whose bits are not 0", encodePageContent([], PARENT), half),
    make("no parent on the page with bits 0 of a split folder", encodePageContent([]), { ...IN_FOLDER, bitsLength: 1 }),
    make("an entry that belongs to the other half", encodePageContent([folder(A)]), half),
    make("an entry that belongs to the neighbour at 16 bits", encodePageContent([folder(id(0x12, 0x35))]), {
      ...IN_FOLDER,
      bitsLength: 16,
      bits: 0x1234,
    }),
    entries("entries out of order", folder(B), folder(A)),
    entries("a childId twice", folder(A), folder(A, [[3, "another"]])),
    make("257 entries", encodePageContent(manyEntries(257, WHOLE), PARENT)),
    make("more than 128 KiB", encodePageContent(large, PARENT)),
    ...missing,
    one("a childId of 15 bytes", [[1, A.slice(0, 15)]]),
    one("a type that is text", [[2, "folder"]]),
    one("a negative type", [[2, -1]]),
    one("a name in bytes", [[3, utf8("name")]]),
    one("a name of 1025 bytes", [[3, "x".repeat(1025)]]),
    one("created before 1970", [[4, -1]]),
    one("modified that is text", [[5, "today"]]),
    one("addedBy of 32 bytes", [[6, zeros(32)]]),
    one("an unknown key below 64", [[10, 1]]),
    one("a folder with a file", [[7, fileMap("x", 1)]]),
    one("a folder with a mount", [[8, new Map()]]),
    one("a trashed mark without its origin", [[9, new Map([[1, TIME]])]]),
    one("a trashed mark in negative time", [
      [
        9,
        new Map<number, Value>([
          [1, -1],
          [2, B],
        ]),
      ],
    ]),
    one("a trashed mark with an unknown key", [
      [
        9,
        new Map<number, Value>([
          [1, 1],
          [2, B],
          [3, 1],
        ]),
      ],
    ]),
    one("an entry above 8 KiB", [[64, zeros(8192)]]),
    entries(
      "an unknown type without a name",
      folder(A, [
        [2, 9],
        [3, undefined],
      ]),
    ),
    entries("a file without its file", folder(A, [[2, 1]])),
    entries("a mount without its mount", folder(A, [[2, 2]])),
    entries("a mount with a file", changed(mount(A), [[7, fileMap("x", 1)]])),
    entries("a mount without its genesis", mount(A, [[2, undefined]])),
    entries("a mount with an unknown key", mount(A, [[3, 1]])),
    ...fileMissing,
    inFile("an objectId of 15 bytes", [[1, zeros(15)]]),
    inFile("a file key of 31 bytes", [[2, fixed("k", 31)]]),
    make("a file key of zeros", encodePageContent([zeroKey], PARENT), IN_FOLDER, "weak-key"),
    make("a thumbnail key of zeros", encodePageContent([zeroThumbnail], PARENT), IN_FOLDER, "weak-key"),
    make("an earlier version's key of zeros", encodePageContent([zeroVersion], PARENT), IN_FOLDER, "weak-key"),
    inFile("a root of 31 bytes", [[3, zeros(31)]]),
    inFile("a length that does not fit the size", [[4, ciphertextLength(1000) + 1]]),
    inFile("a size that does not fit the length", [[5, 1100]]),
    inFile("a negative size", [[5, -1]]),
    inFile("a size above the largest", [[5, 2 ** 53 - 1]]),
    inFile("a media type of 256 bytes", [[6, "x".repeat(256)]]),
    inFile("an unknown key below 64", [[9, 1]]),
    inFile("a thumbnail without its length", [[7, changed(thumbnail("x"), [[4, undefined]])]]),
    inFile("a thumbnail of an impossible length", [[7, changed(thumbnail("x"), [[4, 659]])]]),
    inFile("a thumbnail with a size", [[7, changed(thumbnail("x"), [[5, 5000]])]]),
    inFile("earlier versions, but none", [[8, []]]),
    inFile("eleven earlier versions", [[8, Array.from({ length: 11 }, (_, i) => version(`v${i}`, i))]]),
    inFile("an earlier version without its time", [[8, [version("v", 1, [[6, undefined]])]]]),
    inFile("an earlier version that does not say when it was replaced", [[8, [version("v", 1, [[7, undefined]])]]]),
    inFile("an earlier version replaced before 1970", [[8, [version("v", 1, [[7, -1]])]]]),
    inFile("an earlier version with a thumbnail", [[8, [version("v", 1, [[8, thumbnail("v")]])]]]),
    inFile("an earlier version whose length does not fit", [[8, [version("v", 1, [[4, 690]])]]]),
  ];
}

// ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────

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

function refusedRecords(): Case[] {
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

function introductions(): Case[] {
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

// ── places, names, deltas ────────────────────────────────────────────────────────────────────────────────────────

function splits(): Json[] {
  const places = [
    WHOLE,
    { bitsLength: 1, bits: 0x8000 },
    { bitsLength: 7, bits: 0x0200 },
    { bitsLength: 15, bits: 0xfffe },
  ];
  return places.map((place) => ({ page: { ...place }, halves: halves(place).map((half) => ({ ...half })) }));
}

function covers(): { complete: Json; refused: Json } {
  const [low, high] = halves(WHOLE);
  const [highLow, highHigh] = halves(high);
  const list = (places: readonly PagePlace[]) =>
    places.map((place) => ({ bitsLength: place.bitsLength, bits: place.bits }));
  const good: readonly (readonly [string, PagePlace[]])[] = [
    ["no page at all", []],
    ["one page", [WHOLE]],
    ["two halves, in any order", [high, low]],
    ["a half and two quarters", [low, highLow, highHigh]],
    ["65536 pages of 16 bits, the first and last", []],
  ];
  const complete = good.slice(0, 4).map(([name, pages]) => {
    checkComplete(pages);
    return { name, pages: list(pages) };
  });
  const make = (name: string, pages: readonly PagePlace[]): Case =>
    refused(name, { refuse: "integrity", wrong: name }, { pages: list(pages) }, () => checkComplete(pages));
  return {
    complete,
    refused: [
      make("the upper half is missing", [low]),
      make("the lower half is missing", [high]),
      make("a quarter is missing at the end", [low, highLow]),
      make("a quarter is missing in the middle", [low, highHigh]),
      make("the whole and a half", [WHOLE, high]),
      make("a half and one of its quarters", [low, high, highLow]),
      make("the same page twice", [WHOLE, WHOLE]),
    ],
  };
}

const NAMES: readonly (readonly [name: string, allowed: boolean])[] = [
  ["report.pdf", true],
  [" leading and trailing ", true],
  ["Ünïcödé 漢字 🗡 עברית العربية", true],
  ['a\\b:c*d?e"f<g>h|i', true],
  ["...", true],
  [".hidden", true],
  ["con", true],
  ["x".repeat(1024), true],
  ["é".repeat(512), true],
  ["\u200b", true],
  ["", false],
  [".", false],
  ["..", false],
  ["a/b", false],
  ["/", false],
  ["a\u0000b", false],
  ["a\nb", false],
  ["a\u001fb", false],
  ["a\u007fb", false],
  ["a\u0085b", false],
  ["a\u009fb", false],
  ["a\u202eb", false],
  ["a\u2066b", false],
  ["a\u2069b", false],
  ["a\u200eb", false],
  ["a\u200fb", false],
  ["a\u061cb", false],
  [" ", false],
  ["\u3000\u2003", false],
  ["e\u0301", false],
  ["\u212b", false],
  ["x".repeat(1025), false],
  ["é".repeat(513), false],
];

function nameCases(): Json[] {
  return NAMES.map(([name, allowed]) => {
    if (isNameAllowed(name) !== allowed) throw new Error(`The name ${JSON.stringify(name)} should be ${allowed}.`);
    return { text: name, allowed };
  });
}

function deltaCases(): Json[] {
  const photo = file(A, "photo", 1000, [[7, thumbnail("photo")]]);
  const replaced = file(A, "photo, again", 2000, [[8, [version("photo", 1000)]]]);
  const copy = changed(photo, [[1, B]]);
  const cases: readonly (readonly [string, CborMap[], CborMap[]])[] = [
    ["a new file with a thumbnail", [], [photo]],
    ["a file removed", [photo], []],
    ["a file renamed", [photo], [changed(photo, [[3, "renamed"]])]],
    ["a copy: listed twice", [photo], [photo, copy]],
    ["one of two copies removed", [photo, copy], [photo]],
    ["replaced, the earlier version kept", [photo], [replaced]],
    ["a folder", [], [folder(C)]],
  ];
  const page = (entries: CborMap[]) => hex(encodePageContent(entries, PARENT));
  return cases.map(([name, before, after]) => {
    const delta = objectDelta(before, after);
    const list = (objects: typeof delta.added) => objects.map(({ objectId, count }) => ({ objectId, count }));
    return { name, before: page(before), after: page(after), added: list(delta.added), dropped: list(delta.dropped) };
  });
}

export function pageVectors(): VectorFile {
  return {
    about: "Folder pages (spec/volumes.md §2 to §5): records, plaintexts, names, splits, what a change adds and drops.",
    records: [
      recordCase("the upper half of a folder", HEADER, PLAINTEXT),
      recordCase("the root, empty", ROOT_HEADER, encodePageContent([], ROOT)),
      recordCase("a folder with everything", { ...HEADER, ...WHOLE }, encodePageContent(EVERYTHING, PARENT)),
    ],
    refusedRecords: refusedRecords(),
    refusedIntroductions: introductions(),
    contents: contentCases(),
    refusedContents: refusedContents(),
    splits: splits(),
    covers: covers(),
    names: nameCases(),
    deltas: deltaCases(),
  };
}
