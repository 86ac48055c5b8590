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
  try {
    for (;;) {
      const next = await nextUnlessAborted(iterator, signal);
      if (next.done) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    if (!ended) void throwAway(iterator);
  }
}

function nextUnlessAborted(
  iterator: AsyncIterator<Uint8Array>,
  signal: AbortSignal,
): Promise<IteratorResult<Uint8Array>> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const cut = () => reject(signal.reason);
    signal.addEventListener("abort", cut, { once: true });
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", cut));
  });
}

async function throwAway(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    while (!(await iterator.next()).done);
  } catch {
    // The connection is gone, and with it whoever would have read the answer.
    return;
  }
}
