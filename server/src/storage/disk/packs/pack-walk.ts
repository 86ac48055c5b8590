import type { DiskFile } from "../disk-port.ts";
import { packMagic, type RecordHeader, readRecordHeader, recordHeaderBytes } from "./pack-record.ts";

const windowBytes = 64 * 1024;

export interface WalkedRecord extends RecordHeader {
  readonly recordOffset: number;
}

/**
 * Every record of a pack, live or dead, from front to back. A torn tail (the power failed, or the disk was full) and
 * damaged stretches are skipped by searching for the next header. Whether the bytes match their digest is not checked.
 */
export async function* walkPack(file: DiskFile, sizeBytes: number): AsyncGenerator<WalkedRecord, void, undefined> {
  const window = new Window(file);
  let at = 0;
  while (at + recordHeaderBytes <= sizeBytes) {
    const header = readRecordHeader(await window.bytesAt(at, recordHeaderBytes));
    if (header && at + recordHeaderBytes + header.sizeBytes <= sizeBytes) {
      yield { ...header, recordOffset: at };
      at += recordHeaderBytes + header.sizeBytes;
    } else {
      at = await nextMagic(window, at + 1, sizeBytes);
    }
  }
}

async function nextMagic(window: Window, from: number, sizeBytes: number): Promise<number> {
  for (let at = from; at + recordHeaderBytes <= sizeBytes; ) {
    const bytes = await window.bytesAt(at, Math.min(windowBytes, sizeBytes - at));
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(packMagic);
    if (found >= 0) return at + found;
    // A header may begin in the last bytes of this window.
    at += Math.max(1, bytes.length - packMagic.length + 1);
  }
  return sizeBytes;
}

/** Reads ahead, so that a walk over many small records is few reads. */
class Window {
  readonly #file: DiskFile;
  readonly #buffer = new Uint8Array(windowBytes);
  #start = 0;
  #filled = 0;

  constructor(file: DiskFile) {
    this.#file = file;
  }

  async bytesAt(position: number, length: number): Promise<Uint8Array> {
    if (position < this.#start || position + length > this.#start + this.#filled) {
      this.#filled = await this.#file.read(this.#buffer, position);
      this.#start = position;
    }
    const from = position - this.#start;
    return this.#buffer.subarray(from, Math.min(from + length, this.#filled));
  }
}
