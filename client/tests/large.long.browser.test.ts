/** Files of any size pass through the browser in constant memory: up, down, and down as a ZIP file. */

import { createHash } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { invite, testServer } from "@excalibur/server/testing";
import { expect, it } from "vitest";
import { amount } from "../../scripts/test/long-mode.ts";
import { CLIENT_FOLDER } from "../build/ensure-built.ts";
import { signUp } from "./client-world.ts";
import { type PlainBrowser, startPlainBrowser } from "./plain-browser.ts";

const MIB = 1024 ** 2;
/** A gigabyte; five with EXCALIBUR_LONG_SCALE=5. */
const FILE_BYTES = amount({ everyday: 64, long: 1024 }) * MIB;
/** performance.md: each process that runs the client's program, above what it has while nothing happens. */
const ALLOWED_MIB = 150;
const SAMPLE_MS = 100;

/** Random, and another one every time it is written. Gives its hash. */
async function writeLarge(path: string): Promise<string> {
  const file = createWriteStream(path);
  const hash = createHash("sha256");
  for (let at = 0; at < FILE_BYTES; at += MIB) {
    const block = new Uint8Array(MIB);
    for (let part = 0; part < MIB; part += 65_536) crypto.getRandomValues(block.subarray(part, part + 65_536));
    hash.update(block);
    if (!file.write(block)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  return hash.digest("hex");
}

async function hashOf(path: string, range: { readonly start?: number; readonly end?: number } = {}): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, range)) hash.update(piece);
  return hash.digest("hex");
}

/** Where the first file of a ZIP begins: its header is as long as its name and what is said besides, more above 4 GiB. */
async function contentStart(zip: string): Promise<number> {
  await using file = await open(zip);
  const { buffer: header } = await file.read(Buffer.alloc(30), 0, 30, 0);
  return 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Memory that a process has for itself, by process: of those that draw pages and run workers, the service worker's among them. */
async function renderers(browserPid: number): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  const parents = new Map<number, number>();
  const pids = (await readdir("/proc")).map(Number).filter(Number.isInteger);
  const own = async (pid: number): Promise<void> => {
    try {
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, "latin1");
      const [status, command] = await Promise.all([read("status"), read("cmdline")]);
      parents.set(pid, Number(/PPid:\s+(\d+)/.exec(status)?.[1]));
      if (!command.includes("--type=renderer")) return;
      found.set(pid, Number(/Private_Dirty:\s+(\d+)/.exec(await read("smaps_rollup"))?.[1]) / 1024);
    } catch (error) {
      // It ended meanwhile.
      if (!["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  };
  await Promise.all(pids.map(own));
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === browserPid || isOurs(parents.get(pid)));
  return new Map([...found].filter(([pid]) => isOurs(pid)));
}

/** The most, in MiB, that each of the processes had above what it had when nothing happened, while `work` went on. */
async function above(
  browser: PlainBrowser,
  idle: ReadonlyMap<number, number>,
  work: () => Promise<void>,
): Promise<number[]> {
  const most = new Map<number, number>();
  let isDone = false;
  const working = work().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    // One that is new counts whole.
    for (const [pid, mib] of await renderers(browser.pid)) {
      most.set(pid, Math.max(most.get(pid) ?? 0, mib - (idle.get(pid) ?? 0)));
    }
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  await working;
  return [...most.values()];
}

/** Resolves when the page says so. */
async function says(browser: PlainBrowser, text: string): Promise<void> {
  while (!(await browser.evaluate<boolean>(`document.body.innerText.includes(${JSON.stringify(text)})`))) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
}

/** Resolves when the browser has written it. */
async function written(path: string, sizeBytes: number): Promise<void> {
  for (;;) {
    try {
      if ((await stat(path)).size >= sizeBytes) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
}

it(`a file of ${FILE_BYTES / MIB} MiB goes up and comes down, by itself and as a ZIP file, in constant memory`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "excalibur-large-"));
  try {
    await using server = await testServer({ webFolder: CLIENT_FOLDER });
    await using browser = await startPlainBrowser();
    const { origin } = server.server;
    await browser.watched(async (page) => {
      await signUp(page, `${origin}/#invite=${await invite(server.server)}`, "alice");
      // The next start of the program is under the service worker from the beginning, as all but the first are.
      await page.reload();
      await page.getByRole("heading", { name: "My files" }).waitFor();
    });
    const source = join(folder, "film.bin");
    const expected = await writeLarge(source);
    const idle = await renderers(browser.pid);

    const up = await above(browser, idle, async () => {
      await browser.pick("input[type=file]:not([webkitdirectory])", [source]);
      await says(browser, "Everything is there");
    });

    const down = await above(browser, idle, async () => {
      await browser.click(
        `[...document.querySelectorAll("[role=row]")].find((row) => row.textContent.includes("film.bin"))`,
      );
      await browser.pressControl("s");
      await written(join(browser.downloadFolder, "film.bin"), FILE_BYTES);
    });
    expect(await hashOf(join(browser.downloadFolder, "film.bin"))).toBe(expected);
    await rm(join(browser.downloadFolder, "film.bin"));

    await browser.watched(async (page) => {
      await page.goto(`${origin}/settings/account`);
      await page.getByRole("button", { name: "Save as ZIP" }).waitFor();
    });
    const again = await renderers(browser.pid);
    const zipped = await above(browser, again, async () => {
      await browser.click(
        `[...document.querySelectorAll("button")].find((button) => button.innerText === "Save as ZIP")`,
      );
      await zipIn(browser.downloadFolder);
    });
    const zip = join(browser.downloadFolder, "all.zip");
    const start = await contentStart(zip);
    expect(await hashOf(zip, { start, end: start + FILE_BYTES - 1 })).toBe(expected);
    const told = Object.entries({ up, down, zipped }).map(([what, mib]) => `${what} ${mib.map(Math.round).join(" ")}`);
    process.stdout.write(`MiB above idle, by process: ${told.join(", ")}\n`);
    expect(Math.max(...up, ...down, ...zipped)).toBeLessThan(ALLOWED_MIB);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Resolves when the only ZIP file in the folder is whole, and has been renamed to all.zip. */
async function zipIn(folder: string): Promise<void> {
  for (;;) {
    const name = (await readdir(folder)).find((file) => file.endsWith(".zip"));
    if (name !== undefined) {
      await written(join(folder, name), FILE_BYTES);
      await rename(join(folder, name), join(folder, "all.zip"));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
}
