import { concatBytes, PieceReader, type Pieces } from "../bytes/index.ts";
import {
  ciphertextLength,
  EXEF_HEADER_SIZE,
  EXEF_KIND,
  EXEF_SEGMENT_SIZE,
  parseExefHeader,
} from "../exef/public/index.ts";
import {
  ExcessBytesError,
  firstSegmentLength,
  ObjectMismatchError,
  openStream,
  sizeInFirstSegment,
  TruncatedError,
} from "../exef/secret/index.ts";
import { openEntries, type StandaloneKeys } from "./entries.ts";
import { StandaloneKeyError } from "./errors.ts";
import { readHead, take, verifyHead } from "./head.ts";

const MARKER_LENGTH = 4;

export interface OpenStandaloneOptions {
  /** The file from its first byte, in pieces of any size. */
  readonly source: Pieces;
  readonly keys: StandaloneKeys;
  /** Length of the file in bytes, if it is known: then a cut or longer file is refused before any data is released. */
  readonly fileLength?: number;
}

export interface OpenedStandalone {
  /** Bytes of the data, verified. */
  readonly size: number;
  /**
   * The data, each piece verified before it is released and valid until the next one is asked for. The last checks come
   * after the last piece: nothing is complete before the generator has ended without an error.
   */
  readonly data: AsyncGenerator<Uint8Array>;
}

/**
 * Opens a standalone file (spec/standalone.md §5). Throws FormatError or UnsupportedError, StandaloneKeyError if no key
 * fits, other IntegrityErrors if it was altered.
 */
export async function openStandalone(options: OpenStandaloneOptions): Promise<OpenedStandalone> {
  const input = new PieceReader(options.source);
  try {
    return await open(input, options);
  } catch (error) {
    await input.close();
    throw error;
  }
}

async function open(input: PieceReader, { keys, fileLength }: OpenStandaloneOptions): Promise<OpenedStandalone> {
  const head = await readHead(input);
  const header = await take(input, EXEF_HEADER_SIZE);
  const { kind, objectId } = parseExefHeader(header);
  if (kind !== EXEF_KIND.standalone) throw new ObjectMismatchError("kind");
  const fileKey = await openEntries(head.entries, objectId, keys);
  if (fileKey === undefined) throw new StandaloneKeyError();
  verifyHead(head, { fileKey, objectId });

  const segment = await readFirstSegment(input);
  const size = await sizeInFirstSegment({ fileKey, header, segment });
  const ctLength = ciphertextLength(size);
  if (fileLength !== undefined) demandLength(fileLength - head.list.length - head.mac.length, ctLength);
  const data = openStream({
    fileKey,
    kind,
    objectId,
    ctLength,
    size,
    source: joined(concatBytes(header, segment), input),
    reuseBuffers: true,
  });
  return { size, data };
}

async function readFirstSegment(input: PieceReader): Promise<Uint8Array> {
  const marker = new Uint8Array(MARKER_LENGTH);
  if ((await input.fill(marker)) < MARKER_LENGTH) throw new TruncatedError(0);
  const segment = new Uint8Array(firstSegmentLength(marker));
  segment.set(marker);
  if ((await input.fill(segment.subarray(MARKER_LENGTH))) < segment.length - MARKER_LENGTH) throw new TruncatedError(0);
  return segment;
}

function demandLength(actual: number, ctLength: number): void {
  if (actual > ctLength) throw new ExcessBytesError();
  if (actual < ctLength) throw new TruncatedError(Math.floor((actual - EXEF_HEADER_SIZE) / EXEF_SEGMENT_SIZE));
}

async function* joined(first: Uint8Array, input: PieceReader): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* input.rest();
  } finally {
    await input.close();
  }
}
