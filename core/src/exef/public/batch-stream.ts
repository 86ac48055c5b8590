import { type Bytes, FormatError } from "../../bytes/index.ts";
import { BATCH_HEAD_SIZE, type BatchRow, batchTableLength, parseBatchTable, readBatchHead } from "./batch.ts";

export interface BatchLimits {
  readonly maxObjects: number;
  readonly maxObjectBytes: number;
}

export interface BatchObject {
  readonly row: BatchRow;
  /** Unchecked: see `checkBatchObject`. */
  readonly bytes: Bytes;
}

export interface IncomingBatch {
  /** The bytes the request's signature covers. */
  readonly table: Bytes;
  readonly rows: readonly BatchRow[];
  /** The objects in order, each in memory of its own. Throws FormatError if the body is shorter or longer than announced. */
  readonly objects: () => AsyncGenerator<BatchObject>;
}

/** Reads a batch as it arrives: first the table, which can be judged before a byte of the objects is taken. */
export async function readBatch(source: AsyncIterable<Uint8Array>, limits: BatchLimits): Promise<IncomingBatch> {
  const input = new ChunkReader(source[Symbol.asyncIterator]());
  const head = await input.take(BATCH_HEAD_SIZE);
  const tableLength = readBatchHead(head);
  if (tableLength > batchTableLength(limits.maxObjects)) {
    throw new FormatError(`The batch has more than ${limits.maxObjects} objects.`);
  }
  const table = new Uint8Array(tableLength);
  table.set(head);
  await input.fill(table.subarray(BATCH_HEAD_SIZE));
  const rows = parseBatchTable(table);
  const tooLong = rows.find((row) => row.length > limits.maxObjectBytes);
  if (tooLong) throw new FormatError(`The batch has an object of more than ${limits.maxObjectBytes} bytes.`);
  return { table, rows, objects: () => readObjects(input, rows) };
}

async function* readObjects(input: ChunkReader, rows: readonly BatchRow[]): AsyncGenerator<BatchObject> {
  for (const row of rows) yield { row, bytes: await input.take(row.length) };
  if (!(await input.isAtEnd())) throw new FormatError("The batch has bytes after its last object.");
}

class ChunkReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterator<Uint8Array>) {
    this.#source = source;
  }

  async take(length: number): Promise<Bytes> {
    const bytes = new Uint8Array(length);
    await this.fill(bytes);
    return bytes;
  }

  async fill(target: Uint8Array): Promise<void> {
    let filled = 0;
    while (filled < target.length) {
      if (await this.isAtEnd()) throw new FormatError("The batch ends too early.");
      const piece = this.#chunk.subarray(0, target.length - filled);
      target.set(piece, filled);
      filled += piece.length;
      this.#chunk = this.#chunk.subarray(piece.length);
    }
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const next = await this.#source.next();
      if (next.done) return true;
      this.#chunk = next.value;
    }
    return false;
  }
}
