import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FormatError, fromHex } from "../bytes/index.ts";
import { entropyToWords, RecoveryWordsError, wordsToEntropy } from "./index.ts";

const ENTROPY = fromHex("7f".repeat(16));
const WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow";

describe("recovery words", () => {
  it("are those of BIP-39", () => {
    expect(entropyToWords(ENTROPY).join(" ")).toBe(WORDS);
    expect(entropyToWords(new Uint8Array(16)).join(" ")).toBe(`${"abandon ".repeat(11)}about`);
  });

  it("lead back to the entropy", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (entropy) => {
        const words = entropyToWords(entropy);
        expect(words).toHaveLength(12);
        expect(wordsToEntropy(words.join(" "))).toEqual(entropy);
      }),
      { numRuns: 50 },
    );
  });

  it("may be typed in any case, with any white space", () => {
    expect(wordsToEntropy(`\n\t${WORDS.toUpperCase().replaceAll(" ", "\u00a0 \n")}  `)).toEqual(ENTROPY);
    expect(wordsToEntropy(WORDS.replace("legal", "ｌｅｇａｌ"))).toEqual(ENTROPY);
  });

  it("are refused with the place of the unknown word, but without the word", () => {
    const typed = WORDS.replace("sausage", "sausagge");
    expect(() => wordsToEntropy(typed)).toThrow(RecoveryWordsError);
    expect(() => wordsToEntropy(typed)).toThrow(
      expect.objectContaining({ code: "recovery_words_invalid", details: { position: 6 } }),
    );
    expect(() => wordsToEntropy(typed)).not.toThrow(/sausagge/);
  });

  it.each([
    ["", /these are 0/],
    [WORDS.slice(0, -7), /these are 11/],
    [`${WORDS} yellow`, /these are 13/],
    [WORDS.replace("yellow", "year"), /do not belong together/],
    ["winner legal thank year wave sausage worth useful legal winner thank yellow", /do not belong together/],
  ])("%j are refused", (text, message) => {
    expect(() => wordsToEntropy(text)).toThrow(RecoveryWordsError);
    expect(() => wordsToEntropy(text)).toThrow(message);
  });

  it("come from 16 bytes only", () => {
    expect(() => entropyToWords(new Uint8Array(32))).toThrow(FormatError);
  });
});
