/** The chunks of a body, until the signal cuts them off: at once, even while the next one is being waited for. The body itself is left as it is. */
export async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
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
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", cut);
  }
}
