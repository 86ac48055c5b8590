import { type FileHandle, lstat } from "node:fs/promises";
import { join } from "node:path";
import type { FileSink, ResumableSink } from "@excalibur/sdk/ports";
import { LocalFileError, locally } from "./local-error.ts";
import { isImpossibleTime, modifiedSeconds, type Placement } from "./place-file.ts";
import type { PlaceThread } from "./place-thread.ts";
import { UnfinishedFile } from "./unfinished-file.ts";

/** What a sink needs of the folder it writes into. */
export interface SinkFolder {
  readonly path: string;
  readonly identity: string;
  readonly isNew: boolean;
  readonly thread: PlaceThread;
  /** Throws when the path does not lead to this folder any more. */
  demandUnmoved(): Promise<void>;
}

/** Up to here a file is kept in memory and written at once; thousands of them are not waited for one by one, either. */
const SMALL_BYTES = 1024 * 1024;

/** Throws LocalFileError. */
export async function openLocalSink(folder: SinkFolder, name: string, placement: Placement): Promise<LocalSink> {
  if (!folder.isNew) await demandFree(join(folder.path, name), placement);
  return new LocalSink(folder, { name, placement });
}

/** Looked at before the bytes travel, and once more when the name is given. */
async function demandFree(path: string, { onConflict }: Placement): Promise<void> {
  await locally(async () => {
    const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (there !== undefined && onConflict === "fail") throw new LocalFileError("local_exists");
    if (there?.isDirectory() && onConflict === "replace") throw new LocalFileError("local_is_folder");
  });
}

/** A file in memory, or once it is large under a temporary name in its own folder, until it is whole. */
export class LocalSink implements FileSink {
  readonly #folder: SinkFolder;
  readonly #placement: Placement;
  #name: string;
  #pieces: Uint8Array[] = [];
  #sizeBytes = 0;
  readonly #unfinished: UnfinishedFile;

  constructor(folder: SinkFolder, { name, placement }: { readonly name: string; readonly placement: Placement }) {
    this.#folder = folder;
    this.#name = name;
    this.#placement = placement;
    this.#unfinished = new UnfinishedFile(folder, name);
  }

  get resumable(): ResumableSink {
    return this.#unfinished;
  }

  /** The name it got; another than was asked for when both were kept. */
  get name(): string {
    return this.#name;
  }

  /** Appends, or writes where `position` says: for one file always the one or always the other. */
  async write(chunk: Uint8Array, position?: number): Promise<void> {
    this.#sizeBytes += chunk.length;
    const unfinished = this.#unfinished;
    if (position === undefined && unfinished.handle === undefined && this.#sizeBytes <= SMALL_BYTES) {
      // The caller goes on to use the memory of its chunk.
      this.#pieces.push(new Uint8Array(chunk));
      return;
    }
    await locally(async () => {
      const handle = unfinished.handle ?? (await unfinished.begin(unfinished.newTicket()));
      for (const piece of this.#pieces.splice(0)) await writeAll(handle, piece, unfinished.advance(piece.length));
      await writeAll(handle, chunk, position ?? unfinished.advance(chunk.length));
    });
  }

  async finish(): Promise<void> {
    const { handle, path } = this.#unfinished;
    if (handle !== undefined) await locally(() => this.#complete(handle));
    const content = path ?? whole(this.#pieces, this.#sizeBytes);
    this.#pieces = [];
    await this.#place(content);
  }

  async finishWith(bytes: Uint8Array): Promise<void> {
    // The thread sees what is shared; anything else moves to it, which the caller's buffer must not.
    await this.#place(bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes);
  }

  /** May be called at any time; what was finished stays. */
  async abort(): Promise<void> {
    this.#pieces = [];
    await this.#unfinished.remove();
  }

  async #place(content: Uint8Array | string): Promise<void> {
    const { path, identity, thread } = this.#folder;
    this.#name = await thread.place({
      folder: { path, identity },
      name: this.#name,
      placement: this.#placement,
      content,
    });
  }

  /** What took long to fetch is on the disk before it gets its name. */
  async #complete(handle: FileHandle): Promise<void> {
    const seconds = modifiedSeconds(this.#placement);
    await handle.utimes(seconds, seconds).catch((error: unknown) => {
      if (!isImpossibleTime(error)) throw error;
    });
    await handle.sync();
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}

function whole(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
