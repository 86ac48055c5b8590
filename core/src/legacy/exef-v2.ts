import {
  ByteReader,
  type Bytes,
  FormatError,
  IntegrityError,
  isAllZero,
  PieceReader,
  type Pieces,
  UnsupportedError,
  WeakKeyError,
} from "../bytes/index.ts";
import { AEAD_IV_LENGTH, AEAD_TAG_LENGTH, AuthenticationError, openGcmStream } from "../primitives/index.ts";

const HEADER_LENGTH = 28;
const VERSION = 2;
const KEY_BITS: readonly number[] = [128, 192, 256];
/** What AES-GCM can hold: 2^39 - 256 bits. */
const MAX_LENGTH = 2 ** 36 - 32;
const PIECE_LENGTH = 256 * 1024;

/** The file cannot be what was once written under this key: altered, cut, or the key is another. Nothing of it is good. */
export class LegacyFileError extends IntegrityError {
  constructor(what: string, cause?: unknown) {
    super(`The file ${what}. Nothing of it was kept; the file itself was left as it is.`, {
      code: "legacy_altered",
      cause,
    });
  }
}

/** The file was written under a key of another length: use the key that belongs to it. */
export class LegacyKeyLengthError extends IntegrityError {
  constructor(bits: number) {
    super(`The file was encrypted with a key of ${bits / 8} bytes, and another length was given. Nothing was opened.`, {
      code: "legacy_key_length",
      details: { bits },
    });
  }
}

export interface OpenLegacyOptions {
  readonly source: Pieces;
  /** 16, 24 or 32 bytes. */
  readonly key: Uint8Array;
  /** Length of the file in bytes, if it is known: then one that is cut or too long is refused before it is opened. */
  readonly fileLength?: number;
}

export interface OpenedLegacyFile {
  /** As the header says: unverified like everything else. */
  readonly size: number;
  /**
   * The data. **Nobody has verified any of it before the generator has ended without an error**: until then it belongs
   * into a temporary file that is thrown away.
   */
  readonly unverified: AsyncGenerator<Uint8Array>;
}

/**
 * A file of Excalibur's earlier format, ExEF version 2 (spec/exef-v2.md). Throws FormatError, code `legacy_magic` if it
 * is none at all, UnsupportedError, LegacyKeyLengthError, LegacyFileError or WeakKeyError.
 */
export async function openLegacyFile({ source, key, fileLength }: OpenLegacyOptions): Promise<OpenedLegacyFile> {
  const input = new PieceReader(source);
  try {
    const { bits, iv, size } = await readHeader(input);
    if (key.length * 8 !== bits) throw new LegacyKeyLengthError(bits);
    if (isAllZero(key)) throw new WeakKeyError("A key of zero bytes was refused. Nothing was opened with it.");
    if (fileLength !== undefined) demandLength(fileLength, HEADER_LENGTH + size + AEAD_TAG_LENGTH);
    return { size, unverified: open(input, { key: new Uint8Array(key), iv, size }) };
  } catch (error) {
    await input.close();
    throw error;
  }
}

interface LegacyHeader {
  readonly bits: number;
  readonly iv: Uint8Array;
  readonly size: number;
}

async function readHeader(input: PieceReader): Promise<LegacyHeader> {
  const header = new Uint8Array(HEADER_LENGTH);
  const isWhole = (await input.fill(header)) === HEADER_LENGTH;
  const reader = new ByteReader(header, "file");
  if (!isWhole || !["E", "x", "E", "F"].every((letter) => reader.u8() === letter.charCodeAt(0))) {
    throw new FormatError("The file is none of the earlier Excalibur: it begins with something else.", {
      code: "legacy_magic",
    });
  }
  const version = reader.u16();
  if (version !== VERSION) {
    const message = `The file is of version ${version}; only version ${VERSION} of the earlier format is read.`;
    throw new UnsupportedError(message, { code: "legacy_unsupported", details: { version } });
  }
  const bits = reader.u16();
  if (!KEY_BITS.includes(bits)) throw new FormatError(`The file names a key of ${bits} bits, which AES does not have.`);
  const iv = reader.bytes(AEAD_IV_LENGTH);
  const size = reader.u64();
  if (size > MAX_LENGTH) throw new FormatError("The file names a length that AES-GCM cannot have.");
  return { bits, iv, size };
}

async function* open(
  input: PieceReader,
  { key, iv, size }: { key: Bytes; iv: Uint8Array; size: number },
): AsyncGenerator<Uint8Array> {
  try {
    const stream = openGcmStream({ key, iv });
    const buffer = new Uint8Array(Math.min(PIECE_LENGTH, size));
    for (let left = size; left > 0; ) {
      const piece = buffer.subarray(0, Math.min(left, buffer.length));
      if ((await input.fill(piece)) < piece.length) throw cut();
      left -= piece.length;
      yield stream.update(piece);
    }
    const tag = new Uint8Array(AEAD_TAG_LENGTH);
    if ((await input.fill(tag)) < tag.length) throw cut();
    if (!(await input.isAtEnd())) throw tooLong();
    yield await finish(() => stream.finish(tag));
  } finally {
    key.fill(0);
    await input.close();
  }
}

async function finish(end: () => Bytes | Promise<Bytes>): Promise<Bytes> {
  try {
    return await end();
  } catch (error) {
    if (!(error instanceof AuthenticationError)) throw error;
    throw new LegacyFileError("was altered, or another key encrypted it", error);
  }
}

function demandLength(actual: number, expected: number): void {
  if (actual < expected) throw cut();
  if (actual > expected) throw tooLong();
}

function cut(): LegacyFileError {
  return new LegacyFileError("ends before the end that it names");
}

function tooLong(): LegacyFileError {
  return new LegacyFileError("goes on after the end that it names");
}
