import { describe, expect, it } from "vitest";
import { parseViewHash, viewHash } from "./address.ts";
import { parseRange } from "./byte-range.ts";
import { factsOfPicture, isDrawable } from "./size-of-picture.ts";
import { viewKindOf } from "./view-kind.ts";

const [A, B, C] = ["A", "B", "C"].map((letter) => letter.repeat(22)) as [string, string, string];

describe("the address of what is looked at", () => {
  it("names it by ids, and is read back", () => {
    for (const ref of [
      { parentId: A, id: B },
      { parentId: A, id: B, versionId: C },
    ])
      expect(parseViewHash(viewHash(ref))).toEqual(ref);
  });

  it.each([
    "",
    "#view=",
    `#view=${A}`,
    `#view=${A}.${B}.`,
    `#view=${A}.../x`,
    `#invite=${A}.${B}`,
    `#view=${A}.${B}.${C}.${C}`,
  ])("is not “%s”", (hash) => expect(parseViewHash(hash)).toBeUndefined());
});

describe("a range", () => {
  it.each([
    ["bytes=0-", { start: 0, end: 100 }],
    ["bytes=10-19", { start: 10, end: 20 }],
    ["bytes=90-500", { start: 90, end: 100 }],
    ["bytes=-30", { start: 70, end: 100 }],
    ["bytes=-500", { start: 0, end: 100 }],
    ["bytes=100-", "impossible"],
    ["bytes=-0", "impossible"],
    ["bytes=5-2", undefined],
    ["bytes=0-1,5-6", undefined],
    ["bytes=-", undefined],
    ["lines=1-2", undefined],
    [null, undefined],
  ])("%s of a hundred bytes", (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });
});

describe("how a file is shown", () => {
  it.each([
    ["Photo.JPG", "picture"],
    ["drawing.svg", "picture"],
    ["page.html", "text"],
    ["Makefile", "text"],
    ["README.md", "markdown"],
    ["song.flac", "audio"],
    ["film.mp4", "video"],
    ["paper.pdf", "pdf"],
    ["raw.heic", "nothing"],
    ["constructor", "nothing"],
    ["__proto__", "nothing"],
    ["", "nothing"],
  ])("%s: by %s", (name, by) => {
    expect(viewKindOf(name).by).toBe(by);
  });
});

/** As text, with \x for bytes. */
const bytes = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

describe("the size of a picture, by its first bytes", () => {
  it.each([
    [
      "PNG",
      "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x90\0\0\x01\x2c\x08",
      { mediaType: "image/png", width: 400, height: 300 },
    ],
    ["GIF", "GIF89a\x90\x01\x2c\x01\0", { mediaType: "image/gif", width: 400, height: 300 }],
    [
      "JPEG, after its EXIF",
      "\xff\xd8\xff\xe1\0\x06Exif\xff\xff\xc4\0\x02\xff\xc2\0\x11\x08\x01\x2c\x01\x90\x03",
      { mediaType: "image/jpeg", width: 400, height: 300 },
    ],
    [
      "BMP",
      `BM${"\0".repeat(12)}\x28\0\0\0\x90\x01\0\0\xd4\xfe\xff\xff\x01`,
      { mediaType: "image/bmp", width: 400, height: 300 },
    ],
    [
      "WebP",
      `RIFF\0\0\0\0WEBPVP8X${"\0".repeat(8)}\x8f\x01\0\x2b\x01\0\0`,
      { mediaType: "image/webp", width: 400, height: 300 },
    ],
    [
      "WebP without loss",
      "RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x8f\xc1\x4a\0\0",
      { mediaType: "image/webp", width: 400, height: 300 },
    ],
    [
      "WebP with loss",
      `RIFF\0\0\0\0WEBPVP8 ${"\0".repeat(10)}\x90\x01\x2c\x01`,
      { mediaType: "image/webp", width: 400, height: 300 },
    ],
    [
      "AVIF",
      `\0\0\0\x14ftypavif\0\0\0\0mif1\0\0\0\x14ispe\0\0\0\0\0\0\x01\x90\0\0\x01\x2c${"\0".repeat(16)}`,
      { mediaType: "image/avif", width: 400, height: 300 },
    ],
    [
      "an icon",
      `\0\0\x01\0\x01\0\x20\x20${"\0".repeat(10)}\x16\0\0\0\x28\0\0\0`,
      { mediaType: "image/x-icon", width: 32, height: 32 },
    ],
  ])("%s", (_, text, said) => {
    const facts = factsOfPicture(bytes(text));
    expect(facts).toEqual(said);
    // Cut anywhere before the size is said, it is none.
    for (let length = 0; length < 10; length++) expect(factsOfPicture(bytes(text).subarray(0, length))).toBeUndefined();
  });

  it.each([
    "",
    "<svg onload=alert(1)>",
    "<html>",
    "%PDF-1.7",
    "\xff\xd8\xff",
    "GIF89a\0\0\0\0",
    "just a text, and long enough",
  ])("“%s” is none", (text) => expect(factsOfPicture(bytes(text))).toBeUndefined());

  it("decides before anything is decoded", () => {
    const mediaType = "image/png";
    expect(isDrawable({ mediaType, width: 12_000, height: 8_000 })).toBe(true);
    expect(isDrawable({ mediaType, width: 100_000, height: 100_000 })).toBe(false);
    expect(isDrawable({ mediaType, width: 40_000, height: 1 })).toBe(false);
  });
});
