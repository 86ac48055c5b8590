/** Builds the web client into a folder of its own and puts it in place when it is whole. */

import { createHash } from "node:crypto";
import { globSync } from "node:fs";
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { build as viteBuild } from "vite";
import { APP_MODE } from "../vite.config.ts";
import { type BuildNote, NOTE_FILE } from "./note.ts";
import { hashSources } from "./sources.ts";

const CLIENT = path.resolve(import.meta.dirname, "..");
const ROOT = path.resolve(CLIENT, "..");
/** Files that a server sends smaller to those who can read it so. Pictures and fonts are small already. */
const COMPRESSED = /\.(html|js|css|svg|webmanifest)$/;
/** Files that few ever need: fetched when they do, not kept by everybody for use without a connection. */
const RARE = /\.(bcmap|pfb|ttf|wasm)$/;
/** Its warnings are about packages that ask whether this is Node: nothing that a person could act on. */
const QUIET = { logLevel: "error" } as const;

/** More builds than that never end at once. */
const ATTEMPTS = 5;

const compress = promisify(gzip);

export interface BuildOptions {
  /** For whom: browsers, or the app ([Note: The app and the web] in src/native). */
  readonly variant?: "web" | "app";
  /** Where the result goes; replaced in one step. */
  readonly outFolder: string;
}

/** Throws what Vite throws; then what was there before stays. */
export async function buildClient({ variant = "web", outFolder }: BuildOptions): Promise<BuildNote> {
  const source = await hashSources(ROOT);
  const folder = await mkdtemp(`${outFolder}.new-`);
  const around = process.env["NODE_ENV"];
  try {
    // Wherever it is built from, tests included, it is the same program: packages have others inside for development.
    process.env["NODE_ENV"] = "production";
    await viteBuild({
      ...QUIET,
      configFile: path.join(CLIENT, "vite.config.ts"),
      mode: variant === "app" ? APP_MODE : "production",
      build: { outDir: folder, emptyOutDir: true },
    });
    const files = await hashFiles(folder);
    const build = hashOf(Buffer.from(JSON.stringify(files)));
    // What comes with the app is there without a connection, and goes with it when it is updated: nothing else keeps it.
    const kept = variant === "app" ? [] : Object.keys(files).filter((file) => !RARE.test(file));
    await buildServiceWorker(folder, { build, files: kept });
    const { version } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as { version: string };
    const note: BuildNote = { name: "excalibur", version, build, source, files: await hashFiles(folder) };
    await writeFile(path.join(folder, NOTE_FILE), `${JSON.stringify(note, undefined, 1)}\n`);
    if (variant === "web") await compressFiles(folder, Object.keys(note.files));
    // Temporary folders are for their maker only; a server may run as somebody else.
    await chmod(folder, 0o755);
    await putInPlace(folder, outFolder);
    return note;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    if (around === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = around;
  }
}

/** The old one goes as a whole, and the new one comes as a whole. Who builds at the same time may come first: then once more. */
async function putInPlace(folder: string, outFolder: string): Promise<void> {
  const old = `${folder}.old`;
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(outFolder, old);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    await rm(old, { recursive: true, force: true });
    try {
      await rename(folder, outFolder);
      return;
    } catch (error) {
      const isThereAgain = ["EEXIST", "ENOTEMPTY", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (!isThereAgain || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Apart, and as one classic script: it must stand at the root to see the whole origin, and names what it keeps. */
async function buildServiceWorker(
  folder: string,
  { build, files }: { readonly build: string; readonly files: readonly string[] },
): Promise<void> {
  await viteBuild({
    ...QUIET,
    configFile: false,
    root: CLIENT,
    publicDir: false,
    define: {
      EXCALIBUR_BUILD: JSON.stringify(build),
      EXCALIBUR_FILES: JSON.stringify(files.map((file) => `/${file}`)),
    },
    build: {
      target: "es2024",
      outDir: folder,
      emptyOutDir: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: path.join(CLIENT, "service-worker/main.ts"),
        output: { format: "iife", entryFileNames: "service-worker.js" },
      },
    },
  });
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function hashFiles(folder: string): Promise<Record<string, string>> {
  const files = globSync("**/*", { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
  const hashes = files.map(async (file) => [file, hashOf(await readFile(path.join(folder, file)))] as const);
  return Object.fromEntries(await Promise.all(hashes));
}

async function compressFiles(folder: string, files: readonly string[]): Promise<void> {
  const wanted = files.filter((file) => COMPRESSED.test(file));
  await Promise.all(
    wanted.map(async (file) => {
      const place = path.join(folder, file);
      await writeFile(`${place}.gz`, await compress(await readFile(place), { level: 9 }));
    }),
  );
}
