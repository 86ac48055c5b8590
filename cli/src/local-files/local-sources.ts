import { basename } from "node:path";
import type { Worker } from "node:worker_threads";
import type { FileSource, SealedSource } from "@excalibur/sdk/ports";
import { startThread } from "../platform/start-thread.ts";
import { openLocalSource } from "./local-source.ts";
import type { SourceAnswer, SourceTask } from "./source-messages.ts";

/** A thread takes longer to start than so few files to be read without it. */
const FILES_WITHOUT_THREAD = 24;

interface Waiting {
  readonly path: string;
  resolve(answer: SourceAnswer): void;
}

/**
 * [Note: Reading beside the event loop]
 * A small file costs five short calls of the system and a little sealing. Through Node's thread pool each call is handed
 * over, waited for and answered on its own, which takes far longer than the call. So one thread does all of it for many
 * files at a time: what comes while it works waits and goes with the next message. What it cannot do (a large file, one
 * that changes, one that may not be read) is done here as ever, where errors have their types.
 */
export class LocalSources {
  readonly #withoutThread: number;
  #opened = 0;
  #worker: Worker | undefined;
  #underWay: readonly Waiting[] = [];
  #queue: Waiting[] = [];
  #closed = false;

  constructor({ filesWithoutThread = FILES_WITHOUT_THREAD }: { readonly filesWithoutThread?: number } = {}) {
    this.#withoutThread = filesWithoutThread;
  }

  /** Opens a regular file for uploading, or gives a small one already sealed. Throws LocalFileError. */
  async open(path: string): Promise<FileSource | SealedSource> {
    this.#opened += 1;
    const answer = this.#opened > this.#withoutThread ? await this.#ask(path) : undefined;
    return answer === undefined ? await openLocalSource(path) : { name: basename(path), ...answer };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
    this.#lose();
  }

  #ask(path: string): Promise<SourceAnswer> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#queue.push({ path, resolve });
      if (this.#underWay.length === 0) this.#sendQueue();
    });
  }

  #sendQueue(): void {
    if (this.#queue.length === 0) return;
    this.#underWay = this.#queue;
    this.#queue = [];
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(this.#underWay.map(({ path }) => path) satisfies SourceTask);
  }

  #start(): Worker {
    const worker = startThread(new URL("./source-worker.ts", import.meta.url));
    // A thread that was given up must not answer, or end, what was asked of the next one.
    worker.on("message", (answers: readonly SourceAnswer[]) => {
      if (this.#worker === worker) this.#settle(answers);
    });
    for (const end of ["error", "exit"]) {
      worker.on(end, () => {
        if (this.#worker === worker) this.#lose();
      });
    }
    return worker;
  }

  #settle(answers: readonly SourceAnswer[]): void {
    const settled = this.#underWay;
    this.#underWay = [];
    this.#worker?.unref();
    // First, so that the thread works on while the answers are used.
    this.#sendQueue();
    for (const [index, { resolve }] of settled.entries()) resolve(answers[index]);
  }

  /** Whoever waits reads for himself. */
  #lose(): void {
    this.#worker = undefined;
    const lost = [...this.#underWay, ...this.#queue];
    this.#underWay = [];
    this.#queue = [];
    for (const { resolve } of lost) resolve(undefined);
  }
}
