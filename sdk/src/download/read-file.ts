import type { ClockPort, SealerPort } from "../ports/index.ts";
import type { FileContent } from "../volumes/index.ts";
import { type DownloadApi, withRetry } from "./api.ts";
import {
  dataOfSegments,
  EXEF_HEADER_SIZE,
  EXEF_KIND,
  provenLeaves,
  segmentCount,
  segmentRange,
  segmentsOfData,
} from "./crypto.ts";
import type { DataRange } from "./types.ts";

/** Segments of one request: 4 MiB. Signing, checking and answering it costs as much as some hundred KiB. */
export const CHUNK_SEGMENTS = 16;
/** Requests under way ahead of the reader. */
const CHUNKS_AHEAD = 3;
/** Of the first request for somebody who waits for the first byte; each next one asks for twice as many. */
const FIRST_SEGMENTS = 1;
/** Leaves proven at once: 32 KiB for 256 MiB. */
const PROOF_SEGMENTS = 1024;

export interface ReadContext {
  readonly api: DownloadApi;
  readonly sealer: SealerPort;
  readonly clock: ClockPort;
  readonly signal: AbortSignal | undefined;
  /** Somebody watches: little first, soon, then more at a time. */
  readonly isWatched?: boolean;
}

interface Chunk {
  readonly first: number;
  readonly end: number;
}

/**
 * The bytes of a range of a file, in order, each verified against the entry's root before it is given. A piece is valid
 * until the next one is asked for. Throws the typed integrity error of the first segment that fails; what came before
 * it is a verified prefix.
 */
export async function* readFile(context: ReadContext, file: FileContent, range: DataRange): AsyncGenerator<Uint8Array> {
  const start = Math.max(0, range.start);
  const end = Math.min(file.sizeBytes, range.end);
  if (start >= end) return;
  const stop = new AbortController();
  const signal = context.signal ? AbortSignal.any([context.signal, stop.signal]) : stop.signal;
  const reading = new FileReading({ ...context, signal }, file);
  const segments = segmentsOfData({ start, end });
  const chunks = chunksOf(segments.start, segments.end, context.isWatched ? FIRST_SEGMENTS : CHUNK_SEGMENTS);
  const ahead: Promise<Outcome>[] = [];
  try {
    for (let chunk = chunks.next(); !chunk.done || ahead.length > 0; ) {
      if (!chunk.done && ahead.length < CHUNKS_AHEAD) {
        ahead.push(outcomeOf(reading.open(chunk.value)));
        chunk = chunks.next();
        continue;
      }
      const outcome = (await ahead.shift()) as Outcome;
      if ("error" in outcome) throw outcome.error;
      const { data, at } = outcome;
      yield data.subarray(Math.max(0, start - at), Math.min(data.length, end - at));
      context.sealer.recycle(data);
    }
  } finally {
    stop.abort();
    await Promise.all(ahead);
  }
}

function* chunksOf(first: number, end: number, firstSegments: number): Generator<Chunk> {
  let segments = firstSegments;
  for (let at = first; at < end; at += segments, segments = Math.min(segments * 2, CHUNK_SEGMENTS)) {
    yield { first: at, end: Math.min(at + segments, end) };
  }
}

interface OpenedChunk {
  readonly data: Uint8Array;
  /** Where the data begins in the file. */
  readonly at: number;
}

/** A failure is thrown when its turn comes, and until then it is a value. */
type Outcome = OpenedChunk | { readonly error: unknown };

function outcomeOf(opening: Promise<OpenedChunk>): Promise<Outcome> {
  return opening.then(
    (chunk): Outcome => chunk,
    (error: unknown): Outcome => ({ error }),
  );
}

class FileReading {
  readonly #context: ReadContext;
  readonly #file: FileContent;
  #header: Promise<Uint8Array> | undefined;
  readonly #leaves = new Map<number, Promise<Uint8Array>>();

  constructor(context: ReadContext, file: FileContent) {
    this.#context = context;
    this.#file = file;
  }

  async open({ first, end }: Chunk): Promise<OpenedChunk> {
    const { sealer } = this.#context;
    const { fileKey, objectId, ciphertextLength, sizeBytes } = this.#file;
    const { start } = segmentRange(ciphertextLength, first);
    const bytes = segmentRange(ciphertextLength, end - 1).end - start;
    const [header, leaves, segments] = await Promise.all([
      this.#headerOf(),
      this.#leavesOf(first, end),
      this.#fetch(start, bytes),
    ]);
    const job = { fileKey, objectId, kind: EXEF_KIND.content, header, ciphertextLength, sizeBytes };
    const { data } = await sealer.openSegments({ ...job, firstSegment: first, segments, leaves });
    return { data, at: dataOfSegments({ start: first, end }, sizeBytes).start };
  }

  async #fetch(start: number, sizeBytes: number): Promise<Uint8Array> {
    const { api, sealer, clock, signal } = this.#context;
    const into = sealer.buffer(sizeBytes);
    await withRetry(() => api.readInto(this.#file.objectId, { start, into, signal }), { clock, signal });
    return into;
  }

  #headerOf(): Promise<Uint8Array> {
    this.#header ??= this.#fetchHeader();
    return this.#header;
  }

  async #fetchHeader(): Promise<Uint8Array> {
    const { api, clock, signal } = this.#context;
    const into = new Uint8Array(EXEF_HEADER_SIZE);
    await withRetry(() => api.readInto(this.#file.objectId, { start: 0, into, signal }), { clock, signal });
    return into;
  }

  /** Proofs come in windows of many segments, each asked for once; windows behind the reader are let go. */
  async #leavesOf(first: number, end: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let at = first; at < end; ) {
      const window = Math.floor(at / PROOF_SEGMENTS);
      const from = window * PROOF_SEGMENTS;
      const to = Math.min(from + PROOF_SEGMENTS, segmentCount(this.#file.ciphertextLength));
      const leaves = await this.#window(window, { from, to });
      const until = Math.min(end, to);
      parts.push(leaves.subarray((at - from) * 32, (until - from) * 32));
      at = until;
    }
    const [only] = parts;
    if (parts.length === 1 && only) return only.slice();
    const whole = new Uint8Array((end - first) * 32);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #window(window: number, range: { readonly from: number; readonly to: number }): Promise<Uint8Array> {
    const known = this.#leaves.get(window);
    if (known !== undefined) return known;
    this.#leaves.delete(window - 2);
    const proving = this.#prove(range);
    this.#leaves.set(window, proving);
    return proving;
  }

  async #prove({ from, to }: { readonly from: number; readonly to: number }): Promise<Uint8Array> {
    const { api, clock, signal } = this.#context;
    const [header, proof] = await Promise.all([
      this.#headerOf(),
      withRetry(() => api.proof(this.#file.objectId, { from, to, signal }), { clock, signal }),
    ]);
    return provenLeaves(this.#file, { header, proof, from, to });
  }
}
