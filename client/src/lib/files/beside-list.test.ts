import { describe, expect, it, vi } from "vitest";
import type { FileItem } from "../session/index.ts";
import { BesideList } from "./beside-list.ts";

const item = (id: string): FileItem => ({ id, parentId: `folder of ${id}`, name: id }) as FileItem;

describe("the list beside a file that is looked at", () => {
  it("is the one of the page it was opened from, in its order, and follows it", () => {
    const beside = new BesideList();
    const heard = vi.fn();
    beside.subscribe(heard);
    const found = [item("b"), item("a")];
    beside.show("/search", found);
    beside.show("/recent", [item("a")]);
    expect(beside.at("/search", "a")).toBe(found);
    expect(beside.at("/recent", "a")).toEqual([item("a")]);
    beside.show("/search", [item("b"), item("a"), item("c")]);
    expect(beside.at("/search", "a")).toHaveLength(3);
    expect(heard).toHaveBeenCalledTimes(3);
  });

  it("is none for a file that no list holds, and for pages that are folders", () => {
    const beside = new BesideList();
    beside.show("/search", [item("a")]);
    expect(beside.at("/search", "b")).toBeUndefined();
    expect(beside.at("/files", "a")).toBeUndefined();
  });
});
