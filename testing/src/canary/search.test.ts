import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CanarySearch, needlesOf } from "./index.ts";

const MARKER = "Kanarienvögel-74e1";

function found(written: Buffer | string, marker = MARKER): string[] {
  const bytes = Buffer.concat([randomBytes(101), Buffer.from(written), randomBytes(103)]);
  return new CanarySearch([marker]).find({ where: "a test", bytes }).map(({ encoding }) => encoding);
}

describe("a search for a marker", () => {
  it("finds it as it is", () => {
    expect(found(MARKER)).toContain("as it is");
  });

  it.each([
    ["utf-16le", Buffer.from(MARKER, "utf16le")],
    ["utf-16be", Buffer.from(MARKER, "utf16le").swap16()],
    ["hex", Buffer.from(MARKER).toString("hex")],
    ["HEX", Buffer.from(MARKER).toString("hex").toUpperCase()],
    ["percent, as addresses have it", encodeURIComponent(MARKER)],
    ["json escapes", JSON.stringify(MARKER).replace("ö", "\\u00f6")],
    ["backwards", Buffer.from(MARKER).reverse()],
  ])("finds it in %s", (encoding, written) => {
    expect(found(written)).toContain(encoding);
  });

  it.each(["base64", "base64url"] as const)("finds it in %s at any place among other bytes", (alphabet) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 7 }), fc.uint8Array({ maxLength: 7 }), (before, after) => {
        const written = Buffer.concat([before, Buffer.from(MARKER), after]).toString(alphabet);
        const encodings = found(written);
        expect(encodings.some((encoding) => encoding.startsWith("base64"))).toBe(true);
      }),
    );
  });

  it("finds it in another case and in the other Unicode form", () => {
    expect(found(MARKER.toUpperCase())).not.toEqual([]);
    expect(found(MARKER.normalize("NFD"))).not.toEqual([]);
  });

  it("says where it was", () => {
    const bytes = Buffer.from(`....${MARKER}`);
    expect(new CanarySearch([MARKER]).find({ where: "a file", bytes })).toContainEqual({
      marker: MARKER,
      encoding: "as it is",
      where: "a file",
      offset: 4,
    });
  });

  it("finds the bytes of a secret", () => {
    const secret = randomBytes(32);
    const search = new CanarySearch([{ name: "a key", value: secret }]);
    const written = [secret, secret.toString("hex"), secret.toString("base64url"), JSON.stringify([...secret])];
    for (const each of written) {
      const bytes = Buffer.concat([randomBytes(33), Buffer.from(each), randomBytes(34)]);
      expect(search.find({ where: "a test", bytes })).toContainEqual(expect.objectContaining({ marker: "a key" }));
    }
  });

  it("finds nothing in noise", () => {
    expect(new CanarySearch([MARKER]).find({ where: "noise", bytes: randomBytes(1 << 20) })).toEqual([]);
  });

  it("refuses a marker that noise would contain", () => {
    expect(() => new CanarySearch(["cat"])).toThrow(TypeError);
    for (const { bytes } of needlesOf(MARKER)) expect(bytes.length).toBeGreaterThanOrEqual(16);
  });
});
