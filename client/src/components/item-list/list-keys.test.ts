import { describe, expect, it } from "vitest";
import { howOf, type ListShape, stepOf } from "./list-keys.ts";

const pressed = (key: string, more = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});
const list: ListShape = { count: 100, columns: 1, pageRows: 10, isRightToLeft: false };
const grid: ListShape = { ...list, columns: 4, pageRows: 3 };

describe("where a key leads", () => {
  it.each([
    ["ArrowDown", 5, 6],
    ["ArrowUp", 5, 4],
    ["ArrowUp", 0, 0],
    ["ArrowDown", 99, 99],
    ["PageDown", 5, 15],
    ["PageDown", 95, 99],
    ["PageUp", 5, 0],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["ArrowRight", 5, undefined],
    ["a", 5, undefined],
  ])("in a list: %s from %i to %s", (key, from, to) => {
    expect(stepOf(pressed(key), from, list)).toBe(to);
  });

  it.each([
    ["ArrowDown", 5, 9],
    ["ArrowUp", 5, 1],
    ["ArrowUp", 2, 2],
    ["ArrowDown", 97, 97],
    ["ArrowRight", 5, 6],
    ["ArrowLeft", 5, 4],
    ["PageDown", 5, 17],
  ])("in a grid: %s from %i to %s", (key, from, to) => {
    expect(stepOf(pressed(key), from, grid)).toBe(to);
  });

  it("goes the other way where writing does", () => {
    expect(stepOf(pressed("ArrowLeft"), 5, { ...grid, isRightToLeft: true })).toBe(6);
  });

  it("begins at the first item, leaves Alt alone, and finds nothing in an empty list", () => {
    expect(stepOf(pressed("ArrowDown"), undefined, list)).toBe(0);
    expect(stepOf(pressed("ArrowUp", { altKey: true }), 5, list)).toBeUndefined();
    expect(stepOf(pressed("End"), undefined, { ...list, count: 0 })).toBeUndefined();
  });

  it("chooses as the held keys say", () => {
    expect(howOf(pressed("End"))).toBe("only");
    expect(howOf(pressed("End", { shiftKey: true }))).toBe("range");
    expect(howOf(pressed("End", { ctrlKey: true }))).toBe("focus");
    expect(howOf(pressed("End", { metaKey: true, shiftKey: true }))).toBe("add-range");
  });
});
