const STEP_BYTES = 64 * 1024;
const DEFAULT_KEPT_BYTES = 24 * 1024 * 1024;

/**
 * Buffers of parts and segments, used again and again: allocating and zeroing 4 MiB for every part costs more than
 * sealing it. Lengths are rounded up to 64 KiB, so that parts with and without a header share buffers.
 */
export class BufferPool {
  readonly #free = new Map<number, ArrayBufferLike[]>();
  readonly #keptLimitBytes: number;
  readonly #isShared: boolean;
  #keptBytes = 0;

  constructor({
    keptLimitBytes = DEFAULT_KEPT_BYTES,
    isShared = false,
  }: {
    readonly keptLimitBytes?: number;
    /** Memory that several threads see at once. */
    readonly isShared?: boolean;
  } = {}) {
    this.#keptLimitBytes = keptLimitBytes;
    this.#isShared = isShared;
  }

  take(sizeBytes: number): Uint8Array {
    const capacity = Math.max(1, Math.ceil(sizeBytes / STEP_BYTES)) * STEP_BYTES;
    const buffer = this.#free.get(capacity)?.pop();
    if (buffer !== undefined) this.#keptBytes -= capacity;
    return new Uint8Array(buffer ?? this.#allocate(capacity), 0, sizeBytes);
  }

  /** Takes back what `take` gave (or a view of its beginning). Anything else, and what went to another thread, is left to the collector. */
  give(view: Uint8Array): void {
    const { buffer } = view;
    if (this.#isShared === buffer instanceof ArrayBuffer || view.byteOffset !== 0) return;
    const capacity = buffer.byteLength;
    if (capacity === 0 || capacity % STEP_BYTES !== 0 || this.#keptBytes + capacity > this.#keptLimitBytes) return;
    const list = this.#free.get(capacity) ?? [];
    if (list.includes(buffer)) throw new TypeError("A buffer was given back twice.");
    list.push(buffer);
    this.#free.set(capacity, list);
    this.#keptBytes += capacity;
  }

  #allocate(sizeBytes: number): ArrayBufferLike {
    return this.#isShared ? new SharedArrayBuffer(sizeBytes) : new ArrayBuffer(sizeBytes);
  }
}
