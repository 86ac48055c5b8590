import { describe, expect, it } from "vitest";
import type { EngineFailure, Session } from "../session/index.ts";
import { fitted } from "./fit.ts";
import { ThumbnailStore } from "./thumbnail-store.ts";

/** The beginning of a PNG of this size is all that is looked at. */
function png(side: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(32);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, side);
  new DataView(bytes.buffer).setUint32(20, side);
  return bytes;
}

const listed = (name: string) => ({ type: "file", name, parentId: "folder", id: name, modifiedMs: 1 }) as const;
const item = (name: string) => ({ ...listed(name), thumbnailId: `t-${name}` });

function storeOver(
  pictures: Readonly<Record<string, Uint8Array<ArrayBuffer> | undefined>>,
  failures: EngineFailure[] = [],
) {
  const asked: (readonly [string, readonly string[]])[] = [];
  const heard: EngineFailure[] = [];
  const way = { isOffline: false };
  const read = async (parentId: string, ids: readonly string[]) => {
    asked.push([parentId, ids]);
    if (way.isOffline) throw new Error("offline");
    return { pictures: ids.map((id) => pictures[id]), failures };
  };
  const session = { engine: { thumbnails: { read } } } as unknown as Session;
  const store = new ThumbnailStore({ session, onFailure: (failure) => heard.push(failure) });
  const told = () =>
    new Promise<void>((resolve) => {
      const stop = store.subscribe(() => {
        stop();
        resolve();
      });
    });
  return { store, asked, heard, told, way };
}

describe("small pictures in a window", () => {
  it("are asked for together, each once, and only those that are still in sight", async () => {
    const { store, asked, told } = storeOver({ a: png(8), b: png(8), c: png(8) });
    for (const name of ["a", "b", "c", "a"]) store.want(item(name));
    store.unwant(item("b"));
    store.want(listed("plain.jpg"));
    await told();
    expect(asked).toEqual([["folder", ["a", "c"]]]);
    expect(store.address(item("a"))).toMatch(/^blob:/);
    store.want(item("a"));
    expect(store.address(item("b"))).toBeUndefined();
    expect(asked).toHaveLength(1);
    store.clear();
    expect(store.address(item("a"))).toBeUndefined();
  });

  it("are none when they are no picture, or a large one; an altered one is told", async () => {
    const failure = { code: "exef_segment_altered", message: "altered" };
    const { store, heard, told } = storeOver({ a: new TextEncoder().encode("<svg>"), b: png(2_000) }, [failure]);
    store.want(item("a"));
    store.want(item("b"));
    await told();
    expect([store.address(item("a")), store.address(item("b"))]).toEqual([undefined, undefined]);
    expect(heard).toEqual([failure]);
  });

  it("of what was found anywhere are asked for by the kind of the file", async () => {
    const { store, asked, told } = storeOver({ "a.jpg": png(8) });
    const found = { place: "/", changedMs: 1 };
    for (const name of ["a.jpg", "b.txt"]) store.want({ ...listed(name), found });
    await told();
    expect(asked).toEqual([["folder", ["a.jpg"]]]);
    expect(store.address({ ...listed("a.jpg"), found })).toMatch(/^blob:/);
    // Another content came since.
    expect(store.address({ ...listed("a.jpg"), found, modifiedMs: 2 })).toBeUndefined();
  });

  it("that could not be fetched are asked for again when they come back into sight", async () => {
    const { store, told, way } = storeOver({ a: png(8) });
    way.isOffline = true;
    store.want(item("a"));
    await told();
    expect(store.address(item("a"))).toBeUndefined();
    way.isOffline = false;
    store.want(item("a"));
    await told();
    expect(store.address(item("a"))).toMatch(/^blob:/);
  });

  it("are as large as they may be, and keep their shape", () => {
    expect(fitted({ width: 4000, height: 3000 })).toEqual({ width: 512, height: 384 });
    expect(fitted({ width: 100, height: 40 })).toEqual({ width: 100, height: 40 });
    expect(fitted({ width: 20_000, height: 10 })).toEqual({ width: 512, height: 1 });
  });
});
