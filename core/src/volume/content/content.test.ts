import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CborValue, encodeCbor, FormatError, toHex } from "../../bytes/index.ts";
import { ciphertextLength } from "../../exef/public/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { isComplete, type PageHeader, rangeHolds, WHOLE_FOLDER } from "../record/index.ts";
import { cborLength } from "./cbor-length.ts";
import {
  compareEntries,
  cutPage,
  decodePageContent,
  displayNames,
  drawChildId,
  type Entry,
  encodePageContent,
  nameProblem,
  openPage,
  PAGE_ENTRIES_LIMIT,
  sealPage,
} from "./index.ts";

const volumeId = randomBytes(16);
const nodeId = randomBytes(16);
const addedBy = randomBytes(16);
const parent = { parentNodeId: volumeId, attributes: {} };

function fileEntry(name: string, childId: Uint8Array = randomBytes(16)): Entry {
  const object = { objectId: randomBytes(16), fileKey: randomBytes(32), root: randomBytes(32) };
  const file = { ...object, ciphertextLength: ciphertextLength(5), sizeBytes: 5, mediaType: "text/plain" };
  const version = { ...object, ciphertextLength: ciphertextLength(9), sizeBytes: 9, modifiedMs: -5, replacedMs: 7 };
  return { childId, type: 1, name, createdMs: 1, modifiedMs: -2, addedBy, file: { ...file, versions: [version] } };
}

function header(patch: Partial<PageHeader> = {}): PageHeader {
  const zero = new Uint8Array(32);
  return {
    volumeId,
    nodeId,
    bitsLength: 0,
    bits: 0,
    version: 1,
    g: 0,
    manifestVersion: 0,
    previousRecordHash: zero,
    writerFingerprint: zero,
    ...patch,
  };
}

describe("page contents", () => {
  it("come back as they were, keys of newer versions included", () => {
    const entry = { ...fileEntry("a"), preserved: new Map([[64, "later"]]) };
    const newer: Entry = {
      ...fileEntry("b"),
      type: 9,
      preserved: new Map<number, string | number>([
        [7, 1],
        [20, "x"],
      ]),
    };
    const { file: _, ...unknown } = newer;
    const entries = [entry, unknown].sort(compareEntries);
    const content = { entries, folder: parent, preserved: new Map([[99, 1]]) };
    const place = { volumeId, nodeId, ...WHOLE_FOLDER };
    expect(decodePageContent(encodePageContent(content), place)).toEqual(content);
  });

  it("are refused with a key of zeros, a wrong length, a foreign entry or a missing parent", () => {
    const place = { volumeId, nodeId, ...WHOLE_FOLDER };
    const good = fileEntry("a");
    const file = good.file as NonNullable<Entry["file"]>;
    const refused = (entries: Entry[], where = place, folder: typeof parent | null = parent) =>
      expect(() => decodePageContent(encodePageContent({ entries, ...(folder && { folder }) }), where)).toThrow();
    refused([{ ...good, file: { ...file, fileKey: new Uint8Array(32) } }]);
    refused([{ ...good, file: { ...file, ciphertextLength: 700 } }]);
    refused([good, good]);
    refused([fileEntry("b", new Uint8Array(16))], { ...place, bitsLength: 1, bits: 0x8000 }, null);
    refused([good], place, null);
    refused([good], { ...place, nodeId: volumeId });
  });

  it("are sealed to one place, version and volume key", async () => {
    const volumeKey = randomBytes(32);
    const content = { entries: [fileEntry("secret")], folder: parent };
    const { record, recordHash } = await sealPage({ header: header(), volumeKey, content });
    const open = (patch: object = {}, expected: object = {}) =>
      openPage({
        volumeId,
        headG: 0,
        volumeKeys: new Map([[0, volumeKey]]),
        record,
        expected: { nodeId, ...WHOLE_FOLDER, version: 1, recordHash, ...expected },
        ...patch,
      });
    expect(await open()).toEqual(content);
    await expect(open({ volumeId: nodeId })).rejects.toThrow();
    await expect(open({}, { version: 2 })).rejects.toThrow();
    await expect(open({}, { nodeId: volumeId })).rejects.toThrow();
    await expect(open({ volumeKeys: new Map([[0, randomBytes(32)]]) })).rejects.toThrow();
    await expect(open({ volumeKeys: new Map() })).rejects.toMatchObject({ reason: "page_key_unknown", scope: "page" });
    await expect(open({ volumeKeys: new Map([[0, volumeKey.subarray(1)]]) })).rejects.toThrow(FormatError);
    await expect(sealPage({ header: header(), volumeKey: volumeKey.subarray(1), content })).rejects.toThrow(
      FormatError,
    );
    const altered = record.slice();
    altered[altered.length - 1] = (altered[altered.length - 1] as number) ^ 1;
    await expect(open({ record: altered })).rejects.toThrow();
  });
});

it("a page is never sealed twice with the same id, initial vector or key stream", async () => {
  const content = { entries: [fileEntry("same")], folder: parent };
  const volumeKey = randomBytes(32);
  const seen = new Set<string>();
  for (let i = 0; i < 40; i++) {
    const { record } = await sealPage({ header: header(), volumeKey, content });
    const object = record.subarray(123);
    // objectId, the header's IV, the segment's IV, the segment's ciphertext.
    for (const [from, to] of [
      [8, 24],
      [42, 74],
      [110, 122],
      [122, 154],
    ] as const)
      seen.add(`${from} ${toHex(object.subarray(from, to))}`);
  }
  expect(seen.size).toBe(4 * 40);
});

it("lengths of CBOR are counted exactly", () => {
  const value = new Map<number, CborValue>([
    [1, -1],
    [64, 2 ** 40],
    [300, [0, 23, 24, 255, 256, 65_536, -(2 ** 33), null, true, "é".repeat(30), randomBytes(300)]],
    [70_000, new Map([["text", ""]])],
  ]);
  expect(cborLength(value)).toBe(encodeCbor(value).length);
});

describe("cutting", () => {
  it("keeps every entry, covers the folder and bounds every page", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1200 }), (count) => {
        const entries = Array.from({ length: count }, (_, i) => fileEntry(`file ${i}`));
        const pages = cutPage(WHOLE_FOLDER, { entries, folder: parent });
        expect(isComplete(pages.map(({ range }) => range))).toBe(true);
        expect(pages.filter(({ content }) => content.folder).map(({ range }) => range.bits)).toEqual([0]);
        for (const { range, content } of pages) {
          expect(content.entries.length).toBeLessThanOrEqual(PAGE_ENTRIES_LIMIT);
          expect(content.entries.every((entry) => rangeHolds(range, entry.childId))).toBe(true);
          decodePageContent(encodePageContent(content), { volumeId, nodeId, ...range });
        }
        const ids = pages.flatMap(({ content }) => content.entries.map((entry) => toHex(entry.childId)));
        expect(ids.sort()).toEqual(entries.map((entry) => toHex(entry.childId)).sort());
      }),
      { numRuns: 12 },
    );
  });

  it("splits by size too, and draws ids that belong", () => {
    const range = { bitsLength: 3, bits: 0xa000 };
    const entries = Array.from({ length: 200 }, (_, i) => fileEntry(`${i}${"x".repeat(1000)}`, drawChildId(range)));
    const pages = cutPage(range, { entries });
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.every(({ content }) => content.folder === undefined)).toBe(true);
  });
});

describe("names", () => {
  it.each([
    ["Fotos 2024", undefined],
    ["ünïcödé 日本 🗂", undefined],
    ["", "empty"],
    [" \u00a0", "empty"],
    [".", "dots"],
    ["..", "dots"],
    ["a/b", "slash"],
    ["a\0b", "control_character"],
    ["a\u0085b", "control_character"],
    ["a\u202egnp.exe", "direction_character"],
    ["e\u0301", "not_normalized"],
    ["\ud800", "not_text"],
    ["x".repeat(1025), "too_long"],
    ["é".repeat(512), undefined],
  ])("%j: %s", (name, problem) => {
    expect(nameProblem(name)).toBe(problem);
  });

  it("that stand twice are all shown", () => {
    const names = ["a", "a", "a (2)", "a"].map((name) => ({ name }));
    const shown = displayNames(names);
    expect(shown).toEqual(["a", "a (3)", "a (2)", "a (4)"]);
    expect(new Set(shown).size).toBe(4);
    const given = new Set<string>();
    const parts = [names.slice(0, 1), names.slice(1)].flatMap((part) => displayNames(part, given));
    expect(parts).toEqual(shown);
  });
});
