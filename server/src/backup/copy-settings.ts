import { readdir, stat } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import type { DataFolder } from "../config/data-folder.ts";

const LARGEST_BYTES = 1024 * 1024;

export interface SmallFiles {
  /** Relative to the data folder, with "/" on every system. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  /** Too large to belong to the server. */
  readonly leftOut: readonly string[];
}

/** The secrets, and whatever settings and certificates lie beside them: what is neither database nor object nor of the moment. */
export async function listSmallFiles(folder: DataFolder): Promise<SmallFiles> {
  const database = basename(folder.sqliteFile);
  const passing = [folder.objectsFolder, folder.lockFile, folder.runningFile, folder.firstInvitationFile].map((path) =>
    basename(path),
  );
  const isPassing = (name: string) =>
    passing.includes(name) || name.startsWith(database) || name === "README.txt" || /\.new$|-journal$/.test(name);
  const files: { path: string; bytes: number }[] = [];
  const leftOut: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(folder.path, below), { withFileTypes: true })) {
      if (below === "" && isPassing(entry.name)) continue;
      const path = posix.join(below, entry.name);
      if (entry.isDirectory()) await walk(path);
      if (!entry.isFile()) continue;
      const { size } = await stat(join(folder.path, path));
      if (size <= LARGEST_BYTES) files.push({ path, bytes: size });
      else leftOut.push(path);
    }
  };
  await walk("");
  return { files, leftOut };
}
