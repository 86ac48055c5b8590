/** A buffer on loan; `release` gives it back (once). */
export interface BufferLoan {
  readonly bytes: Uint8Array;
  release(): void;
}

const wholeBytes = 1024 * 1024;
const smallBytes = 64 * 1024;

/**
 * Reused buffers of 1 MiB. When `budgetBytes` are on loan, further readers get small buffers of their own, so that
 * thousands of slow downloads cost little memory and a few fast ones run at full speed.
 */
export class BufferPool {
  readonly #idle: Uint8Array[] = [];
  readonly #limit: number;
  #onLoan = 0;

  constructor(budgetBytes: number) {
    this.#limit = Math.floor(budgetBytes / wholeBytes);
  }

  /** Whether a whole buffer can be had. */
  get hasRoom(): boolean {
    return this.#onLoan < this.#limit;
  }

  /** At most 1 MiB, and at least one byte when `wantedBytes` is. */
  lend(wantedBytes: number): BufferLoan {
    if (wantedBytes <= smallBytes || !this.hasRoom) return ownBuffer(Math.min(wantedBytes, smallBytes));
    this.#onLoan += 1;
    const whole = this.#idle.pop() ?? freshBytes(wholeBytes);
    let lent = true;
    return {
      bytes: whole.subarray(0, Math.min(wantedBytes, wholeBytes)),
      release: () => {
        if (!lent) return;
        lent = false;
        this.#onLoan -= 1;
        // Half of the budget stays warm; after a rush the rest goes back to the system.
        if (this.#idle.length < this.#limit / 2) this.#idle.push(whole);
      },
    };
  }
}

/** For consumers that keep what they are given: a buffer nobody will reuse. */
export function ownBuffer(wantedBytes: number): BufferLoan {
  return { bytes: freshBytes(Math.min(wantedBytes, wholeBytes)), release: () => undefined };
}

/** Not zeroed, with memory of its own, and no Buffer: the `slice` of a Buffer would not copy. */
function freshBytes(sizeBytes: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(sizeBytes).buffer);
}
