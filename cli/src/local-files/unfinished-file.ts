import { constants } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ResumableSink } from "@excalibur/sdk/ports";
import { locally } from "./local-error.ts";
import { CREATE_FLAGS, temporaryIn } from "./place-file.ts";
import { isRunning } from "./running.ts";

/** What an unfinished file needs of the folder it lies in. */
interface HomeFolder {
  readonly path: string;
  /** Throws when the path does not lead to this folder any more. */
  demandUnmoved(): Promise<void>;
}

const TEMPORARY_NAME = /^\.excalibur-[0-9a-f-]{36}\.part$/;
// As it was made, or not at all: neither a link nor a pipe that took its place.
const REOPEN_FLAGS = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** Nothing, a link, a folder, a pipe or socket, or what this user may not write. */
const NOT_OURS = new Set(["ENOENT", "ELOOP", "EMLINK", "EISDIR", "ENXIO", "EACCES", "EPERM"]);
/** Unfinished files that this program is writing. */
const ours = new Set<string>();

/**
 * A large file on its way, beside the name that it will get. Its ticket is the process that writes it and a random name:
 * a program that ended in the middle leaves both in a sealed note.
 */
export class UnfinishedFile implements ResumableSink {
  readonly place: string;
  readonly #folder: HomeFolder;
  #handle: FileHandle | undefined;
  #path: string | undefined;
  #at = 0;

  constructor(folder: HomeFolder, name: string) {
    this.#folder = folder;
    this.place = join(folder.path, name);
  }

  /** undefined: there is no such file, or not yet. */
  get handle(): FileHandle | undefined {
    return this.#handle;
  }

  get path(): string | undefined {
    return this.#path;
  }

  /** Where the next bytes go. */
  advance(sizeBytes: number): number {
    const at = this.#at;
    this.#at += sizeBytes;
    return at;
  }

  newTicket(): string {
    return `${process.pid}/${basename(temporaryIn(this.#folder.path))}`;
  }

  async begin(ticket: string): Promise<FileHandle> {
    const { path } = this.#parse(ticket);
    return await locally(async () => {
      await this.#folder.demandUnmoved();
      return this.#use(path, await open(path, CREATE_FLAGS, 0o666));
    });
  }

  async takeOver(ticket: string): Promise<number | undefined> {
    const { path, pid } = this.#parse(ticket);
    if (ours.has(path) || (pid !== process.pid && isRunning(pid))) return undefined;
    return await locally(async () => {
      await this.#folder.demandUnmoved();
      const handle = await openIfThere(path);
      if (handle === undefined) return undefined;
      const stat = await handle.stat();
      // A file of somebody else, or one with a second name, could be changed while it is checked.
      const isOurs = stat.isFile() && stat.nlink === 1 && stat.uid === (process.getuid?.() ?? stat.uid);
      if (isOurs) {
        this.#use(path, handle);
        return stat.size;
      }
      await handle.close();
      return undefined;
    });
  }

  async read(offset: number, into: Uint8Array): Promise<number> {
    const handle = this.#opened();
    return await locally(async () => {
      let filled = 0;
      while (filled < into.length) {
        const { bytesRead } = await handle.read(into, filled, into.length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled;
    });
  }

  async goOnAt(offset: number): Promise<void> {
    const handle = this.#opened();
    await locally(() => handle.truncate(offset));
    this.#at = offset;
  }

  async leave(): Promise<void> {
    await this.#close();
    this.#path = undefined;
  }

  /** May be called at any time; what got its name stays. */
  async remove(): Promise<void> {
    await this.#close();
    const path = this.#path;
    if (path !== undefined) await locally(() => rm(path, { force: true }));
  }

  async discard(ticket: string): Promise<void> {
    const { path } = this.#parse(ticket);
    await locally(async () => {
      await this.#folder.demandUnmoved();
      await rm(path, { force: true });
    });
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (this.#path !== undefined) ours.delete(this.#path);
    // Closed already when the file was complete.
    await handle?.close().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EBADF") throw error;
    });
  }

  #use(path: string, handle: FileHandle): FileHandle {
    this.#path = path;
    this.#handle = handle;
    ours.add(path);
    return handle;
  }

  #opened(): FileHandle {
    if (this.#handle === undefined) throw new Error("The unfinished file was not opened.");
    return this.#handle;
  }

  #parse(ticket: string): { readonly path: string; readonly pid: number } {
    const [pid, name = ""] = ticket.split("/");
    if (!TEMPORARY_NAME.test(name)) throw new Error("The note of an unfinished file names none of ours.");
    return { path: join(this.#folder.path, name), pid: Number(pid) };
  }
}

/** undefined: nothing is there, or something that is none of ours. */
async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, REOPEN_FLAGS);
  } catch (error) {
    if (NOT_OURS.has((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
