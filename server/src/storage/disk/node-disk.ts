import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, stat, statfs, unlink } from "node:fs/promises";
import type { Disk, DiskFile, OpenMode } from "./disk-port.ts";

const FLAGS: Readonly<Record<OpenMode, number>> = {
  new: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
  existing: constants.O_RDWR,
  either: constants.O_RDWR | constants.O_CREAT,
  read: constants.O_RDONLY,
};

/** The real disk. Files are for the server's user only. */
export function nodeDisk(): Disk {
  return {
    openFile: async (path, mode) => new NodeDiskFile(await open(path, FLAGS[mode], 0o600)),
    makeDirectory: async (path) => {
      try {
        await mkdir(path, { mode: 0o700 });
      } catch (error) {
        if (errorCode(error) !== "EEXIST") throw error;
      }
    },
    syncDirectory,
    rename,
    unlink,
    listDirectory: (path) => readdir(path),
    fileStatus: async (path) => {
      try {
        const { size, mtimeMs } = await stat(path);
        return { sizeBytes: size, modifiedAtMs: mtimeMs };
      } catch (error) {
        if (errorCode(error) === "ENOENT") return undefined;
        throw error;
      }
    },
    freeBytes: async (path) => {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    },
  };
}

async function syncDirectory(path: string): Promise<void> {
  // Windows has no handle of a folder that could be flushed; NTFS journals names by itself.
  if (process.platform === "win32") return;
  const directory = await open(path, constants.O_RDONLY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

class NodeDiskFile implements DiskFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    let rest = chunks.filter((chunk) => chunk.length > 0);
    let at = position;
    while (rest.length > 0) {
      const { bytesWritten } = await this.#handle.writev(rest, at);
      if (bytesWritten === 0) throw Object.assign(new Error("The disk took no bytes."), { code: "EIO" });
      at += bytesWritten;
      rest = dropBytes(rest, bytesWritten);
    }
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      const { bytesRead } = await this.#handle.read(target, filled, target.length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** What is left of the chunks after a short write. */
export function dropBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let drop = count;
  let first = 0;
  while (first < chunks.length && drop >= (chunks[first] as Uint8Array).length) {
    drop -= (chunks[first] as Uint8Array).length;
    first += 1;
  }
  const rest = chunks.slice(first);
  if (drop > 0) rest[0] = (rest[0] as Uint8Array).subarray(drop);
  return rest;
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
