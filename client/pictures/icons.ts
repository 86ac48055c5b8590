// npm run icons: the pictures of the installed app, drawn from public/mark.svg by a browser.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";
import { CHROMIUM } from "../tests/client-world.ts";

const PUBLIC = path.resolve(import.meta.dirname, "../public");

interface Picture {
  readonly file: string;
  readonly sizePixels: number;
  /** Systems cut these to a shape of their own: the ground reaches the edges, the mark stays in the middle. */
  readonly isCut: boolean;
}

const PICTURES: readonly Picture[] = [
  { file: "icon-192.png", sizePixels: 192, isCut: false },
  { file: "icon-512.png", sizePixels: 512, isCut: false },
  { file: "icon-cut-512.png", sizePixels: 512, isCut: true },
  { file: "apple-touch-icon.png", sizePixels: 180, isCut: true },
];

/** What is left of the middle when a system cuts a circle out: four fifths of it. */
const MIDDLE = 0.8;

function pageOf(mark: string, { sizePixels, isCut }: Picture): string {
  const [, ground = ""] = /<rect[^>]*fill="([^"]+)"/.exec(mark) ?? [];
  const side = isCut ? sizePixels * MIDDLE : sizePixels;
  return `<style>
    body { margin: 0; display: grid; place-items: center; height: 100vh; background: ${isCut ? ground : "transparent"} }
    svg { width: ${side}px; height: ${side}px }
  </style>${mark}`;
}

const mark = await readFile(path.join(PUBLIC, "mark.svg"), "utf8");
const browser = await chromium.launch(CHROMIUM);
try {
  for (const picture of PICTURES) {
    const { file, sizePixels } = picture;
    const page = await browser.newPage({ viewport: { width: sizePixels, height: sizePixels } });
    await page.setContent(pageOf(mark, picture));
    await writeFile(path.join(PUBLIC, file), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
process.stdout.write(`Drew ${PICTURES.map(({ file }) => file).join(", ")}.\n`);
