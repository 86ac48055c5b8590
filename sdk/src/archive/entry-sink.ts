import type { Limiter } from "../concurrency/index.ts";
import type { FileSink } from "../ports/index.ts";
import type { ZipFile, ZipWriter } from "./zip-writer.ts";

export interface EntryPlace {
  readonly zip: ZipWriter;
  /** Of one: whose turn it is writes, and the others wait with what they have. */
  readonly turns: Limiter;
  /** Aborted: nothing is written any more. */
  readonly signal: AbortSignal;
}

/** One file on its way into the archive. It holds the turn from its opening to its end, however it ends. */
export class EntrySink implements FileSink {
  readonly #zip: ZipWriter;
  readonly #file: ZipFile;
  readonly #release: () => void;
  #hasBegun = false;

  private constructor(zip: ZipWriter, file: ZipFile, release: () => void) {
    this.#zip = zip;
    this.#file = file;
    this.#release = release;
  }

  static async open({ zip, turns, signal }: EntryPlace, file: ZipFile): Promise<EntrySink> {
    const { promise: isOver, resolve: release } = Promise.withResolvers<void>();
    await new Promise<void>((begin) => {
      void turns.run(() => {
        begin();
        return isOver;
      });
    });
    if (signal.aborted) {
      release();
      throw signal.reason;
    }
    return new EntrySink(zip, file, release);
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#begin();
    await this.#zip.write(chunk);
  }

  async finish(): Promise<void> {
    await this.#begin();
    await this.#zip.end();
    this.#release();
  }

  async finishWith(whole: Uint8Array): Promise<void> {
    await this.#zip.whole(this.#file, whole);
    this.#release();
  }

  /** The archive ends with this: there is no way back to before the entry. */
  async abort(): Promise<void> {
    this.#release();
  }

  async #begin(): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    await this.#zip.begin(this.#file);
  }
}
