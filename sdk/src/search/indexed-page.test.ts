import { ByteReader, ByteWriter, equalBytes } from "@excalibur/core/bytes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../volumes/index.ts";
import { fold, foldWords } from "./fold.ts";
import { IndexedPage } from "./indexed-page.ts";

const id = (n: number) => new Uint8Array(16).fill(n);
const PLACE = { nodeId: id(9), bits: 0x8000, bitsLength: 1, recordHash: new Uint8Array(32).fill(7) };

function entryOf(name: string, index: number): Entry {
  const entry = {
    childId: id(index),
    type: index % 5 === 4 ? 2 : index % 5,
    name,
    createdMs: 50 + index,
    modifiedMs: -index,
    addedBy: id(1),
  };
  const mount = { volumeId: id(index), genesisCommitHash: new Uint8Array(32) };
  if (entry.type === 2) return { ...entry, mount: index % 5 === 4 ? { ...mount, singleFile: true } : mount };
  if (entry.type !== 1) return entry;
  return {
    ...entry,
    file: { sizeBytes: index, versions: [{ replacedMs: 99 }] } as unknown as NonNullable<Entry["file"]>,
  };
}

const NAMES = fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { maxLength: 40 });

describe("a page of the index", () => {
  it("finds by words what looking at each name finds", () => {
    fc.assert(
      fc.property(NAMES, fc.string({ unit: "grapheme", maxLength: 3 }), (names, question) => {
        const words = foldWords(question);
        const page = IndexedPage.of(PLACE, { entries: names.map(entryOf) });
        const wanted = names.flatMap((name, at) => (words.every((word) => fold(name).includes(word)) ? [at] : []));
        expect([...page.matching(words)]).toEqual(wanted);
      }),
    );
  });

  it("is the same after it was kept, with everything that is known of each entry", () => {
    fc.assert(
      fc.property(NAMES, fc.constantFrom(undefined, null, id(3)), (names, parentNodeId) => {
        const entries = names.map(entryOf);
        const folder = parentNodeId === undefined ? {} : { folder: { parentNodeId, attributes: {} } };
        const writer = new ByteWriter();
        IndexedPage.of(PLACE, { entries, ...folder }).write(writer);
        const reader = new ByteReader(writer.finish());
        const page = IndexedPage.read(reader);
        reader.finish();
        expect({ ...page }).toMatchObject({ ...PLACE, parentId: parentNodeId, count: names.length });
        const mounts = entries.flatMap(({ mount }, index) => (mount === undefined ? [] : [{ ...mount, index }]));
        expect(page.mounts).toEqual(mounts);
        for (const [index, entry] of entries.entries()) {
          expect(page.nameAt(index)).toBe(entry.name);
          expect(equalBytes(page.idAt(index), entry.childId)).toBe(true);
          expect(page.typeAt(index)).toBe((["folder", "file", "folder", "unknown", "file"] as const)[index % 5]);
          expect(page.isMountAt(index)).toBe(index % 5 === 2 || index % 5 === 4);
          expect(page.isFileMountAt(index)).toBe(index % 5 === 4);
          expect(page.modifiedAt(index)).toBe(entry.modifiedMs);
          expect(page.changedAt(index)).toBe(entry.file === undefined ? entry.createdMs : 99);
          expect(page.sizeAt(index)).toBe(entry.file?.sizeBytes);
          expect(page.indexOf(entry.childId)).toBe(index);
        }
        expect(page.indexOf(id(200))).toBe(-1);
      }),
    );
  });
});
