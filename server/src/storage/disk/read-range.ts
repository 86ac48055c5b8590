import { BlobDamagedError } from "../blob-errors.ts";
import { type BufferLoan, type BufferPool, ownBuffer } from "./buffer-pool.ts";
import { readError } from "./disk-errors.ts";
import type { OpenMode } from "./disk-port.ts";
import type { OpenFiles } from "./open-files.ts";

export interface RangeOfFile {
  readonly id: string;
  /** Asked for before every chunk: a staged file moves when it is sealed. */
  readonly source: () => { readonly path: string; readonly mode: OpenMode };
  readonly position: number;
  readonly length: number;
  /** What a file that ends inside the range means. */
  readonly whenShort: "damaged" | "end";
  readonly reuseBuffers?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface ChunkRead {
  readonly loan: BufferLoan;
  readonly outcome: Promise<{ readonly filled: number } | { readonly error: unknown }>;
}

/** Reads a range chunk by chunk; while the consumer has one chunk the next is being read, when memory allows. */
export async function* readRange(
  { openFiles, pool }: { readonly openFiles: OpenFiles; readonly pool: BufferPool },
  range: RangeOfFile,
): AsyncGenerator<Uint8Array, void, undefined> {
  const end = range.position + range.length;
  let position = range.position;

  const begin = (): ChunkRead | undefined => {
    if (position >= end) return undefined;
    const loan = range.reuseBuffers ? pool.lend(end - position) : ownBuffer(end - position);
    const at = position;
    position += loan.bytes.length;
    const outcome = openFiles
      .use({ ...range.source(), work: (file) => file.read(loan.bytes, at) })
      // Held as a value: nobody may be waiting yet when a read-ahead fails.
      .then((filled) => ({ filled }))
      .catch((error: unknown) => ({ error }));
    return { loan, outcome };
  };

  range.signal?.throwIfAborted();
  let next = begin();
  try {
    while (next) {
      const { loan, outcome } = next;
      next = undefined;
      try {
        const result = await outcome;
        if ("error" in result) throw readError(result.error, range.id);
        range.signal?.throwIfAborted();
        const isShort = result.filled < loan.bytes.length;
        if (isShort && range.whenShort === "damaged") throw new BlobDamagedError(range.id, "they end too early");
        if (!isShort && pool.hasRoom) next = begin();
        if (result.filled > 0) yield loan.bytes.subarray(0, result.filled);
        if (isShort) return;
      } finally {
        loan.release();
      }
      range.signal?.throwIfAborted();
      next ??= begin();
    }
  } finally {
    if (next) {
      // The disk may still be writing into it.
      await next.outcome;
      next.loan.release();
    }
  }
}
