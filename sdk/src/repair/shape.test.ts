import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Shape, type ShapeFolder, shapeOf } from "./shape.ts";

const ROOT = "root";
const TRASH = "trash";
const fixed = { rootKey: ROOT, trashKey: TRASH };
const KEYS = [ROOT, TRASH, "a", "b", "c", "d", "e", "f"];

/** Any tree, or what a bad client makes of it: any folder may name any parent and list anything, even what is not there. */
const folders = fc
  .tuple(...KEYS.map(() => fc.tuple(fc.constantFrom(...KEYS, undefined), fc.subarray([...KEYS, "missing"]))))
  .map((facts) => {
    const all = facts.map(([parentKey, listed], index): ShapeFolder => {
      const key = KEYS[index] as string;
      return { key, parentKey: key === ROOT ? null : parentKey, listed };
    });
    return new Map(all.map((folder) => [folder.key, folder]));
  });

/** What the repairs that belong to a shape make of the folders. */
function repaired(before: ReadonlyMap<string, ShapeFolder>, shape: Shape): Map<string, ShapeFolder> {
  const tops = shape.tops.map(({ key }) => key);
  const off = [...shape.gone, ...shape.surplus, ...shape.tops.flatMap(({ ringLine }) => ringLine ?? [])];
  const after = new Map<string, ShapeFolder>();
  for (const folder of before.values()) {
    const isOff = (childKey: string) => off.some((line) => line.folderKey === folder.key && line.childKey === childKey);
    const listed = folder.listed.filter((childKey) => !isOff(childKey));
    const parentKey = shape.ownerOf.get(folder.key) ?? folder.parentKey;
    after.set(folder.key, { ...folder, listed, parentKey: tops.includes(folder.key) ? "recovered" : parentKey });
  }
  if (tops.length === 0) return after;
  const root = after.get(ROOT) as ShapeFolder;
  after.set(ROOT, { ...root, listed: [...root.listed, "recovered"] });
  return after.set("recovered", { key: "recovered", parentKey: ROOT, listed: tops });
}

describe("the shape of any tree", () => {
  it("after its repairs is that of a tree in which nothing is wrong, and no folder is lost", () => {
    fc.assert(
      fc.property(folders, (before) => {
        const after = repaired(before, shapeOf(before, fixed));
        expect(shapeOf(after, fixed)).toMatchObject({ gone: [], surplus: [], wrongParent: [], tops: [] });
        const reached = new Set([ROOT, TRASH]);
        for (const key of reached) for (const childKey of after.get(key)?.listed ?? []) reached.add(childKey);
        expect([...before.keys()].filter((key) => !reached.has(key))).toEqual([]);
      }),
    );
  });

  it("leaves a folder where it says it is, if that one lists it", () => {
    fc.assert(
      fc.property(folders, (before) => {
        const { ownerOf, tops } = shapeOf(before, fixed);
        for (const { key, parentKey } of before.values()) {
          if (key === ROOT || key === TRASH || !parentKey || !before.get(parentKey)?.listed.includes(key)) continue;
          if (!tops.some((top) => top.key === key)) expect(ownerOf.get(key)).toBe(parentKey);
        }
      }),
    );
  });
});
