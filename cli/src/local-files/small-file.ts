/** Small files read in one go. Everything here waits for the disk: it belongs on a thread of its own. */

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { demandFile, fingerprintOf, OPEN_FLAGS, toMs } from "./local-source.ts";

/** Above this, a file is read piece by piece where it is sent. */
export const SMALL_FILE_BYTES = 256 * 1024;

export interface SmallFile {
  /** Valid until the next file is read. */
  readonly data: Uint8Array;
  readonly modifiedMs: number;
}

const buffer = new Uint8Array(SMALL_FILE_BYTES);

/** A small regular file, whole. undefined when it is larger, or changed while it was read. Throws what the system says. */
export function readSmallFile(path: string): SmallFile | undefined {
  const handle = openSync(path, OPEN_FLAGS);
  try {
    const before = fstatSync(handle, { bigint: true });
    demandFile(before);
    const sizeBytes = Number(before.size);
    if (sizeBytes > SMALL_FILE_BYTES) return undefined;
    let filled = 0;
    while (filled < sizeBytes) {
      const read = readSync(handle, buffer, filled, sizeBytes - filled, filled);
      if (read === 0) return undefined;
      filled += read;
    }
    if (fingerprintOf(fstatSync(handle, { bigint: true })) !== fingerprintOf(before)) return undefined;
    return { data: buffer.subarray(0, sizeBytes), modifiedMs: toMs(before.mtimeNs) };
  } finally {
    closeSync(handle);
  }
}
