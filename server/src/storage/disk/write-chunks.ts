import type { ByteChunks, WriteOptions } from "../blob-store.ts";

const batchBytes = 1024 * 1024;
const batchChunks = 256;

export interface ChunkWrites extends WriteOptions {
  readonly chunks: ByteChunks;
  readonly position: number;
  /** First byte that must not be written any more. */
  readonly end: number;
  readonly write: (batch: readonly Uint8Array[], position: number) => Promise<void>;
}

/**
 * Writes chunks in batches without copying them: while one batch is on its way to the disk the next is collected, so that
 * network and disk work at once and at most two batches are in memory. Resolves with the number of bytes written.
 */
export async function writeChunks({ chunks, position, end, signal, onDone, write }: ChunkWrites): Promise<number> {
  let batch: Uint8Array[] = [];
  let collectedBytes = 0;
  let at = position;
  let inFlight: Promise<unknown> = Promise.resolve();
  const failures: unknown[] = [];

  const flush = async (): Promise<void> => {
    await inFlight;
    if (failures.length > 0) throw failures[0];
    if (batch.length === 0) return;
    // Held as a value: a write may fail while nobody waits for it.
    const written = batch;
    inFlight = write(written, at)
      .catch((error: unknown) => failures.push(error))
      .then(() => onDone && written.forEach(onDone));
    at += collectedBytes;
    batch = [];
    collectedBytes = 0;
  };

  try {
    signal?.throwIfAborted();
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      if (at + collectedBytes + chunk.length > end) throw new RangeError("The bytes go beyond the end of the object.");
      batch.push(chunk);
      collectedBytes += chunk.length;
      if (collectedBytes >= batchBytes || batch.length >= batchChunks) await flush();
    }
    await flush();
  } finally {
    await inFlight;
  }
  if (failures.length > 0) throw failures[0];
  return at - position;
}
