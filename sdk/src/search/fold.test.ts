import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, foldWords } from "./fold.ts";

describe("a folded name", () => {
  it.each([
    ["Île de Ré.JPG", "ile de re.jpg"],
    ["STRASSE", "strasse"],
    ["Straße", "strasse"],
    ["İstanbul", "istanbul"],
    ["Ａｌｂｕｍ ﬁne", "album fine"],
    ["Ελλάδα", "ελλαδα"],
    ["ёлка", "елка"],
    ["写真", "写真"],
    ["line\nbreak", "line break"],
  ])("of %j is %j", (name, folded) => expect(fold(name)).toBe(folded));

  it("is the same for both normal forms and any case, and holds nothing that separates names", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (name) => {
        const folded = fold(name);
        expect(fold(name.normalize("NFD"))).toBe(folded);
        expect(fold(folded)).toBe(folded);
        expect(folded).not.toMatch(/[\u0000-\u001f]/);
      }),
    );
  });

  it("is asked for by its words, each once, the longest first", () => {
    expect(foldWords("  of the  Öland OF\toland ")).toEqual(["oland", "the", "of"]);
    expect(foldWords(" ")).toEqual([]);
  });
});
