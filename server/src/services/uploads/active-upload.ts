import { senderOf, type UploadRow } from "../../db/stores/uploads.ts";
import type { StagedBlob } from "../../storage/blob-store.ts";

/** What is known of a part. */
export const PART = {
  missing: 0,
  /** Written and checked by this process, or hashed again after a restart. */
  received: 1,
  /** A row says that it was received, but by an earlier process: its bytes may never have reached the disk. */
  unverified: 2,
} as const;
export type PartState = (typeof PART)[keyof typeof PART];

interface PartWriter {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** An unfinished upload as this process knows it. One byte a part, so that the largest object costs 4 MiB. */
export class ActiveUpload {
  readonly objectId: Uint8Array;
  /** Whose it is: an account's, or a link's. */
  readonly userId: Uint8Array;
  /** The account whose quota it counts for. */
  readonly payerId: Uint8Array;
  readonly ciphertextLength: number;
  readonly staged: StagedBlob;
  readonly #states: Uint8Array;
  readonly #writers = new Map<number, PartWriter>();
  #closed = false;

  constructor(row: UploadRow, staged: StagedBlob, partCount: number) {
    this.objectId = row.object_id;
    this.userId = senderOf(row);
    this.payerId = row.user_id;
    this.ciphertextLength = row.ciphertext_length;
    this.staged = staged;
    this.#states = new Uint8Array(partCount);
  }

  get partCount(): number {
    return this.#states.length;
  }

  /** Completed, cancelled or given up: whoever waits to write a part must not. */
  get closed(): boolean {
    return this.#closed;
  }

  stateOf(part: number): PartState {
    return this.#states[part] as PartState;
  }

  setState(part: number, state: PartState): void {
    this.#states[part] = state;
  }

  *partsIn(state: PartState): Generator<number> {
    for (let part = this.#states.indexOf(state); part >= 0; part = this.#states.indexOf(state, part + 1)) yield part;
  }

  isComplete(): boolean {
    return this.#writers.size === 0 && this.#states.every((state) => state === PART.received);
  }

  /**
   * Runs `work` as the only writer of a part. Somebody still writing it is cut off first: usually a connection that
   * broke without the server noticing, whose client is sending the part again.
   */
  async writePart<T>(part: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    let before = this.#writers.get(part);
    while (before !== undefined) {
      before.abort.abort();
      await before.ended;
      before = this.#writers.get(part);
    }
    const abort = new AbortController();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#writers.set(part, { abort, ended });
    try {
      return await work(abort.signal);
    } finally {
      this.#writers.delete(part);
      resolve();
    }
  }

  /** Cuts off everybody who writes and waits until they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    const writers = [...this.#writers.values()];
    for (const { abort } of writers) abort.abort();
    await Promise.all(writers.map(({ ended }) => ended));
  }
}
