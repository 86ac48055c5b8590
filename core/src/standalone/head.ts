import {
  type Bytes,
  concatBytes,
  equalBytes,
  FormatError,
  type PieceReader,
  UnsupportedError,
  utf8Encode,
} from "../bytes/index.ts";
import { deriveKey } from "../labels/index.ts";
import { hmacSha256, KEM_ENCAPSULATION_LENGTH } from "../primitives/index.ts";
import { StandaloneListError } from "./errors.ts";

/** Fixed numbers of spec/standalone.md §1, in bytes unless the name says otherwise. */
const MAGIC = utf8Encode("EXR3");
const MAC_LENGTH = 32;
export const MAX_ENTRIES = 16;
export const MAX_PASSWORDS = 2;
export const SALT_LENGTH = 16;
const SLOT_LENGTH = 658;
const SEALED_KEY_LENGTH = 48;

export const ENTRY_TYPES = { password: 1, recipient: 2 } as const;
const BODY_LENGTHS: Readonly<Record<number, number | undefined>> = {
  [ENTRY_TYPES.password]: SALT_LENGTH + SLOT_LENGTH,
  [ENTRY_TYPES.recipient]: KEM_ENCAPSULATION_LENGTH + SEALED_KEY_LENGTH,
};

export interface StandaloneEntry {
  readonly type: number;
  readonly body: Bytes;
}

export interface StandaloneHead {
  readonly entries: readonly StandaloneEntry[];
  /** Everything in front of the mac. */
  readonly list: Bytes;
  readonly mac: Bytes;
}

export interface StandaloneKey {
  readonly fileKey: Uint8Array;
  readonly objectId: Uint8Array;
}

/** Everything in front of the object. */
export function encodeHead(entries: readonly StandaloneEntry[], key: StandaloneKey): Bytes {
  const encoded = entries.flatMap(({ type, body }) => [Uint8Array.of(type), body]);
  const list = concatBytes(MAGIC, Uint8Array.of(entries.length), ...encoded);
  return concatBytes(list, macOf(list, key));
}

/**
 * Reads up to the mac and not a byte further (spec/standalone.md §5 step 1). Throws FormatError, code `standalone_magic`
 * if it is no standalone file at all, or UnsupportedError.
 */
export async function readHead(input: PieceReader): Promise<StandaloneHead> {
  const begin = await take(input, MAGIC.length).catch(notStandalone);
  if (!equalBytes(begin, MAGIC)) notStandalone();
  const read: Bytes[] = [begin, await take(input, 1)];
  const count = read[1]?.[0] as number;
  if (count < 1 || count > MAX_ENTRIES) throw new FormatError(`A standalone file has 1 to ${MAX_ENTRIES} entries.`);
  const entries: StandaloneEntry[] = [];
  for (let i = 0; i < count; i++) {
    const mark = await take(input, 1);
    const type = mark[0] as number;
    const length = BODY_LENGTHS[type];
    if (length === undefined) throw unknownEntry(type);
    const body = await take(input, length);
    entries.push({ type, body });
    read.push(mark, body);
  }
  if (entries.filter(({ type }) => type === ENTRY_TYPES.password).length > MAX_PASSWORDS) {
    throw new FormatError(`A standalone file has at most ${MAX_PASSWORDS} passwords.`);
  }
  return { entries, list: concatBytes(...read), mac: await take(input, MAC_LENGTH) };
}

/** Throws StandaloneListError; WeakKeyError for a key of zeros. */
export function verifyHead({ list, mac }: StandaloneHead, key: StandaloneKey): void {
  if (!equalBytes(macOf(list, key), mac)) throw new StandaloneListError();
}

function macOf(list: Uint8Array, { fileKey, objectId }: StandaloneKey): Bytes {
  return hmacSha256(deriveKey("recipients", fileKey, objectId), list);
}

/** Exactly so many bytes. Throws FormatError where the file ends before. */
export async function take(input: PieceReader, length: number): Promise<Bytes> {
  const bytes = new Uint8Array(length);
  if ((await input.fill(bytes)) < length) throw new FormatError("The file ends before its contents begin.");
  return bytes;
}

function notStandalone(cause?: unknown): never {
  if (cause !== undefined && !(cause instanceof FormatError)) throw cause;
  throw new FormatError("The file is no standalone file of Excalibur: it begins with something else.", {
    code: "standalone_magic",
  });
}

function unknownEntry(type: number): UnsupportedError {
  const message = `The file has an entry of type ${type}, which this program does not know. Update Excalibur to open it.`;
  return new UnsupportedError(message, { code: "standalone_unsupported", details: { type } });
}
