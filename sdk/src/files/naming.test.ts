import { describe, expect, it } from "vitest";
import type { FileVersion } from "../volumes/index.ts";
import { BadNameError, numberedName, parsePath, requireName } from "./index.ts";
import { thinned } from "./versions.ts";

describe("names", () => {
  it.each([
    ["photo.jpg", 2, "photo (2).jpg"],
    ["archive.tar.gz", 3, "archive.tar (3).gz"],
    ["README", 2, "README (2)"],
    [".profile", 2, ".profile (2)"],
  ])("%s, %i: %s", (name, number, numbered) => {
    expect(numberedName(name, number)).toBe(numbered);
  });

  it("are stored in one Unicode form, and refused with the rule they break", () => {
    expect(requireName("Cafe\u0301")).toBe("Café");
    for (const name of ["", ".", "..", "a/b", "a\0", "line\nbreak", "\u202egpj.exe", "\ud800", "x".repeat(2000)]) {
      expect(() => requireName(name)).toThrow(BadNameError);
    }
  });
});

describe("paths", () => {
  it("begin at the root, whatever slashes they have", () => {
    expect(parsePath("/")).toEqual([]);
    expect(parsePath("a//b/./c/")).toEqual(["a", "b", "c"]);
    expect(parsePath("/Cafe\u0301")).toEqual(["Café"]);
    expect(() => parsePath("/a/../b")).toThrow(BadNameError);
  });
});

describe("earlier versions", () => {
  function version(replacedMs: number): FileVersion {
    const bytes = new Uint8Array(32).fill(1);
    const pointer = { objectId: bytes.subarray(16), fileKey: bytes, root: bytes, ciphertextLength: 1 };
    return { ...pointer, sizeBytes: 1, modifiedMs: 0, replacedMs };
  }

  it("are at most ten, the newest always, and the one closest to its elder goes", () => {
    const times = [1000, 900, 800, 795, 700, 600, 500, 400, 300, 200, 100];
    expect(thinned(times.map(version)).map(({ replacedMs }) => replacedMs)).toEqual(
      times.filter((time) => time !== 800),
    );
    const hundred = Array.from({ length: 100 }, (_, i) => version(10_000 - i));
    const kept = thinned(hundred).map(({ replacedMs }) => replacedMs);
    expect(kept).toHaveLength(10);
    expect(kept[0]).toBe(10_000);
    expect(kept.at(-1)).toBe(9_901);
  });
});
