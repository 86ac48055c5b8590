import { basename } from "node:path";
import type { FileSource, SealedSource } from "@excalibur/sdk/ports";
import { BatchThread } from "../platform/batch-thread.ts";
import { openLocalSource } from "./local-source.ts";
import type { SourceAnswer } from "./source-messages.ts";

/** A thread takes longer to start than so few files to be read without it. */
const FILES_WITHOUT_THREAD = 24;

/**
 * Files to be uploaded. Small ones are read and sealed on a thread of their own ([Note: Short work beside the event loop]).
 * What it cannot do (a large file, one that changes, one that may not be read) is done here as ever, where errors have
 * their types.
 */
export class LocalSources {
  readonly #withoutThread: number;
  readonly #thread = new BatchThread<string, SourceAnswer>(new URL("./source-worker.ts", import.meta.url));
  #opened = 0;

  constructor({ filesWithoutThread = FILES_WITHOUT_THREAD }: { readonly filesWithoutThread?: number } = {}) {
    this.#withoutThread = filesWithoutThread;
  }

  /** Opens a regular file for uploading, or gives a small one already sealed. Throws LocalFileError. */
  async open(path: string): Promise<FileSource | SealedSource> {
    this.#opened += 1;
    const answer = this.#opened > this.#withoutThread ? await this.#thread.run(path) : undefined;
    return answer === undefined ? await openLocalSource(path) : { name: basename(path), ...answer };
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}
