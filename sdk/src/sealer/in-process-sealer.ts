import type {
  OpenedObject,
  OpenedSegments,
  OpenObjectsJob,
  OpenSegmentsJob,
  SealedPart,
  SealerPort,
  SealPartJob,
} from "../ports/index.ts";
import { BufferPool } from "./buffer-pool.ts";
import { openedBufferSize, openObjectsInto, openSegmentsInto, sealedBufferSize, sealPartInto } from "./crypto.ts";

/** Seals and opens on the caller's own thread. In browsers the work leaves it anyway: WebCrypto has threads of its own. */
export class InProcessSealer implements SealerPort {
  readonly concurrency = 4;
  readonly #pool: BufferPool;

  constructor(pool = new BufferPool()) {
    this.#pool = pool;
  }

  buffer(sizeBytes: number): Uint8Array {
    return this.#pool.take(sizeBytes);
  }

  recycle(buffer: Uint8Array): void {
    this.#pool.give(buffer);
  }

  async sealPart(job: SealPartJob): Promise<SealedPart> {
    const into = this.#pool.take(sealedBufferSize(job));
    const sealed = await this.#orRecycle(into, () => sealPartInto(job, into));
    this.#pool.give(job.source);
    return sealed;
  }

  async openSegments(job: OpenSegmentsJob): Promise<OpenedSegments> {
    const into = this.#pool.take(openedBufferSize(job));
    const data = await this.#orRecycle(into, () => openSegmentsInto(job, into));
    this.#pool.give(job.segments);
    return { data };
  }

  openObjects(job: OpenObjectsJob): Promise<OpenedObject[]> {
    return openObjectsInto(job);
  }

  async close(): Promise<void> {
    // Nothing runs between calls.
  }

  async #orRecycle<T>(into: Uint8Array, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#pool.give(into);
      throw error;
    }
  }
}
