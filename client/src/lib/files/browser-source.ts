import type { FileSource } from "@excalibur/sdk/ports";
import { notePassing } from "../memory/index.ts";
import { LocalFileError } from "./local-file-error.ts";

/** A file that somebody picked or dropped. Read where it lies, a piece at a time; the sdk asks for 4 MiB. */
export class BrowserSource implements FileSource {
  readonly #file: File;

  constructor(file: File) {
    this.#file = file;
  }

  get name(): string {
    return this.#file.name;
  }

  get sizeBytes(): number {
    return this.#file.size;
  }

  get modifiedMs(): number {
    return this.#file.lastModified;
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted();
    try {
      const piece = await this.#file.slice(offset, offset + into.length).arrayBuffer();
      into.set(new Uint8Array(piece));
      // As it is read, as it is sealed, and as it is sent.
      notePassing(3 * piece.byteLength);
      return piece.byteLength;
    } catch (cause) {
      // Browsers refuse to read what changed since it was picked, and say so in several ways.
      throw new LocalFileError({ cause });
    }
  }

  async fingerprint(): Promise<string> {
    return `${this.#file.size}-${this.#file.lastModified}`;
  }

  async close(): Promise<void> {
    // The browser holds it, not we.
  }
}
