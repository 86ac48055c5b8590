import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CborKey,
  type CborMap,
  type CborValue,
  decodeCbor,
  encodeCbor,
  FormatError,
  WeakKeyError,
} from "../../bytes/index.ts";
import { ciphertextLength } from "../../exef/public/index.ts";
import { randomBytes } from "../../primitives/index.ts";
import { LAST_PAGE_PLAINTEXT_LIMIT, WHOLE_FOLDER } from "../record/index.ts";
import {
  compareEntries,
  decodePageContent,
  type Entry,
  encodePageContent,
  listedObjects,
  PAGE_ENTRIES_LIMIT,
  type PageContent,
  type PagePlace,
} from "./index.ts";

const volumeId = randomBytes(16);
const nodeId = randomBytes(16);
const place: PagePlace = { volumeId, nodeId, ...WHOLE_FOLDER };
const root: PagePlace = { volumeId, nodeId: volumeId, ...WHOLE_FOLDER };
const folder = { parentNodeId: volumeId, attributes: {} };
const zeros = new Uint8Array(32);

const pointer = (): [number, CborValue][] => [
  [1, randomBytes(16)],
  [2, randomBytes(32)],
  [3, randomBytes(32)],
  [4, ciphertextLength(5)],
];
const version = (): CborMap => new Map<CborKey, CborValue>([...pointer(), [5, 5], [6, -1], [7, 1]]);
const file = (): CborMap =>
  new Map<CborKey, CborValue>([
    ...pointer(),
    [5, 5],
    [6, "text/plain"],
    [7, new Map(pointer())],
    [8, [version(), version()]],
  ]);
const mount = (): CborMap =>
  new Map<CborKey, CborValue>([
    [1, randomBytes(16)],
    [2, randomBytes(32)],
  ]);
const trashed = (): CborMap =>
  new Map<CborKey, CborValue>([
    [1, 5],
    [2, randomBytes(16)],
  ]);
const base: [number, CborValue][] = [
  [1, new Uint8Array(16).fill(9)],
  [3, "name"],
  [4, 1],
  [5, -1],
  [6, randomBytes(16)],
];
const fileEntry = () => new Map<CborKey, CborValue>([...base, [2, 1], [7, file()]]);
const folderEntry = () => new Map<CborKey, CborValue>([...base, [2, 0]]);
const mountEntry = () => new Map<CborKey, CborValue>([...base, [2, 2], [8, mount()]]);
const newerEntry = () => new Map<CborKey, CborValue>([...base, [2, 7], [7, "what"], [8, 1], [40, [1]], ["text", 1]]);

const page = (...entries: CborMap[]): CborMap =>
  new Map<CborKey, CborValue>([
    [1, entries],
    [2, volumeId],
    [3, new Map()],
  ]);

function refusal(map: CborValue, where = place): string {
  try {
    decodePageContent(encodeCbor(map), where);
  } catch (error) {
    if (error instanceof FormatError || error instanceof WeakKeyError) return error.name;
    throw error;
  }
  return "accepted";
}
const changed = (map: CborMap, key: CborKey, value: CborValue | undefined): CborMap => {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
};

describe("a page's plaintext", () => {
  it("is read as written: folders, files, mounts, trashed and unknown entries", () => {
    for (const entry of [fileEntry(), folderEntry(), mountEntry(), newerEntry()]) {
      expect(refusal(page(entry))).toBe("accepted");
      const once = encodeCbor(page(changed(entry, 9, trashed())));
      expect(encodePageContent(decodePageContent(once, place))).toEqual(once);
    }
  });

  it("keeps what a newer version put at any level", () => {
    const later: [number, CborValue] = [64, new Map([["x", [1, null, true, new Uint8Array(3)]]])];
    const withLater = (map: CborMap) => new Map([...map, later]);
    const rich = withLater(file());
    rich.set(7, withLater(new Map(pointer())));
    rich.set(8, [withLater(version())]);
    const entries = [
      withLater(changed(changed(fileEntry(), 7, rich), 9, withLater(trashed()))),
      withLater(changed(changed(mountEntry(), 8, withLater(mount())), 1, new Uint8Array(16).fill(10))),
    ];
    const map = withLater(page(...entries));
    map.set(3, withLater(new Map()));
    const bytes = encodeCbor(map);
    expect(encodePageContent(decodePageContent(bytes, place))).toEqual(bytes);
    expect(decodeCbor(encodePageContent(decodePageContent(bytes, place)))).toEqual(map);
  });

  it("never lets what it keeps stand in the place of what it knows", () => {
    const [entry] = decodePageContent(encodeCbor(page(folderEntry())), place).entries as [Entry];
    const squatting = (preserved: Map<number, CborValue>) =>
      encodePageContent({ entries: [{ ...entry, preserved }], folder });
    expect(() => squatting(new Map([[3, "another name"]]))).toThrow(FormatError);
    expect(() => squatting(new Map([[64, "kept"]]))).not.toThrow();
    expect(() => encodePageContent({ entries: [], folder, preserved: new Map([[4, 1]]) })).toThrow(FormatError);
  });

  it("names the folder on the page with bits 0, and only there", () => {
    const other: PagePlace = { ...place, bitsLength: 1, bits: 0x8000 };
    expect(refusal(new Map([[1, []]]), other)).toBe("accepted");
    expect(refusal(page(), other)).toBe("FormatError");
    expect(refusal(new Map([[1, []]]))).toBe("FormatError");
    expect(refusal(page(), { ...place, bitsLength: 16 })).toBe("accepted");
    expect(refusal(changed(page(), 2, undefined))).toBe("FormatError");
    expect(refusal(changed(page(), 2, null))).toBe("FormatError");
    expect(refusal(changed(page(), 2, volumeId.subarray(1)))).toBe("FormatError");
    expect(refusal(changed(page(), 3, undefined))).toBe("FormatError");
    expect(refusal(changed(page(), 3, new Map([[1, nodeId]])))).toBe("FormatError");
    const rootPage = changed(changed(page(), 2, null), 3, new Map([[1, nodeId]]));
    expect(refusal(rootPage, root)).toBe("accepted");
    expect(refusal(changed(rootPage, 2, nodeId), root)).toBe("FormatError");
    expect(refusal(changed(rootPage, 3, new Map()), root)).toBe("FormatError");
    expect(
      refusal(
        changed(
          rootPage,
          3,
          new Map<CborKey, CborValue>([
            [1, nodeId],
            [2, 1],
          ]),
        ),
        root,
      ),
    ).toBe("FormatError");
  });

  it("has its entries in order, each once, each its own", () => {
    const at = (first: number) => changed(folderEntry(), 1, new Uint8Array(16).fill(first));
    expect(refusal(page(at(1), at(2)))).toBe("accepted");
    expect(refusal(page(at(2), at(1)))).toBe("FormatError");
    expect(refusal(page(at(1), at(1)))).toBe("FormatError");
    const half = { ...place, bitsLength: 1 };
    expect(refusal(page(at(0x7f)), half)).toBe("accepted");
    expect(refusal(page(at(0x80)), half)).toBe("FormatError");
  });

  it("is not a list, a text, or a map with other keys", () => {
    for (const value of [[], "page", 1, null, new Map<CborKey, CborValue>([["1", []]])]) {
      expect(refusal(value as CborValue)).toBe("FormatError");
    }
    expect(refusal(changed(page(), 4, 1))).toBe("FormatError");
    expect(refusal(changed(page(), "x", 1))).toBe("FormatError");
    expect(refusal(changed(page(), 64, 1))).toBe("accepted");
    expect(refusal(changed(page(), 1, new Map()))).toBe("FormatError");
    expect(refusal(changed(page(), 1, [1]))).toBe("FormatError");
  });

  it.each<[string, () => CborMap, readonly number[]]>([
    ["file entry", fileEntry, [1, 2, 3, 4, 5, 6, 7]],
    ["folder entry", folderEntry, [1, 2, 3, 4, 5, 6]],
    ["mount entry", mountEntry, [1, 2, 3, 4, 5, 6, 8]],
    ["newer entry", newerEntry, [1, 2, 3, 4, 5, 6]],
  ])("needs every field of a %s, of its type", (_, entry, needed) => {
    for (const key of needed) {
      expect([key, refusal(page(changed(entry(), key, undefined)))]).toEqual([key, "FormatError"]);
      expect([key, refusal(page(changed(entry(), key, true)))]).toEqual([key, "FormatError"]);
      expect([key, refusal(page(changed(entry(), key, new Uint8Array(15))))]).toEqual([key, "FormatError"]);
    }
  });

  it.each<[string, CborMap]>([
    ["a folder with a file", changed(folderEntry(), 7, file())],
    ["a file with a mount", changed(fileEntry(), 8, mount())],
    ["an unknown field", changed(fileEntry(), 10, 1)],
    ["a field named by text", changed(fileEntry(), "x", 1)],
    ["a time of creation before 1970", changed(fileEntry(), 4, -1)],
    ["a name of 1025 bytes", changed(fileEntry(), 3, "x".repeat(1025))],
    ["more than 8 KiB", changed(fileEntry(), 64, "x".repeat(8192))],
    ["a negative type", changed(fileEntry(), 2, -1)],
    ["trashed without a place", changed(fileEntry(), 9, new Map([[1, 5]]))],
    ["trashed before 1970", changed(fileEntry(), 9, changed(trashed(), 1, -1))],
    ["a mount with another field", changed(mountEntry(), 8, changed(mount(), 4, 1))],
    ["a mount that stands for something else than a file", changed(mountEntry(), 8, changed(mount(), 3, 0))],
  ])("refuses an entry: %s", (_, entry) => {
    expect(refusal(page(entry))).toBe("FormatError");
  });

  it.each<[string, CborMap, string]>([
    ["a key of zeros", changed(file(), 2, zeros), "WeakKeyError"],
    ["a size that does not fit", changed(file(), 5, 513), "FormatError"],
    ["an impossible size", changed(file(), 5, 2 ** 45), "FormatError"],
    ["a negative size", changed(file(), 5, -1), "FormatError"],
    ["a media type of 256 bytes", changed(file(), 6, "é".repeat(128)), "FormatError"],
    ["an unknown field", changed(file(), 9, 1), "FormatError"],
    ["a thumbnail of an impossible length", changed(file(), 7, changed(new Map(pointer()), 4, 659)), "FormatError"],
    ["a thumbnail with a key of zeros", changed(file(), 7, changed(new Map(pointer()), 2, zeros)), "WeakKeyError"],
    ["a thumbnail with more", changed(file(), 7, changed(new Map(pointer()), 5, 5)), "FormatError"],
    ["no earlier versions, said explicitly", changed(file(), 8, []), "FormatError"],
    ["eleven earlier versions", changed(file(), 8, Array.from({ length: 11 }, version)), "FormatError"],
    ["a version without its time", changed(file(), 8, [changed(version(), 6, undefined)]), "FormatError"],
    ["a version without its replacement", changed(file(), 8, [changed(version(), 7, undefined)]), "FormatError"],
    ["a version with a key of zeros", changed(file(), 8, [changed(version(), 2, zeros)]), "WeakKeyError"],
    ["a version of another length", changed(file(), 8, [changed(version(), 4, 690)]), "FormatError"],
  ])("refuses a file: %s", (_, value, expected) => {
    expect(refusal(page(changed(fileEntry(), 7, value)))).toBe(expected);
  });

  it("has limits, and names that no writer may use are still read", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        changed(folderEntry(), 1, Uint8Array.of(0, 0, i >> 8, i, ...new Uint8Array(12))),
      );
    expect(refusal(page(...many(PAGE_ENTRIES_LIMIT)))).toBe("accepted");
    expect(refusal(page(...many(PAGE_ENTRIES_LIMIT + 1)))).toBe("FormatError");
    expect(refusal(page(...many(PAGE_ENTRIES_LIMIT + 1)), { ...place, bitsLength: 16 })).toBe("accepted");
    const filled = (bytes: number) => {
      const empty = encodeCbor(changed(page(), 64, new Uint8Array(70_000))).length - 70_000;
      return changed(page(), 64, new Uint8Array(bytes - empty));
    };
    expect(encodeCbor(filled(131_072)).length).toBe(131_072);
    expect(refusal(filled(131_072))).toBe("accepted");
    expect(refusal(filled(131_073))).toBe("FormatError");
    expect(refusal(filled(LAST_PAGE_PLAINTEXT_LIMIT), { ...place, bitsLength: 16 })).toBe("accepted");
    expect(refusal(filled(LAST_PAGE_PLAINTEXT_LIMIT + 1), { ...place, bitsLength: 16 })).toBe("FormatError");
    for (const name of ["", "..", "a/b", "a\u202eb", "e\u0301", "\ufeffx"]) {
      expect(refusal(page(changed(folderEntry(), 3, name)))).toBe("accepted");
    }
  });

  it("survives any bytes without anything but its own errors", () => {
    const bytes = encodeCbor(page(fileEntry()));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const altered = bytes.slice();
        altered[at] = value;
        try {
          decodePageContent(altered, place);
        } catch (error) {
          expect(error instanceof FormatError || error instanceof WeakKeyError).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("round trips", () => {
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const time = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
  const key = bytes(32).filter((each) => each.some((byte) => byte !== 0));
  const size = fc.nat(2 ** 31 - 1);
  const object = fc.record({ objectId: bytes(16), fileKey: key, root: bytes(32) });
  const sized = fc
    .tuple(object, size)
    .map(([each, sizeBytes]) => ({ ...each, sizeBytes, ciphertextLength: ciphertextLength(sizeBytes) }));
  const versions = fc.array(
    fc.tuple(sized, time, fc.nat()).map(([each, modifiedMs, replacedMs]) => ({ ...each, modifiedMs, replacedMs })),
    { maxLength: 10 },
  );
  const anyFile = fc
    .tuple(sized, fc.string({ maxLength: 60 }), versions, fc.option(sized, { nil: undefined }))
    .map(([each, mediaType, earlier, thumbnail]) => ({
      ...each,
      mediaType,
      versions: earlier,
      ...(thumbnail && {
        thumbnail: {
          objectId: thumbnail.objectId,
          fileKey: thumbnail.fileKey,
          root: thumbnail.root,
          ciphertextLength: thumbnail.ciphertextLength,
        },
      }),
    }));
  const common = fc.record({
    childId: bytes(16),
    name: fc.string({ maxLength: 100, unit: "grapheme" }),
    createdMs: fc.nat(),
    modifiedMs: time,
    addedBy: bytes(16),
  });
  const entry = fc.oneof(
    common.map((each): Entry => ({ ...each, type: 0 })),
    fc.tuple(common, anyFile).map(([each, content]): Entry => ({ ...each, type: 1, file: content })),
    fc.tuple(common, bytes(16), bytes(32)).map(
      ([each, volume, genesis]): Entry => ({
        ...each,
        type: 2,
        mount: { volumeId: volume, genesisCommitHash: genesis },
      }),
    ),
    fc
      .tuple(common, fc.nat(), bytes(16))
      .map(([each, atMs, fromNodeId]): Entry => ({ ...each, type: 0, trashed: { atMs, fromNodeId } })),
  );

  it("give every page back", () => {
    fc.assert(
      fc.property(fc.uniqueArray(entry, { maxLength: 12, selector: (each) => each.childId.join() }), (entries) => {
        const content: PageContent = { entries: entries.sort(compareEntries), folder };
        expect(decodePageContent(encodePageContent(content), place)).toEqual(content);
      }),
      { numRuns: 100 },
    );
  });

  it("list every object of an entry as often as it stands there", () => {
    fc.assert(
      fc.property(anyFile, common, (content, each) => {
        const listed = [...listedObjects({ ...each, type: 1, file: content })];
        expect(listed).toHaveLength(1 + content.versions.length + ("thumbnail" in content ? 1 : 0));
        expect([...listedObjects({ ...each, type: 0 })]).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
