/** A server that sends less than this in the time of its silence is silent: else one byte now and then would hold us for ever. */
export const ENOUGH_BYTES = 16 * 1024;

/** How long the bytes of one reply are waited for. Only waiting counts: a slow reader on our side is no fault of the server. */
export class Patience {
  readonly #limitMs: number;
  #leftMs: number;
  #bytes = 0;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
    this.#leftMs = limitMs;
  }

  /** Calls `onEnd` if the next bytes take longer than is left. */
  async wait<T>(next: Promise<T>, onEnd: () => void): Promise<T> {
    const began = performance.now();
    const timer = setTimeout(onEnd, this.#leftMs);
    try {
      return await next;
    } finally {
      clearTimeout(timer);
      this.#leftMs = Math.max(1, this.#leftMs - (performance.now() - began));
    }
  }

  /** They came: enough of them, and all patience is back. */
  received(lengthBytes: number): void {
    this.#bytes += lengthBytes;
    if (this.#bytes < ENOUGH_BYTES) return;
    this.#bytes = 0;
    this.#leftMs = this.#limitMs;
  }
}
