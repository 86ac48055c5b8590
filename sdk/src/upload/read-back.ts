import { ExcaliburError, IntegrityError } from "@excalibur/core/bytes";
import type { FileDraft } from "../files/index.ts";
import { ReadBackError } from "./errors.ts";
import type { ContentReader } from "./types.ts";

/** One segment of 256 KiB for so many bytes, on average over all files: 0.4 % of what was sent. */
const BYTES_A_SAMPLE = 64 * 1024 * 1024;
/** One of so many small files, however small they are. */
const FILES_A_SAMPLE = 2048;
/** Enough to find damage to a tenth of a file with 97 %, however large it is. */
const MOST_SAMPLES = 32;
/** What the server then says of an object that it has just confirmed. */
const NOT_THERE: ReadonlySet<string> = new Set([
  "object_gone",
  "object_lost",
  "object_missing",
  "range_not_satisfiable",
]);

export interface ReadBackContext {
  readonly reader: ContentReader;
  /** In [0, 1). */
  readonly random: () => number;
  /** Whatever chance says. */
  readonly atLeast: 0 | 1;
  readonly signal: AbortSignal | undefined;
}

/** How many segments of a file are read back: the file's share, and chance for the rest. */
export function samplesOf(sizeBytes: number, random: () => number): number {
  const share = Math.max(sizeBytes / BYTES_A_SAMPLE, 1 / FILES_A_SAMPLE);
  return Math.min(MOST_SAMPLES, Math.floor(share + random()));
}

/**
 * Reads some of a stored file through the same checks as every download, before it is listed (decisions/0015). Throws
 * ReadBackError when the server has not what it confirmed; NetworkError, ApiError and the signal's reason as they come.
 */
export async function readBack(
  { reader, random, atLeast, signal }: ReadBackContext,
  content: Omit<FileDraft["content"], "mediaType">,
): Promise<void> {
  const file = { ...content, mediaType: "", versions: [] };
  const options = signal ? { signal } : {};
  try {
    for (let left = Math.max(atLeast, samplesOf(content.sizeBytes, random)); left > 0; left--) {
      const start = Math.floor(random() * content.sizeBytes);
      // One byte is asked for; the segment around it is fetched and checked whole.
      for await (const _ of reader.read(file, { start, end: start + 1 }, options));
    }
  } catch (cause) {
    throw differs(cause) ? new ReadBackError({ cause }) : cause;
  }
}

function differs(error: unknown): boolean {
  if (error instanceof IntegrityError) return true;
  return error instanceof ExcaliburError && NOT_THERE.has(error.code);
}
