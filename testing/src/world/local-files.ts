import { createHash } from "node:crypto";
import { type FileHandle, lstat, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { FileSink, FileSource } from "@excalibur/sdk/ports";

/** A file of this machine, as an upload reads it. */
export async function openSource(path: string): Promise<FileSource> {
  const handle = await open(path, "r");
  const { size, mtimeMs } = await handle.stat();
  return {
    name: basename(path),
    sizeBytes: size,
    modifiedMs: Math.floor(mtimeMs),
    read: async (offset, into) => (await handle.read(into, 0, into.length, offset)).bytesRead,
    fingerprint: async () => {
      const now = await stat(path);
      return `${now.size}/${now.mtimeMs}/${now.ino}`;
    },
    close: () => handle.close(),
  };
}

/** Bytes that were never a file, as an upload reads them. */
export function bytesSource(name: string, bytes: Uint8Array, modifiedMs = 1_700_000_000_000): FileSource {
  return {
    name,
    modifiedMs,
    sizeBytes: bytes.length,
    read: async (offset, into) => {
      const piece = bytes.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
    fingerprint: async () => "bytes",
    close: async () => undefined,
  };
}

/** A file of this machine that appears under its name when the last byte was verified. */
export async function openSink(path: string, modifiedMs: number): Promise<FileSink> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.part`;
  const handle: FileHandle = await open(temporary, "wx");
  return {
    write: async (chunk) => void (await handle.write(chunk)),
    finish: async () => {
      await handle.close();
      await rename(temporary, path);
      const modified = new Date(modifiedMs);
      await utimes(path, modified, modified);
    },
    abort: async () => {
      await handle.close();
      await rm(temporary, { force: true });
    },
  };
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
}

/** The folders and files below a folder, by their paths; a folder comes before what is in it. */
export async function walkLocal(folder: string): Promise<{ folders: string[]; paths: string[] }> {
  const folders: string[] = [];
  const paths: string[] = [];
  const visit = async (prefix: string): Promise<void> => {
    for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
      const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
      if (!entry.isDirectory()) paths.push(path);
      else {
        folders.push(path);
        await visit(path);
      }
    }
  };
  await visit("");
  return { folders, paths };
}

/** What two trees must agree on to be the same. */
export interface LocalEntry {
  readonly type: "file" | "folder";
  readonly sizeBytes?: number;
  readonly sha256?: string;
  readonly modifiedMs?: number;
}

/** Everything below a folder, by its path. */
export async function readTree(folder: string): Promise<Map<string, LocalEntry>> {
  const found = new Map<string, LocalEntry>();
  const visit = async (path: string, prefix: string): Promise<void> => {
    for (const name of (await readdir(path)).sort()) {
      const below = join(path, name);
      const info = await lstat(below);
      if (info.isDirectory()) {
        found.set(`${prefix}${name}`, { type: "folder" });
        await visit(below, `${prefix}${name}/`);
        continue;
      }
      const sha256 = createHash("sha256")
        .update(await readFile(below))
        .digest("hex");
      const modifiedMs = Math.floor(info.mtimeMs);
      found.set(`${prefix}${name}`, { type: "file", sizeBytes: info.size, sha256, modifiedMs });
    }
  };
  await visit(folder, "");
  return found;
}

/** Every regular file below a folder, whole. */
export async function readFilesBelow(folder: string): Promise<{ path: string; bytes: Buffer }[]> {
  const files: { path: string; bytes: Buffer }[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.push({ path, bytes: await readFile(path) });
  }
  return files;
}
