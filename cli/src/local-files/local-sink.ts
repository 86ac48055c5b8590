import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, link, lstat, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { FileSink } from "@excalibur/sdk/ports";
import { LocalFileError, locally } from "./local-error.ts";
import { numbered } from "./local-names.ts";
import type { LocalSystem } from "./local-system.ts";

export interface Placement {
  readonly modifiedMs: number;
  /** When a file has the name already. */
  readonly onConflict: "fail" | "replace" | "keep-both";
  readonly system: LocalSystem;
}

/** What a sink needs of the folder it writes into. */
interface Folder {
  readonly path: string;
  readonly isNew: boolean;
  demandUnmoved(): Promise<void>;
}

// Must not exist, so no link of that name can be followed; the flag says it once more.
const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
/** File systems without hard links say one of these. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL", "EXDEV", "EISDIR"]);

/** Throws LocalFileError. */
export async function openLocalSink(folder: Folder, name: string, placement: Placement): Promise<LocalSink> {
  return await locally(async () => {
    const there = folder.isNew ? undefined : await statOf(join(folder.path, name));
    if (there !== undefined && placement.onConflict === "fail") throw new LocalFileError("local_exists");
    if (there?.isDirectory() && placement.onConflict === "replace") throw new LocalFileError("local_is_folder");
    const temporary = join(folder.path, `.excalibur-${randomUUID()}.part`);
    const handle = await open(temporary, CREATE_FLAGS, 0o666);
    return new LocalSink(folder, { name, placement, temporary, handle });
  });
}

interface SinkParts {
  readonly name: string;
  readonly placement: Placement;
  readonly temporary: string;
  readonly handle: FileHandle;
}

/** Thousands of small files are not waited for one by one: the drive has them all. */
const SYNC_ABOVE_BYTES = 1024 * 1024;

/** A file under a temporary name in its own folder, until it is whole. */
export class LocalSink implements FileSink {
  readonly #folder: Folder;
  readonly #parts: SinkParts;
  #name: string;
  #writtenBytes = 0;

  constructor(folder: Folder, parts: SinkParts) {
    this.#folder = folder;
    this.#parts = parts;
    this.#name = parts.name;
  }

  /** The name it got; another than was asked for when both were kept. */
  get name(): string {
    return this.#name;
  }

  async write(chunk: Uint8Array): Promise<void> {
    await locally(async () => {
      for (let at = 0; at < chunk.length; ) {
        const { bytesWritten } = await this.#parts.handle.write(chunk, at, chunk.length - at);
        at += bytesWritten;
      }
    });
    this.#writtenBytes += chunk.length;
  }

  async finish(): Promise<void> {
    const { handle, placement, temporary } = this.#parts;
    await locally(async () => {
      await setModified(handle, placement.modifiedMs);
      // What takes another file's place, and what took long to fetch, is on the disk before it gets its name.
      if (placement.onConflict === "replace" || this.#writtenBytes > SYNC_ABOVE_BYTES) await handle.sync();
      await handle.close();
      await this.#folder.demandUnmoved();
      if (placement.onConflict === "replace") await this.#replace(temporary);
      else await this.#add(temporary);
    });
  }

  /** May be called at any time; what was finished stays. */
  async abort(): Promise<void> {
    await this.#parts.handle.close().catch(ignoreClosed);
    await locally(() => rm(this.#parts.temporary, { force: true }));
  }

  async #replace(temporary: string): Promise<void> {
    const path = this.#path(this.#name);
    if ((await statOf(path))?.isDirectory()) throw new LocalFileError("local_is_folder");
    await rename(temporary, path);
  }

  /** Gives the file a name that nobody has, without ever taking one from somebody who was quicker. */
  async #add(temporary: string): Promise<void> {
    const { name, placement } = this.#parts;
    for (let number = 1; ; number++) {
      const candidate = numbered(name, number, placement.system);
      if (await this.#addAs(temporary, this.#path(candidate))) {
        this.#name = candidate;
        return;
      }
      if (placement.onConflict === "fail") throw new LocalFileError("local_exists");
    }
  }

  async #addAs(temporary: string, path: string): Promise<boolean> {
    try {
      await link(temporary, path);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? "";
      if (reason === "EEXIST") return false;
      if (!NO_LINKS.has(reason)) throw error;
      if ((await statOf(path)) !== undefined) return false;
      await rename(temporary, path);
      return true;
    }
    await rm(temporary, { force: true });
    return true;
  }

  #path(name: string): string {
    return join(this.#folder.path, name);
  }
}

/** undefined: nothing is there. Links are looked at, not followed. */
async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Half a microsecond more: the time travels as seconds in floating point and is cut, not rounded, to microseconds. */
async function setModified(handle: FileHandle, modifiedMs: number): Promise<void> {
  // As text: Node takes a negative number for a mistake and sets the present.
  const seconds = String((modifiedMs + 0.0005) / 1000);
  try {
    await handle.utimes(seconds, seconds);
  } catch (error) {
    // A time that the disk cannot hold is no reason to lose the file.
    if (!["EINVAL", "ERANGE", "EOVERFLOW"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function ignoreClosed(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "EBADF") throw error;
}
