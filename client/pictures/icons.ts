// npm run icons: the pictures of the installed app, on the web and on phones, drawn from public/mark.svg and the theme's colours.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { chromium } from "playwright-core";
import { CHROMIUM } from "../tests/client-world.ts";
import { androidResources } from "./android.ts";
import { readGrounds, readMark } from "./mark.ts";

const CLIENT = path.resolve(import.meta.dirname, "..");
const IOS = "ios/App/App/Assets.xcassets";
const RESOURCES = path.join(CLIENT, "android/app/src/main/res");

interface Picture {
  readonly file: string;
  readonly sizePixels: number;
  /** How much of the side the mark has. */
  readonly share: number;
  /** undefined: whatever lies below is seen. */
  readonly ground?: string;
  /** Without the square that it stands on. */
  readonly isBare?: boolean;
  /** The system colours it by its brightness. */
  readonly isGrey?: boolean;
}

const [mark, grounds] = await Promise.all([readMark(), readGrounds()]);
/** Systems cut these to a shape of their own: the ground reaches the edges, the mark stays in the middle. */
const CUT = { share: 0.8, ground: mark.ground } as const;
const SPLASH_PIXELS = 2732;
const SPLASH_SHARE = 0.09;

const PICTURES: readonly Picture[] = [
  { file: "public/icon-192.png", sizePixels: 192, share: 1 },
  { file: "public/icon-512.png", sizePixels: 512, share: 1 },
  { file: "public/icon-cut-512.png", sizePixels: 512, ...CUT },
  { file: "public/apple-touch-icon.png", sizePixels: 180, ...CUT },
  { file: `${IOS}/AppIcon.appiconset/AppIcon.png`, sizePixels: 1024, ...CUT },
  { file: `${IOS}/AppIcon.appiconset/AppIcon-dark.png`, sizePixels: 1024, share: 0.8, isBare: true },
  { file: `${IOS}/AppIcon.appiconset/AppIcon-tinted.png`, sizePixels: 1024, share: 0.8, isBare: true, isGrey: true },
  {
    ...{ file: `${IOS}/Splash.imageset/Splash.png`, sizePixels: SPLASH_PIXELS },
    ...{ share: SPLASH_SHARE, ground: grounds.light },
  },
  {
    ...{ file: `${IOS}/Splash.imageset/Splash-dark.png`, sizePixels: SPLASH_PIXELS },
    ...{ share: SPLASH_SHARE, ground: grounds.dark },
  },
];

function pageOf({ sizePixels, share, ground, isBare = false, isGrey = false }: Picture): string {
  const side = sizePixels * share;
  return `<style>
    body { margin: 0; display: grid; place-items: center; height: 100vh; background: ${ground ?? "transparent"} }
    svg { width: ${side}px; height: ${side}px; ${isGrey ? "filter: grayscale(1)" : ""} }
    ${isBare ? `svg > rect:first-of-type { display: none } svg > path:last-of-type { fill: ${mark.ground} }` : ""}
  </style>${mark.svg}`;
}

for (const [file, content] of androidResources(mark, grounds)) {
  const place = path.join(RESOURCES, file);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, content);
}
const browser = await chromium.launch(CHROMIUM);
try {
  for (const picture of PICTURES) {
    const { file, sizePixels, ground } = picture;
    const page = await browser.newPage({ viewport: { width: sizePixels, height: sizePixels } });
    await page.setContent(pageOf(picture));
    await writeFile(path.join(CLIENT, file), await page.screenshot({ omitBackground: ground === undefined }));
    await page.close();
  }
} finally {
  await browser.close();
}
process.stdout.write(
  `Drew ${PICTURES.map(({ file }) => path.basename(file)).join(", ")} and what Android draws itself.\n`,
);
