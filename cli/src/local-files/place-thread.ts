import type { Worker } from "node:worker_threads";
import { startThread } from "../platform/start-thread.ts";
import { LocalFileError } from "./local-error.ts";
import type { PlaceJob } from "./place-file.ts";
import type { PlaceAnswer } from "./place-messages.ts";

interface Waiting {
  readonly job: PlaceJob;
  resolve(name: string): void;
  reject(error: unknown): void;
}

/**
 * [Note: Files beside the event loop]
 * A small file costs five short calls of the system. Through Node's thread pool each of them is handed over, waited for
 * and answered on its own, which takes far longer than the calls. So one thread makes them all for many files at a time:
 * what comes while it works waits and goes with the next message. It starts with the first file and keeps no process.
 */
export class PlaceThread {
  #worker: Worker | undefined;
  #underWay: readonly Waiting[] = [];
  #queue: Waiting[] = [];
  #closed = false;

  /** Gives a file its name and resolves with it. The bytes are the thread's from here on. Throws LocalFileError. */
  place(job: PlaceJob): Promise<string> {
    if (this.#closed) throw new TypeError("The thread is closed.");
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      if (this.#underWay.length === 0) this.#sendQueue();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
    this.#lose();
  }

  #sendQueue(): void {
    if (this.#queue.length === 0) return;
    this.#underWay = this.#queue;
    this.#queue = [];
    this.#worker ??= this.#start();
    this.#worker.ref();
    const jobs = this.#underWay.map(({ job }) => job);
    const contents = jobs.map(({ content }) => (typeof content === "string" ? undefined : content.buffer));
    this.#worker.postMessage(
      jobs,
      contents.filter((buffer) => buffer instanceof ArrayBuffer),
    );
  }

  #start(): Worker {
    const worker = startThread(new URL("./place-worker.ts", import.meta.url));
    worker.on("message", (answers: readonly PlaceAnswer[]) => this.#settle(answers));
    worker.on("error", () => this.#lose());
    worker.on("exit", () => this.#lose());
    return worker;
  }

  #settle(answers: readonly PlaceAnswer[]): void {
    const settled = this.#underWay;
    this.#underWay = [];
    this.#worker?.unref();
    for (const [index, { resolve, reject }] of settled.entries()) {
      const answer = answers[index] as PlaceAnswer;
      if ("name" in answer) resolve(answer.name);
      else reject(errorOf(answer));
    }
    this.#sendQueue();
  }

  #lose(): void {
    this.#worker = undefined;
    const lost = [...this.#underWay, ...this.#queue];
    this.#underWay = [];
    this.#queue = [];
    for (const { reject } of lost) reject(new Error("The thread that writes files ended unexpectedly. Try again."));
  }
}

function errorOf(answer: Exclude<PlaceAnswer, { readonly name: string }>): Error {
  if ("unexpected" in answer) return new Error(answer.unexpected);
  const { problem, reason } = answer;
  return new LocalFileError(problem, reason === undefined ? {} : { cause: { code: reason } });
}
