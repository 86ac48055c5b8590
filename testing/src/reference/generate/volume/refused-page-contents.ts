import { ascii, type Bytes, utf8, zeros } from "../../foundations/bytes.ts";
import { encode, type Value } from "../../foundations/cbor.ts";
import type { CborMap } from "../../foundations/fields.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { ciphertextLength } from "../../object/padding.ts";
import { encodePageContent, type PageIdentity, readPageContent } from "../../volume/entries.ts";
import { type Case, fixed, packed, refused } from "../vector-file.ts";
import {
  A,
  B,
  type Changes,
  changed,
  file,
  fileMap,
  folder,
  IN_FOLDER,
  IN_ROOT,
  id,
  manyEntries,
  mount,
  NODE_ID,
  PARENT,
  pageJson,
  TIME,
  TRASH_ID,
  thumbnail,
  VOLUME_ID,
  version,
  WHOLE,
} from "./page-samples.ts";

export function refusedContents(): Case[] {
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
    raw(
      "a label that is no text",
      [
        [1, []],
        [2, null],
        [
          3,
          new Map<number, Value>([
            [1, TRASH_ID],
            [2, 1],
          ]),
        ],
      ],
      IN_ROOT,
    ),
    raw(
      "a label of 1025 bytes",
      [
        [1, []],
        [2, null],
        [
          3,
          new Map<number, Value>([
            [1, TRASH_ID],
            [2, "x".repeat(1025)],
          ]),
        ],
      ],
      IN_ROOT,
    ),
    raw(
      "a root that shares one mount",
      [
        [1, []],
        [2, null],
        [
          3,
          new Map<number, Value>([
            [1, TRASH_ID],
            [3, 2],
          ]),
        ],
      ],
      IN_ROOT,
    ),
    raw("a folder below the root that shares one file", [
      [1, []],
      [2, VOLUME_ID],
      [3, new Map([[3, 1]])],
    ]),
    raw("a label that is not the root's", [
      [1, []],
      [2, VOLUME_ID],
      [3, new Map([[2, "Holidays"]])],
    ]),
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
    entries("a mount with an unknown key", mount(A, [[4, 1]])),
    entries("a mount that stands for a folder", mount(A, [[3, 0]])),
    entries("a mount that stands for a truth", mount(A, [[3, true]])),
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
