/**
 * Work that may be asked for at any time, and as often as somebody likes: it runs once at a time, and once more for all
 * that was asked meanwhile. The work must not throw: it reports its own failures.
 */
export function onceMore(work: () => Promise<void>): () => void {
  let isRunning = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    try {
      while (isWanted) {
        isWanted = false;
        await work();
      }
    } finally {
      isRunning = false;
    }
  };
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
}
