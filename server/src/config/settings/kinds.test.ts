import { describe, expect, it } from "vitest";
import { listOf, oneOf, onOff, orWord, size, text, time, wholeNumber } from "./kinds.ts";

const quota = orWord("none", size());

describe("sizes", () => {
  it.each([
    ["none", null],
    ["0", 0],
    ["500M", 500 * 1024 ** 2],
    ["20G", 20 * 1024 ** 3],
    ["1.5t", 1.5 * 1024 ** 4],
    ["7GiB", 7 * 1024 ** 3],
    [1000, 1000],
  ])("%s is %s", (given, sizeBytes) => {
    expect(quota.fromToml(given)).toBe(sizeBytes);
    expect(quota.fromText(String(given))).toBe(sizeBytes);
  });
  it.each(["", "G", "-1", "1e3", "20 GG", "99999999T", -1, 1.0001, true])("%j is none", (given) => {
    expect(quota.fromToml(given)).toBeUndefined();
  });
  it.each([0, 1, 1023, 1024, 20 * 1024 ** 3, 1024 ** 5])("%d can be written and read again", (sizeBytes) => {
    expect(size().fromToml(JSON.parse(size().toToml(sizeBytes)))).toBe(sizeBytes);
  });
});

describe("times", () => {
  const kind = time({ minMs: 1_000, maxMs: 86_400_000 });
  it.each([
    ["1s", 1_000],
    ["1500ms", 1_500],
    ["15m", 900_000],
    ["1d", 86_400_000],
  ])("%s is %d ms", (given, timeMs) => {
    expect(kind.fromText(given)).toBe(timeMs);
    expect(kind.fromText(JSON.parse(kind.toToml(timeMs)))).toBe(timeMs);
  });
  it.each(["10", "999ms", "2d", "-1s", "1 fortnight", "", 10])("%j is none", (given) => {
    expect(kind.fromToml(given)).toBeUndefined();
  });
});

describe("other kinds", () => {
  it("take whole numbers in their range", () => {
    const kind = wholeNumber({ min: 1, max: 10 });
    expect([1, 10, "5", 0, 11, 1.5, Number.NaN].map((given) => kind.fromToml(given))).toEqual([
      1,
      10,
      ...Array(5).fill(undefined),
    ]);
    expect(["1", " 10 ", "0", "11", "1.5", "0x5", "", "1e1"].map((given) => kind.fromText(given))).toEqual([
      1,
      10,
      ...Array(6).fill(undefined),
    ]);
  });

  it("take the words that switches are written with", () => {
    expect(["1", "true", "YES", "on", "0", "false", "No", "off", "maybe", ""].map(onOff().fromText)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      undefined,
      undefined,
    ]);
    expect([true, "true", 1].map(onOff().fromToml)).toEqual([true, undefined, undefined]);
  });

  it("take one word of several, and lists whose every part is allowed", () => {
    const words = listOf(oneOf("red", "green"));
    expect(words.fromText("red, green red")).toEqual(["red", "green", "red"]);
    expect(words.fromToml(["green"])).toEqual(["green"]);
    expect(words.fromToml("green")).toEqual(["green"]);
    expect(words.fromToml(["green", 1])).toBeUndefined();
    expect(words.fromText("green blue")).toBeUndefined();
    expect(text({ allowed: "a", placeholder: "b" }).fromText("  ")).toBeUndefined();
  });
});
