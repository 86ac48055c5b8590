import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import type { FileSource } from "@excalibur/sdk/ports";
import { LocalFileError, locally } from "./local-error.ts";

// A link that took a file's place is not followed, and a pipe that did does not hold us up (0 where there is no such flag).
export const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const NS_PER_MS = 1_000_000n;

/** Opens a regular file for uploading. Throws LocalFileError. */
export async function openLocalSource(path: string): Promise<FileSource> {
  return await locally(async () => {
    const handle = await open(path, OPEN_FLAGS);
    try {
      return await LocalSource.of(handle, basename(path));
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

class LocalSource implements FileSource {
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, facts: Pick<FileSource, "name" | "sizeBytes" | "modifiedMs">) {
    this.#handle = handle;
    this.name = facts.name;
    this.sizeBytes = facts.sizeBytes;
    this.modifiedMs = facts.modifiedMs;
  }

  static async of(handle: FileHandle, name: string): Promise<LocalSource> {
    const stat = await handle.stat({ bigint: true });
    demandFile(stat);
    return new LocalSource(handle, { name, sizeBytes: Number(stat.size), modifiedMs: toMs(stat.mtimeNs) });
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted();
    return await locally(async () => {
      let filled = 0;
      // The system may give less than is there.
      while (filled < into.length) {
        const { bytesRead } = await this.#handle.read(into, filled, into.length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled;
    });
  }

  async fingerprint(): Promise<string> {
    return await locally(async () => {
      return fingerprintOf(await this.#handle.stat({ bigint: true }));
    });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Throws LocalFileError for what is none. */
export function demandFile(stat: BigIntStats): void {
  if (stat.isDirectory()) throw new LocalFileError("local_is_folder");
  if (!stat.isFile()) throw new LocalFileError("local_special");
}

/** Another text means that the file changed. Throws LocalFileError when it has gone. */
export function fingerprintOf({ dev, ino, size, mtimeNs, nlink }: BigIntStats): string {
  // Deleted or replaced under its name: the handle still reads, but the file of that name is another or none.
  if (nlink === 0n) throw new LocalFileError("local_missing");
  return [dev, ino, size, mtimeNs].join("-");
}

/**
 * Milliseconds since 1970, rounded down, also before 1970. From nanoseconds only: the system's own milliseconds are floating
 * point and round up what ends just before a full one, so that a file would differ from itself.
 */
export function toMs(timeNs: bigint): number {
  const whole = timeNs / NS_PER_MS;
  return Number(timeNs < 0n && whole * NS_PER_MS !== timeNs ? whole - 1n : whole);
}
