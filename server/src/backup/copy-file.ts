import { dirname } from "node:path";
import { toHex } from "@excalibur/core/bytes";
import { createSha256 } from "@excalibur/core/primitives";
import { diskErrorCode } from "../storage/disk/disk-errors.ts";
import type { Disk, DiskFile } from "../storage/disk/disk-port.ts";
import { PART } from "./layout.ts";

const CHUNK_BYTES = 1024 * 1024;

/** The bytes that should be copied are not all there, or cannot be read. */
export class SourceProblem extends Error {
  readonly kind: "missing" | "too short" | "unreadable";

  constructor(kind: SourceProblem["kind"], options?: ErrorOptions) {
    super(`The file to copy is ${kind}.`, options);
    this.kind = kind;
  }
}

export interface ReadRequest {
  readonly disk: Disk;
  readonly from: string;
  /** First byte and number of bytes. */
  readonly offset?: number;
  readonly length: number;
  readonly signal?: AbortSignal | undefined;
}

/** The bytes of a stretch of a file, in chunks that are good until the next one is asked for. @throws SourceProblem */
export async function* readStretch(request: ReadRequest): AsyncGenerator<Uint8Array, void, undefined> {
  const { disk, from, offset = 0, length, signal } = request;
  const file = await reading(() => disk.openFile(from, "read"));
  try {
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, length));
    for (let done = 0; done < length; ) {
      signal?.throwIfAborted();
      const target = buffer.subarray(0, Math.min(buffer.length, length - done));
      const filled = await reading(() => file.read(target, offset + done));
      if (filled < target.length) throw new SourceProblem("too short");
      yield target;
      done += filled;
    }
  } finally {
    await file.close();
  }
}

async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = diskErrorCode(error);
    if (code === "ENOENT") throw new SourceProblem("missing", { cause: error });
    if (code === "EIO") throw new SourceProblem("unreadable", { cause: error });
    throw error;
  }
}

/** SHA-256 of a stretch, hexadecimal. @throws SourceProblem */
export async function hashStretch(request: ReadRequest, observe?: (chunk: Uint8Array) => void): Promise<string> {
  const hash = createSha256();
  for await (const chunk of readStretch(request)) {
    hash.update(chunk);
    observe?.(chunk);
  }
  return toHex(hash.digest());
}

export interface CopyRequest extends ReadRequest {
  readonly to: string;
  readonly observe?: (chunk: Uint8Array) => void;
  /** Asked when all bytes went through: another name than `to`. */
  readonly rename?: () => string;
}

/**
 * Copies a stretch to a new file: under another name first, synced, then renamed, so that a file under its own name is
 * whole. Its folder is the caller's to sync. Answers its SHA-256. @throws SourceProblem
 */
export async function copyStretch(request: CopyRequest): Promise<string> {
  const { disk, to, observe, rename } = request;
  const unfinished = `${to}${PART}`;
  await makeFolders(disk, dirname(to));
  const file = await openAfresh(disk, unfinished);
  try {
    let position = 0;
    const hash = createSha256();
    for await (const chunk of readStretch(request)) {
      hash.update(chunk);
      observe?.(chunk);
      await file.write([chunk], position);
      position += chunk.length;
    }
    await file.datasync();
    await file.close();
    await disk.rename(unfinished, rename?.() ?? to);
    return toHex(hash.digest());
  } catch (error) {
    await Promise.allSettled([file.close()]);
    await disk.unlink(unfinished);
    throw error;
  }
}

/** What an interrupted run left under this name is replaced. */
async function openAfresh(disk: Disk, path: string): Promise<DiskFile> {
  if (await disk.fileStatus(path)) await disk.unlink(path);
  return disk.openFile(path, "new");
}

/** The folder and what is missing above it. */
export async function makeFolders(disk: Disk, path: string): Promise<void> {
  try {
    await disk.makeDirectory(path);
  } catch (error) {
    const parent = dirname(path);
    if (diskErrorCode(error) !== "ENOENT" || parent === path) throw error;
    await makeFolders(disk, parent);
    await disk.makeDirectory(path);
  }
}
