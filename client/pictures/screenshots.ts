// npm run screenshots: pictures for the README, of the built client on a real server with files in it.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { ensureBuilt } from "../build/ensure-built.ts";
import { closeBrowser, signUp, startClientWorld } from "../tests/client-world.ts";
import { drawScene, type Scene } from "./scenes.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../docs/screenshots");
/** A README is read over slow lines as well. */
const LARGEST_BYTES = 200_000;
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const FOLDERS = ["Family", "Iceland 2026", "Recipes", "Taxes"];
const SCENES: readonly (Scene & { readonly name: string; readonly changed: string })[] = [
  {
    ...{ name: "IMG_2041 – Jökulsárlón at dusk.jpg", changed: "2026-11-09T17:42", seed: 3 },
    ...{ sky: ["#27345c", "#e8a27c"], sun: "#ffe3b0", hills: ["#7d86a8", "#4a5b86", "#22355f"] },
  },
  {
    ...{ name: "IMG_2042 – Moss and lava.jpg", changed: "2026-11-09T12:05", seed: 7 },
    ...{ sky: ["#9cc3dd", "#e9f1ee"], hills: ["#8fae9a", "#5d8a58", "#38633a", "#2a2f2b"] },
  },
  {
    ...{ name: "IMG_2047 – Black beach.jpg", changed: "2026-11-10T09:21", seed: 12 },
    ...{ sky: ["#b9c6d2", "#f2ece4"], sun: "#fffaf0", hills: ["#8695a5", "#4d5763", "#1d2127"] },
  },
  {
    ...{ name: "IMG_2053 – First snow.jpg", changed: "2026-11-11T08:12", seed: 21 },
    ...{ sky: ["#6f9bd8", "#dfeaf8"], hills: ["#f4f8fd", "#cfdcec", "#8aa2c4"] },
  },
];
const FILES = [
  { name: "Itinerary and bookings.pdf", sizeBytes: 412_000, changed: "2026-11-02T09:10" },
  { name: "Packing list.md", sizeBytes: 2_900, changed: "2026-10-28T20:31" },
  { name: "Winter budget.ods", sizeBytes: 38_000, changed: "2025-12-01T08:00" },
];

async function addSamples(page: Page): Promise<void> {
  for (const name of FOLDERS) {
    await page.getByRole("button", { name: "New", exact: true }).click();
    await page.getByRole("menuitem", { name: "New folder" }).click();
    await page.getByLabel("Name of the folder").fill(name);
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: new RegExp(`^${name}`) }).waitFor();
  }
  const folder = await mkdtemp(path.join(tmpdir(), "excalibur-screenshots-"));
  const easel = await page.context().newPage();
  try {
    const places: string[] = [];
    const add = async (name: string, content: Buffer, changed: string): Promise<void> => {
      const place = path.join(folder, name);
      await writeFile(place, content);
      await utimes(place, new Date(changed), new Date(changed));
      places.push(place);
    };
    for (const { name, changed, ...scene } of SCENES) await add(name, await drawScene(easel, scene), changed);
    for (const { name, sizeBytes, changed } of FILES) await add(name, randomBytes(sizeBytes), changed);
    await page.getByLabel("Upload files").setInputFiles(places);
    await page.getByText("Everything is there").waitFor();
  } finally {
    await easel.close();
    await rm(folder, { recursive: true, force: true });
  }
  await page.getByRole("button", { name: "Clear" }).click();
}

async function take(page: Page, name: string): Promise<void> {
  // Nothing is pointed at.
  await page.mouse.move(0, 0);
  // Until fonts and pictures are there and nothing moves.
  await page.evaluate("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 900)))");
  const picture = await page.screenshot({ animations: "disabled" });
  if (picture.length > LARGEST_BYTES) throw new Error(`${name} has ${picture.length} bytes, more than a README takes.`);
  await writeFile(path.join(FOLDER, `${name}.png`), picture);
  process.stdout.write(`${name}.png: ${Math.round(picture.length / 1000)} kB\n`);
}

await mkdir(FOLDER, { recursive: true });
await ensureBuilt((line) => process.stdout.write(`${line}\n`));
await using world = await startClientWorld();
await using window = await world.open({ viewport: DESKTOP });
const { page } = window;
const firstFolder = page.getByRole("row", { name: /^Family/ });
await signUp(page, await world.invitation(), "maren");
await addSamples(page);
await take(page, "files-light");
await page.emulateMedia({ colorScheme: "dark" });
await page.getByRole("button", { name: "View", exact: true }).click();
await page.getByRole("menuitemradio", { name: "Grid" }).click();
await take(page, "files-dark");
await page.setViewportSize(PHONE);
await page.goto(`${world.origin}/files`);
await page.getByText("Iceland 2026").first().waitFor();
await take(page, "phone-dark");
await page.emulateMedia({ colorScheme: "light" });
await page.getByRole("button", { name: "View", exact: true }).click();
await page.getByRole("menuitemradio", { name: "List" }).click();
await firstFolder.waitFor();
await take(page, "phone-light");
await closeBrowser();
