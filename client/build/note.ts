import { readFile } from "node:fs/promises";
import path from "node:path";

/** Beside the files that it names; public, so that what a server hands out can be compared with what was built. */
export const NOTE_FILE = "build.json";

export interface BuildNote {
  readonly name: "excalibur";
  readonly version: string;
  /** SHA-256 over the hashes of all files but the service worker, which names it. */
  readonly build: string;
  /** SHA-256 of the sources it was made of. */
  readonly source: string;
  /** SHA-256 of each file, by its path. */
  readonly files: Readonly<Record<string, string>>;
}

/** undefined: there is no finished build in that folder. */
export async function readNote(folder: string): Promise<BuildNote | undefined> {
  try {
    return JSON.parse(await readFile(path.join(folder, NOTE_FILE), "utf8")) as BuildNote;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
