import { toBase64Url } from "@excalibur/core/bytes";

/** One answer on its way. */
export interface Reading {
  /** Nothing more of it may leave. */
  readonly cut: AbortSignal;
  /** The same chunks, and the reading is over with them. */
  through(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** There will be no chunks. */
  drop(): void;
}

interface Open {
  readonly userId: string;
  readonly mayStill: () => Promise<boolean>;
  readonly end: AbortController;
}

/**
 * Answers that are on their way, each for one account. Whoever loses access meanwhile gets no more of them: a film that runs
 * or a large download would otherwise go on for hours after a removal.
 */
export class Readings {
  readonly #open = new Set<Open>();

  /** To be called before access is looked at, so that no removal falls between the two. */
  begin(userId: Uint8Array, mayStill: () => Promise<boolean>): Reading {
    const all = this.#open;
    const one: Open = { userId: toBase64Url(userId), mayStill, end: new AbortController() };
    all.add(one);
    async function* through(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of chunks) {
          one.end.signal.throwIfAborted();
          yield chunk;
        }
      } finally {
        all.delete(one);
      }
    }
    return { cut: one.end.signal, through, drop: () => void all.delete(one) };
  }

  /** Looks again at what goes to these accounts, and ends what they may not read any more. Ids are as they travel. */
  async cutOff(userIds: readonly string[]): Promise<void> {
    const concerned = [...this.#open].filter(({ userId }) => userIds.includes(userId));
    await Promise.all(
      concerned.map(async ({ mayStill, end }) => {
        if (!(await mayStill())) end.abort();
      }),
    );
  }
}
