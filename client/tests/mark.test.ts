import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** What is drawn, in whatever spelling of XML. */
async function shapesIn(file: string): Promise<string[]> {
  const text = await readFile(path.join(ROOT, file), "utf8");
  const [, drawn = ""] = /<svg[^>]*viewBox="0 0 32 32"[^>]*>([\s\S]*?)<\/svg>/.exec(text) ?? [];
  return drawn.match(/<(?:rect|path|circle)[^>]*>/g)?.map((shape) => shape.replace(/\s*\/?>$/, "")) ?? [];
}

it.each(["client/src/components/page/Mark.tsx", "server/src/api/welcome/page.ts"])(
  "%s draws the mark as client/public/mark.svg does",
  async (file) => {
    const mark = await shapesIn("client/public/mark.svg");
    expect(mark.length).toBeGreaterThan(4);
    expect(await shapesIn(file)).toEqual(mark);
  },
);

it("the icons that the manifest names are there, in their sizes", async () => {
  const folder = path.join(ROOT, "client/public");
  const manifest = JSON.parse(await readFile(path.join(folder, "manifest.webmanifest"), "utf8")) as {
    icons: { src: string; sizes: string; type: string; purpose: string }[];
  };
  const pictures = manifest.icons.filter(({ type }) => type === "image/png");
  expect(pictures.map(({ purpose }) => purpose)).toContain("maskable");
  for (const { src, sizes } of pictures) {
    const png = await readFile(path.join(folder, src));
    // IHDR: width and height.
    expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`).toBe(sizes);
  }
});
