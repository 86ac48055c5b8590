import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type {
  OpenedObject,
  OpenedSegments,
  OpenObjectsJob,
  OpenSegmentsJob,
  SealedPart,
  SealerPort,
  SealPartJob,
} from "@excalibur/sdk/ports";
import { BufferPool, InProcessSealer, openedBufferSize, sealedBufferSize } from "@excalibur/sdk/sealer";
import type { SealerAnswer, SealerTask } from "./sealer-messages.ts";
import { startThread } from "./start-thread.ts";

/** Below this, handing the bytes to a thread costs more than sealing them here. */
const THREAD_FROM_BYTES = 256 * 1024;

/**
 * More than all parts on their way have together: a shared buffer that is let go of is not missed by the collector for a
 * long time, and a new one is made meanwhile.
 */
const KEPT_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly task: SealerTask;
  resolve(answer: SealerAnswer | "lost"): void;
}

interface Thread {
  readonly worker: Worker;
  busy: Waiting | undefined;
}

/**
 * [Note: Sealing beside the event loop]
 * AES runs at a few GiB/s, but 4 MiB at a time would hold up the sockets that carry the other parts. One or two threads
 * seal and open in memory that all threads see: nothing is copied, and nothing moves from one heap to another, which would
 * make the collector of each believe that memory runs out. Buffers come from one pool, so that memory stays at a few parts
 * however large the file is. Threads start with the first large job and never keep the process.
 */
export class ThreadSealer implements SealerPort {
  readonly concurrency: number;
  readonly #pool = new BufferPool({ isShared: true, keptLimitBytes: KEPT_BYTES });
  readonly #here = new InProcessSealer(this.#pool);
  readonly #threadCount: number;
  readonly #threads: Thread[] = [];
  readonly #queue: Waiting[] = [];
  #closed = false;

  constructor(options: { readonly threads?: number } = {}) {
    this.#threadCount = options.threads ?? Math.max(1, Math.min(2, availableParallelism() - 1));
    // One job under way and one waiting for each thread, so that none idles while results are sent.
    this.concurrency = this.#threadCount * 2;
  }

  buffer(sizeBytes: number): Uint8Array {
    return this.#pool.take(sizeBytes);
  }

  recycle(buffer: Uint8Array): void {
    this.#pool.give(buffer);
  }

  async sealPart(job: SealPartJob): Promise<SealedPart> {
    if (job.source.length < THREAD_FROM_BYTES) return this.#here.sealPart(job);
    const into = this.#pool.take(sealedBufferSize(job));
    const answer = await this.#run({ what: "seal", job, into });
    if (answer.what !== "sealed") {
      this.#pool.give(into);
      return this.#here.sealPart(job);
    }
    this.#pool.give(job.source);
    return { bytes: into, leaves: answer.leaves };
  }

  async openSegments(job: OpenSegmentsJob): Promise<OpenedSegments> {
    if (job.segments.length < THREAD_FROM_BYTES) return this.#here.openSegments(job);
    const into = this.#pool.take(openedBufferSize(job));
    const answer = await this.#run({ what: "open", job, into });
    if (answer.what !== "opened") {
      this.#pool.give(into);
      return this.#here.openSegments(job);
    }
    this.#pool.give(job.segments);
    return { data: into.subarray(0, answer.lengthBytes) };
  }

  async openObjects(job: OpenObjectsJob): Promise<OpenedObject[]> {
    if (job.bytes.length < THREAD_FROM_BYTES) return this.#here.openObjects(job);
    const answer = await this.#run({ what: "open-objects", job });
    if (answer.what !== "opened-objects") return this.#here.openObjects(job);
    const opened: OpenedObject[] = [];
    for (const [index, object] of job.objects.entries()) {
      const lengthBytes = answer.lengthsBytes[index] ?? -1;
      // What failed is repeated here, for its typed error.
      if (lengthBytes < 0) opened.push(...(await this.#here.openObjects({ ...job, objects: [object] })));
      else opened.push({ data: job.into.subarray(object.start, object.start + lengthBytes) });
    }
    return opened;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const threads = this.#threads.splice(0);
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
    for (const waiting of this.#queue.splice(0)) waiting.resolve("lost");
  }

  async #run(task: SealerTask): Promise<SealerAnswer> {
    if (this.#closed) throw new TypeError("The sealer is closed.");
    const answer = await new Promise<SealerAnswer | "lost">((resolve) => {
      this.#queue.push({ task, resolve });
      this.#startNext();
    });
    if (answer === "lost") throw new Error("A sealing thread ended unexpectedly. Nothing was stored; try again.");
    return answer;
  }

  #startNext(): void {
    while (this.#queue.length > 0) {
      const thread = this.#threads.find(({ busy }) => busy === undefined) ?? this.#startThread();
      if (thread === undefined) return;
      const waiting = this.#queue.shift() as Waiting;
      thread.busy = waiting;
      thread.worker.ref();
      thread.worker.postMessage(waiting.task);
    }
  }

  #startThread(): Thread | undefined {
    if (this.#threads.length >= this.#threadCount) return undefined;
    const worker = startThread(new URL("./sealer-worker.ts", import.meta.url));
    const thread: Thread = { worker, busy: undefined };
    worker.on("message", (answer: SealerAnswer) => this.#settle(thread, answer));
    worker.on("error", () => this.#lose(thread));
    worker.on("exit", () => this.#lose(thread));
    this.#threads.push(thread);
    return thread;
  }

  #settle(thread: Thread, answer: SealerAnswer): void {
    const waiting = thread.busy;
    thread.busy = undefined;
    thread.worker.unref();
    waiting?.resolve(answer);
    this.#startNext();
  }

  #lose(thread: Thread): void {
    const at = this.#threads.indexOf(thread);
    if (at >= 0) this.#threads.splice(at, 1);
    const waiting = thread.busy;
    thread.busy = undefined;
    waiting?.resolve("lost");
    if (!this.#closed) this.#startNext();
  }
}
