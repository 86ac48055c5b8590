import { describe, expect, it } from "vitest";
import { type Picked, type Picking, pickedFiles, pickedFrom } from "./picked.ts";

async function all(picking: Picking): Promise<string[]> {
  const found: Picked[] = [];
  for await (const some of picking) found.push(...some);
  return found.map(({ path, name, file, isUnreadable }) => {
    const kind = file === undefined ? (isUnreadable ? " (unreadable)" : "/") : "";
    return [...path, name].join("/") + kind;
  });
}

function fileEntry(name: string): object {
  return { name, isDirectory: false, file: (take: (file: File) => void) => take(new File([], name)) };
}

function folderEntry(name: string, children: readonly object[], fails = false): object {
  // Browsers give a hundred at a time.
  const reader = () => {
    const left = [...children];
    return {
      readEntries: (take: (some: object[]) => void, refuse: (error: Error) => void) =>
        fails ? refuse(new Error("no")) : take(left.splice(0, 100)),
    };
  };
  return { name, isDirectory: true, createReader: reader };
}

function dropOf(...entries: readonly object[]): DataTransfer {
  const items = entries.map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry }));
  return { items: [...items, { kind: "string" }] } as unknown as DataTransfer;
}

describe("what is dropped", () => {
  it("comes with all its folders, empty ones too, each before what is in it", async () => {
    const many = Array.from({ length: 250 }, (_, index) => fileEntry(`${index}.jpg`));
    const photos = folderEntry("Photos", [folderEntry("Empty", []), folderEntry("Many", many), fileEntry("a.jpg")]);
    const found = await all(pickedFrom(dropOf(photos, fileEntry("notes.txt"))));
    expect(found.slice(0, 5)).toEqual(["Photos/", "notes.txt", "Photos/Empty/", "Photos/Many/", "Photos/a.jpg"]);
    expect(found.length).toBe(5 + 250);
  });

  it("says which folders and files could not be opened, and brings the others", async () => {
    const locked = {
      name: "locked",
      isDirectory: false,
      file: (_: unknown, refuse: (e: Error) => void) => refuse(new Error("no")),
    };
    const found = await all(pickedFrom(dropOf(folderEntry("Private", [], true), locked, fileEntry("b"))));
    expect(found).toEqual(["Private/", "locked (unreadable)", "b", "Private (unreadable)"]);
  });
});

describe("what is chosen", () => {
  it("has the folders in which it lay", async () => {
    const inFolder = (path: string): File => {
      const file = new File([], path.split("/").at(-1) as string);
      Object.defineProperty(file, "webkitRelativePath", { value: path });
      return file;
    };
    const found = await all(pickedFiles([inFolder("A/b/1"), inFolder("A/b/2"), inFolder("A/3"), inFolder("")]));
    expect(found).toEqual(["A/", "A/b/", "A/b/1", "A/b/2", "A/3", ""]);
  });
});
