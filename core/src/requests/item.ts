import {
  ByteReader,
  type Bytes,
  type CborValue,
  concatBytes,
  decodeCbor,
  encodeCbor,
  equalBytes,
  FormatError,
  IntegrityError,
  isAllZero,
  UnsupportedError,
  utf8Encode,
  WeakKeyError,
} from "../bytes/index.ts";
import { ciphertextLength, EXEF_KIND, isPossibleCiphertextLength } from "../exef/public/index.ts";
import { openObject, sealObject } from "../exef/secret/index.ts";
import { CborFields, cborFields } from "../keys/index.ts";
import { sealInfo } from "../labels/index.ts";
import { hpkeOpen, hpkeSeal, KEM_ENCAPSULATION_LENGTH, randomBytes } from "../primitives/index.ts";
import { nameProblem } from "../volume/content/index.ts";
import { RequestItemError } from "./errors.ts";
import type { RequestAddress } from "./request-url.ts";

/** Bytes of UTF-8, and how deep a folder may be. */
export const ITEM_LIMITS = {
  pathBytes: 4_096,
  pathNames: 64,
  senderBytes: 200,
  noteBytes: 2_000,
  mediaTypeBytes: 255,
} as const;

const MAGIC = utf8Encode("EXQ3");
const KEY_LENGTH = 32;
const SEALED_KEY_LENGTH = KEY_LENGTH + 16;
const SENDING_LENGTH = KEM_ENCAPSULATION_LENGTH + SEALED_KEY_LENGTH;
const NONE = new Uint8Array(0);

/** What a sender says of one uploaded object (spec/requests.md §3). Nobody vouches for any of it. */
export interface ItemDescription {
  readonly objectId: Uint8Array;
  readonly fileKey: Uint8Array;
  readonly root: Uint8Array;
  readonly ciphertextLength: number;
  readonly sizeBytes: number;
  /** Folders and the file's name, each a name that a drive may hold. */
  readonly path: readonly string[];
  /** The same for all items of one sending, 32 bytes. */
  readonly receiptKey: Uint8Array;
  /** May be negative: before 1970. */
  readonly modifiedMs: number;
  readonly mediaType: string;
  /** As the sender calls himself. */
  readonly sender?: string;
  readonly note?: string;
}

/** One key for all descriptions of a sender, sealed once: an inbox of a thousand items costs few decapsulations. */
export interface Sending {
  readonly key: Uint8Array;
  /** enc1120 ‖ the sealed key. */
  readonly sealedKey: Uint8Array;
}

type Place = Pick<RequestAddress, "requestId" | "keyHash">;

/** `publicKey`: the request's, after requireRequestKey. */
export async function createSending(place: Place, publicKey: Uint8Array): Promise<Sending> {
  const key = randomBytes(KEY_LENGTH);
  const { enc, ciphertext } = await hpkeSeal({
    recipientPublicKey: publicKey,
    info: infoOf(place),
    aad: NONE,
    plaintext: key,
  });
  return { key, sealedKey: concatBytes(enc, ciphertext) };
}

/** "EXQ3" ‖ enc1120 ‖ sealed key48 ‖ an object of kind 8. Throws FormatError for a description that nobody could take. */
export async function sealItem(sending: Sending, item: ItemDescription): Promise<Bytes> {
  const plaintext = encodeCbor(
    cborFields({
      1: item.objectId,
      2: item.fileKey,
      3: item.root,
      4: item.ciphertextLength,
      5: item.sizeBytes,
      6: [...item.path],
      7: item.receiptKey,
      8: item.modifiedMs,
      9: item.mediaType,
      10: item.sender,
      11: item.note,
    }),
  );
  decode(plaintext);
  const { bytes } = await sealObject({ key: sending.key, kind: EXEF_KIND.requestItem, plaintext });
  return concatBytes(MAGIC, sending.sealedKey, bytes);
}

/** The part of a record by which items of one sending know each other. Throws RequestItemError. */
export function sendingOf(record: Uint8Array): Uint8Array {
  const reader = new ByteReader(record, "request item");
  try {
    if (!equalBytes(reader.bytes(MAGIC.length), MAGIC)) throw new FormatError("That is no item of an upload request.");
    return reader.bytes(SENDING_LENGTH);
  } catch (cause) {
    throw cause instanceof FormatError ? new RequestItemError({ cause }) : cause;
  }
}

/** The key that a sender sealed. Throws RequestItemError. */
export async function openSending(place: Place, sealingSeed: Uint8Array, sealedKey: Uint8Array): Promise<Uint8Array> {
  try {
    const key = await hpkeOpen({
      recipientSeed: sealingSeed,
      enc: sealedKey.subarray(0, KEM_ENCAPSULATION_LENGTH),
      info: infoOf(place),
      aad: NONE,
      ciphertext: sealedKey.subarray(KEM_ENCAPSULATION_LENGTH),
    });
    if (key.length !== KEY_LENGTH || isAllZero(key)) throw new FormatError("A sending's key has 32 bytes.");
    return key;
  } catch (cause) {
    throw isBroken(cause) ? new RequestItemError({ cause }) : cause;
  }
}

export interface OpenItemOptions {
  readonly record: Uint8Array;
  /** Of `openSending`. */
  readonly key: Uint8Array;
  /** What the server says that the record describes. */
  readonly objectId: Uint8Array;
}

/** Throws RequestItemError, whatever is wrong with it. */
export async function openItem({ record, key, objectId }: OpenItemOptions): Promise<ItemDescription> {
  try {
    const bytes = record.subarray(MAGIC.length + sendingOf(record).length);
    const item = decode(await openObject({ key, kind: EXEF_KIND.requestItem, bytes }));
    if (!equalBytes(item.objectId, objectId)) throw new IntegrityError("The description is of another object.");
    return item;
  } catch (cause) {
    throw isBroken(cause) ? new RequestItemError({ cause }) : cause;
  }
}

function isBroken(error: unknown): boolean {
  const kinds = [IntegrityError, FormatError, UnsupportedError, WeakKeyError];
  return kinds.some((kind) => error instanceof kind);
}

function decode(plaintext: Uint8Array): ItemDescription {
  const fields = new CborFields(decodeCbor(plaintext), "request item");
  const item: ItemDescription = {
    objectId: fields.bytes(1, 16),
    fileKey: secret(fields.bytes(2, KEY_LENGTH)),
    root: fields.bytes(3, 32),
    ciphertextLength: fields.uint(4),
    sizeBytes: fields.uint(5),
    path: pathOf(fields.array(6)),
    receiptKey: secret(fields.bytes(7, KEY_LENGTH)),
    modifiedMs: fields.int(8),
    mediaType: limited(fields.text(9), ITEM_LIMITS.mediaTypeBytes),
    ...(fields.has(10) && { sender: limited(fields.text(10), ITEM_LIMITS.senderBytes) }),
    ...(fields.has(11) && { note: limited(fields.text(11), ITEM_LIMITS.noteBytes) }),
  };
  fields.finish();
  const isPossible = isPossibleCiphertextLength(item.ciphertextLength);
  if (!isPossible || ciphertextLength(item.sizeBytes) !== item.ciphertextLength)
    throw new FormatError("The item's lengths do not belong together.");
  return item;
}

function pathOf(values: readonly CborValue[]): string[] {
  const path = values.map((name) => {
    if (typeof name !== "string" || nameProblem(name) !== undefined)
      throw new FormatError("The item has a broken name.");
    return name;
  });
  const isLong = path.length > ITEM_LIMITS.pathNames || utf8Encode(path.join("/")).length > ITEM_LIMITS.pathBytes;
  if (path.length === 0 || isLong) throw new FormatError("The item's path is empty or too long.");
  return path;
}

function limited(text: string, limitBytes: number): string {
  if (utf8Encode(text).length > limitBytes) throw new FormatError("A text of the item is too long.");
  return text;
}

function secret(key: Uint8Array): Uint8Array {
  if (isAllZero(key)) throw new WeakKeyError("A key of zero bytes was refused. Nothing was sealed or opened with it.");
  return key;
}

/** "excalibur/v3/request" ‖ 00 ‖ requestId16 ‖ keyHash32. */
function infoOf({ requestId, keyHash }: Place): Bytes {
  if (requestId.length !== 16 || keyHash.length !== 32) throw new FormatError("The upload request's id is broken.");
  return sealInfo("request", requestId, keyHash);
}
