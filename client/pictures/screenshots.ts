// npm run screenshots: pictures for the README, of the built client on a real server with files in it.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { signUp, startClientWorld } from "../tests/client-world.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../docs/screenshots");
/** A README is read over slow lines as well. */
const LARGEST_BYTES = 200_000;

const FOLDERS = ["Family", "Iceland 2026", "Recipes", "Taxes"];
const FILES = [
  { name: "IMG_2041 – Jökulsárlón at dusk.jpg", sizeBytes: 2_410_000, changed: "2026-11-09T17:42" },
  { name: "IMG_2042 – Moss and lava.jpg", sizeBytes: 1_930_000, changed: "2026-11-09T12:05" },
  { name: "Itinerary and bookings.pdf", sizeBytes: 412_000, changed: "2026-11-02T09:10" },
  { name: "Packing list.md", sizeBytes: 2_900, changed: "2026-10-28T20:31" },
  { name: "Skógafoss.mp4", sizeBytes: 6_800_000, changed: "2026-11-08T15:18" },
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
  try {
    const places = FILES.map(({ name }) => path.join(folder, name));
    for (const [index, { sizeBytes, changed }] of FILES.entries()) {
      await writeFile(places[index] as string, randomBytes(sizeBytes));
      await utimes(places[index] as string, new Date(changed), new Date(changed));
    }
    await page.getByLabel("Upload files").setInputFiles(places);
    await page.getByText("Everything is there").waitFor();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await page.getByRole("button", { name: "Clear" }).click();
}

async function take(page: Page, name: string): Promise<void> {
  // Until fonts are there and nothing moves.
  await page.evaluate("document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 400)))");
  const picture = await page.screenshot({ animations: "disabled" });
  if (picture.length > LARGEST_BYTES) throw new Error(`${name} has ${picture.length} bytes, more than a README takes.`);
  await writeFile(path.join(FOLDER, `${name}.png`), picture);
  process.stdout.write(`${name}.png: ${Math.round(picture.length / 1000)} kB\n`);
}

await mkdir(FOLDER, { recursive: true });
await using world = await startClientWorld();
await using window = await world.open({ viewport: { width: 1280, height: 800 } });
const { page } = window;
await signUp(page, await world.invitation(), "maren");
await addSamples(page);
await take(page, "files-light");
await page.goto(`${world.origin}/settings/security`);
await page.getByText("This browser", { exact: true }).waitFor();
await page.emulateMedia({ colorScheme: "dark" });
await take(page, "settings-dark");
await page.setViewportSize({ width: 390, height: 844 });
await page.goto(`${world.origin}/files`);
await page.getByRole("row", { name: /^Family/ }).waitFor();
await take(page, "phone-dark");
