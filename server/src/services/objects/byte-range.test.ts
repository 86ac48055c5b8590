import { describe, expect, it } from "vitest";
import { parseByteRange } from "./byte-range.ts";

describe("parseByteRange", () => {
  it.each([
    ["bytes=0-0", 0, 1],
    ["bytes=0-99", 0, 100],
    ["bytes=10-19", 10, 10],
    ["bytes=10-", 10, 90],
    ["bytes=10-5000", 10, 90],
    ["bytes=99-99", 99, 1],
    ["bytes=-1", 99, 1],
    ["bytes=-100", 0, 100],
    ["bytes=-5000", 0, 100],
  ])("%s of 100 bytes", (header, offset, length) => {
    expect(parseByteRange(header, 100)).toEqual({ offset, length });
  });

  it.each([[undefined], ["items=0-5"], [""]])("takes %s for the whole object", (header) => {
    expect(parseByteRange(header, 100)).toBeUndefined();
  });

  it.each([
    ["bytes=100-"],
    ["bytes=100-200"],
    ["bytes=9-8"],
    ["bytes=-0"],
    ["bytes=-"],
    ["bytes="],
    ["bytes=0-1,5-6"],
    ["bytes=a-b"],
    ["bytes= 0-5"],
    ["bytes=0x1-5"],
    ["bytes=99999999999999999999-"],
  ])("refuses %s", (header) => {
    expect(() => parseByteRange(header, 100)).toThrow(expect.objectContaining({ code: "range_not_satisfiable" }));
  });
});
