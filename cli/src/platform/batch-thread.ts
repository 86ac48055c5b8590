import type { Worker } from "node:worker_threads";
import { startThread } from "./start-thread.ts";

interface Waiting<Job, Answer> {
  readonly job: Job;
  resolve(answer: Answer | undefined): void;
}

/**
 * [Note: Short work beside the event loop]
 * A small file costs a handful of short calls of the system. Through Node's thread pool each of them is handed over, waited
 * for and answered on its own, which takes far longer than the calls. So one thread makes them all for many files at a time:
 * what comes while it works waits and goes with the next message. It starts with the first job and keeps no process.
 */
export class BatchThread<Job, Answer> {
  readonly #entry: URL;
  readonly #transferOf: (job: Job) => ArrayBufferLike | undefined;
  #worker: Worker | undefined;
  #underWay: readonly Waiting<Job, Answer>[] = [];
  #queue: Waiting<Job, Answer>[] = [];
  #closed = false;

  /** `entry` answers a message with a list of jobs by one with a list of answers, in the same order. */
  constructor(entry: URL, transferOf: (job: Job) => ArrayBufferLike | undefined = () => undefined) {
    this.#entry = entry;
    this.#transferOf = transferOf;
  }

  /** undefined: the thread ended before it answered, and nobody knows whether the job was done. */
  run(job: Job): Promise<Answer | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#queue.push({ job, resolve });
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
    // Memory that threads share cannot be transferred and need not be.
    const transfers = jobs.map(this.#transferOf).filter((buffer) => buffer instanceof ArrayBuffer);
    this.#worker.postMessage(jobs, transfers);
  }

  #start(): Worker {
    const worker = startThread(this.#entry);
    // A thread that was given up must not answer, or end, what was asked of the next one.
    worker.on("message", (answers: readonly Answer[]) => {
      if (this.#worker === worker) this.#settle(answers);
    });
    for (const end of ["error", "exit"]) {
      worker.on(end, () => {
        if (this.#worker === worker) this.#lose();
      });
    }
    return worker;
  }

  #settle(answers: readonly Answer[]): void {
    const settled = this.#underWay;
    this.#underWay = [];
    this.#worker?.unref();
    // First, so that the thread works on while the answers are used.
    this.#sendQueue();
    for (const [index, { resolve }] of settled.entries()) resolve(answers[index]);
  }

  #lose(): void {
    this.#worker = undefined;
    const lost = [...this.#underWay, ...this.#queue];
    this.#underWay = [];
    this.#queue = [];
    for (const { resolve } of lost) resolve(undefined);
  }
}
