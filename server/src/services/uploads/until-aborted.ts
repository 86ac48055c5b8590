/**
 * The chunks of a request's body, until the signal cuts them off: at once, even while the next one is being waited for.
 * Who leaves early does not end the source, because with a request's body that would close its connection before the
 * refusal is sent: what still comes is read and thrown away.
 */
export async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  let ended = false;
  let failPending: (reason: unknown) => void = () => undefined;
  const cut = () => failPending(signal.reason);
  signal.addEventListener("abort", cut, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        failPending = reject;
        iterator.next().then(resolve, reject);
      });
      if (next.done) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", cut);
    if (!ended) void throwAway(iterator);
  }
}

async function throwAway(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    while (!(await iterator.next()).done);
  } catch {
    // The connection is gone, and with it whoever would have read the answer.
    return;
  }
}
