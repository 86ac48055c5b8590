import { utf8Encode } from "@excalibur/core/bytes";
import { crc32 } from "./crc32.ts";
import { PathTooLongError } from "./errors.ts";
import { GatheringWriter } from "./gathering-writer.ts";
import { centralHeader, dataDescriptor, type EntryFacts, endOfDirectory, localHeader } from "./zip-records.ts";

const MAX_NAME_BYTES = 0xff_ff;
/** Headers of some thousand entries: what is remembered of a file until the end stands in few large blocks. */
const BLOCK_BYTES = 256 * 1024;

export interface ZipEntry {
  /** Parts joined by slashes. */
  readonly path: string;
  readonly modifiedMs: number;
}

export interface ZipFile extends ZipEntry {
  readonly sizeBytes: number;
}

interface Begun {
  readonly facts: EntryFacts;
  readonly offset: number;
  crc: number;
  writtenBytes: number;
}

/**
 * Writes one ZIP file from its beginning to its end: one entry at a time, and of each content no more in memory than what
 * was handed over. What it keeps until the end is the list of entries, some hundred bytes for each.
 */
export class ZipWriter {
  readonly #out: GatheringWriter;
  readonly #blocks: Uint8Array[] = [];
  #blockBytes = 0;
  #directoryBytes = 0;
  #entries = 0;
  #begun: Begun | undefined;

  /** The pieces given to `write` are valid until it resolves. */
  constructor(write: (piece: Uint8Array) => Promise<void>) {
    this.#out = new GatheringWriter(write);
  }

  /** Throws PathTooLongError. */
  async folder({ path, modifiedMs }: ZipEntry): Promise<void> {
    await this.#begin({ name: nameOf(`${path}/`), isFolder: true, modifiedMs, sizeBytes: 0, crc: 0 });
    await this.end();
  }

  /** A file that is there whole. Throws PathTooLongError. */
  async whole({ path, modifiedMs }: ZipEntry, content: Uint8Array): Promise<void> {
    const [name, sizeBytes, crc] = [nameOf(path), content.length, crc32(content)];
    await this.#begin({ name, isFolder: false, modifiedMs, sizeBytes, crc });
    await this.write(content);
    await this.end();
  }

  /** A file whose content follows in pieces, to be closed by `end`. Throws PathTooLongError. */
  async begin({ path, modifiedMs, sizeBytes }: ZipFile): Promise<void> {
    await this.#begin({ name: nameOf(path), isFolder: false, modifiedMs, sizeBytes, crc: undefined });
  }

  async write(piece: Uint8Array): Promise<void> {
    const begun = this.#demandBegun();
    if (begun.facts.crc === undefined) begun.crc = crc32(piece, begun.crc);
    begun.writtenBytes += piece.length;
    await this.#out.write(piece);
  }

  async end(): Promise<void> {
    const { facts, offset, crc, writtenBytes } = this.#demandBegun();
    if (writtenBytes !== facts.sizeBytes) throw new Error("An entry is not as long as it was said to be.");
    this.#begun = undefined;
    const hasDescriptor = facts.crc === undefined;
    if (hasDescriptor) await this.#out.write(dataDescriptor({ ...facts, crc }));
    this.#remember(centralHeader({ ...facts, crc, hasDescriptor, offset }));
    this.#entries += 1;
  }

  /** The list of entries, without which nobody takes it for whole. */
  async finish(): Promise<void> {
    const offset = this.#out.takenBytes;
    this.#cutLast();
    for (const block of this.#blocks) await this.#out.write(block);
    const sizeBytes = this.#directoryBytes;
    await this.#out.write(endOfDirectory({ entries: this.#entries, offset, sizeBytes }));
    await this.#out.flush();
  }

  async #begin(facts: EntryFacts): Promise<void> {
    if (this.#begun !== undefined) throw new Error("An entry was begun before the last one ended.");
    this.#begun = { facts, offset: this.#out.takenBytes, crc: facts.crc ?? 0, writtenBytes: 0 };
    await this.#out.write(localHeader(facts));
  }

  #demandBegun(): Begun {
    if (this.#begun === undefined) throw new Error("No entry was begun.");
    return this.#begun;
  }

  #remember(header: Uint8Array): void {
    this.#directoryBytes += header.length;
    const last = this.#blocks.at(-1);
    if (last !== undefined && this.#blockBytes + header.length <= BLOCK_BYTES) {
      last.set(header, this.#blockBytes);
      this.#blockBytes += header.length;
      return;
    }
    this.#cutLast();
    const block = new Uint8Array(Math.max(BLOCK_BYTES, header.length));
    block.set(header);
    this.#blocks.push(block);
    this.#blockBytes = header.length;
  }

  #cutLast(): void {
    const last = this.#blocks.pop();
    if (last !== undefined) this.#blocks.push(last.subarray(0, this.#blockBytes));
  }
}

function nameOf(path: string): Uint8Array {
  const name = utf8Encode(path);
  if (name.length > MAX_NAME_BYTES) throw new PathTooLongError();
  return name;
}
