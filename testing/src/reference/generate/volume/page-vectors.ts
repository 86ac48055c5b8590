import { hex } from "../../foundations/bytes.ts";
import type { CborMap } from "../../foundations/fields.ts";
import { encodePageContent, objectDelta } from "../../volume/entries.ts";
import { isNameAllowed } from "../../volume/names.ts";
import { checkComplete, halves, type PagePlace } from "../../volume/page-place.ts";
import { type Case, type Json, refused, type VectorFile } from "../vector-file.ts";
import { contentCases } from "./page-content-vectors.ts";
import { introductions, recordCases, refusedRecords } from "./page-record-vectors.ts";
import { A, B, C, changed, file, folder, PARENT, thumbnail, version, WHOLE } from "./page-samples.ts";
import { refusedContents } from "./refused-page-contents.ts";

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
    records: recordCases(),
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
