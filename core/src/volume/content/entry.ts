import {
  type CborKey,
  type CborMap,
  type CborValue,
  compareBytes,
  FormatError,
  isAllZero,
  utf8Length,
  WeakKeyError,
} from "../../bytes/index.ts";
import { ciphertextLength, isPossibleCiphertextLength } from "../../exef/public/index.ts";
import { type CborExtras, CborFields, cborFields } from "../../keys/index.ts";
import { cborLength } from "./cbor-length.ts";
import { NAME_LIMIT_BYTES } from "./names.ts";

export const ENTRY_LIMIT_BYTES = 8192;
export const VERSIONS_LIMIT = 10;
const MEDIA_TYPE_LIMIT_BYTES = 255;

export const ENTRY_TYPE = { folder: 0, file: 1, mount: 2 } as const;

/** An encrypted object as an entry names it: where it is, its key, its root, its length. */
export interface ObjectPointer {
  /** 16 bytes. */
  readonly objectId: Uint8Array;
  /** FK, 32 random bytes. */
  readonly fileKey: Uint8Array;
  readonly root: Uint8Array;
  readonly ciphertextLength: number;
}

export interface FileVersion extends ObjectPointer {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** When the next version took its place. */
  readonly replacedMs: number;
  readonly preserved?: CborExtras;
}

export interface FileContent extends ObjectPointer {
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly thumbnail?: ObjectPointer & { readonly preserved?: CborExtras };
  /** Earlier versions, newest first; at most 10. */
  readonly versions: readonly FileVersion[];
  readonly preserved?: CborExtras;
}

export interface Mount {
  readonly volumeId: Uint8Array;
  readonly genesisCommitHash: Uint8Array;
  /** It stands for the one file in the volume, and not for a folder. */
  readonly singleFile?: true;
  readonly preserved?: CborExtras;
}

export interface Trashed {
  readonly atMs: number;
  readonly fromNodeId: Uint8Array;
  readonly preserved?: CborExtras;
}

/** One line of a folder (docs/spec/volumes.md §3). */
export interface Entry {
  /** Identity inside the volume, 16 bytes; for a folder also its nodeId. */
  readonly childId: Uint8Array;
  /** One of ENTRY_TYPE, or a number of a newer version of the format. */
  readonly type: number;
  readonly name: string;
  readonly createdMs: number;
  /** May be negative. */
  readonly modifiedMs: number;
  /** subjectId of the member who added it; information only. */
  readonly addedBy: Uint8Array;
  readonly file?: FileContent;
  readonly mount?: Mount;
  /** Means something in the trash folder only. */
  readonly trashed?: Trashed;
  /** Keys this version does not know, carried over unread. */
  readonly preserved?: ReadonlyMap<CborKey, CborValue>;
}

/** Whether this program understands the entry's type; others are listed as "needs a newer version". */
export function isKnownType(entry: Entry): boolean {
  return entry.type <= ENTRY_TYPE.mount;
}

export function compareEntries(a: Entry, b: Entry): number {
  return compareBytes(a.childId, b.childId);
}

/** The entry as a CBOR map. What no reader would accept is found when its page is decoded again before it is sent. */
export function encodeEntry(entry: Entry): CborMap {
  const map = cborFields({
    1: entry.childId,
    2: entry.type,
    3: entry.name,
    4: entry.createdMs,
    5: entry.modifiedMs,
    6: entry.addedBy,
    7: entry.file && encodeFile(entry.file),
    8: entry.mount && encodeMount(entry.mount),
    9: entry.trashed && encodeTrashed(entry.trashed),
  });
  for (const [key, value] of entry.preserved ?? []) {
    if (map.has(key)) throw new FormatError("A preserved field of an entry stands where a known one does.");
    map.set(key, value);
  }
  return map;
}

/** Throws FormatError or WeakKeyError. */
export function decodeEntry(value: CborValue): Entry {
  const fields = new CborFields(value, "entry");
  if (cborLength(value) > ENTRY_LIMIT_BYTES) throw new FormatError("An entry is larger than 8 KiB.");
  const type = fields.uint(2);
  const name = fields.text(3);
  if (utf8Length(name) > NAME_LIMIT_BYTES) throw new FormatError("An entry's name is longer than 1024 bytes.");
  const entry = {
    childId: fields.bytes(1, 16),
    type,
    name,
    createdMs: fields.uint(4),
    modifiedMs: fields.int(5),
    addedBy: fields.bytes(6, 16),
    ...(type === ENTRY_TYPE.file && { file: decodeFile(fields.fields(7, "file")) }),
    ...(type === ENTRY_TYPE.mount && { mount: decodeMount(fields.fields(8, "mount")) }),
    ...(fields.has(9) && { trashed: decodeTrashed(fields.fields(9, "trashed")) }),
  };
  // A type this version does not know may use any other key for what it needs.
  return withPreserved(entry, type <= ENTRY_TYPE.mount ? fields.finish() : fields.unread());
}

/** Every object an entry lists: the file, its thumbnail, its earlier versions. */
export function* listedObjects(entry: Entry): Generator<Uint8Array> {
  if (!entry.file) return;
  yield entry.file.objectId;
  if (entry.file.thumbnail) yield entry.file.thumbnail.objectId;
  for (const version of entry.file.versions) yield version.objectId;
}

/** The value, with the keys of a newer version if there are any. */
export function withPreserved<T extends object, K extends CborKey>(
  value: T,
  preserved: ReadonlyMap<K, CborValue>,
): T & { preserved?: ReadonlyMap<K, CborValue> } {
  return preserved.size === 0 ? value : { ...value, preserved };
}

function encodeFile(file: FileContent): CborMap {
  return cborFields(
    {
      ...pointer(file),
      5: file.sizeBytes,
      6: file.mediaType,
      7: file.thumbnail && cborFields(pointer(file.thumbnail), file.thumbnail.preserved),
      8: file.versions.length === 0 ? undefined : file.versions.map(encodeVersion),
    },
    file.preserved,
  );
}

function encodeVersion(version: FileVersion): CborMap {
  const { sizeBytes, modifiedMs, replacedMs, preserved } = version;
  return cborFields({ ...pointer(version), 5: sizeBytes, 6: modifiedMs, 7: replacedMs }, preserved);
}

function encodeMount({ volumeId, genesisCommitHash, singleFile, preserved }: Mount): CborMap {
  return cborFields({ 1: volumeId, 2: genesisCommitHash, 3: singleFile && ENTRY_TYPE.file }, preserved);
}

function encodeTrashed({ atMs, fromNodeId, preserved }: Trashed): CborMap {
  return cborFields({ 1: atMs, 2: fromNodeId }, preserved);
}

function pointer(object: ObjectPointer): Record<number, CborValue> {
  return { 1: object.objectId, 2: object.fileKey, 3: object.root, 4: object.ciphertextLength };
}

function decodePointer(fields: CborFields): ObjectPointer {
  const fileKey = fields.bytes(2, 32);
  if (isAllZero(fileKey)) {
    throw new WeakKeyError("A file's key is all zero, which offers no protection. It was not used.");
  }
  return { objectId: fields.bytes(1, 16), fileKey, root: fields.bytes(3, 32), ciphertextLength: fields.uint(4) };
}

/** An object and the length of what is in it, which must agree. */
function decodeSized(fields: CborFields): ObjectPointer & { sizeBytes: number } {
  const object = decodePointer(fields);
  const sizeBytes = fields.uint(5);
  // ciphertextLength refuses sizes that no object has, with a FormatError of its own.
  if (object.ciphertextLength !== ciphertextLength(sizeBytes)) {
    throw new FormatError("A file's size and the length of its object disagree.");
  }
  return { ...object, sizeBytes };
}

function decodeFile(fields: CborFields): FileContent {
  const mediaType = fields.text(6);
  if (utf8Length(mediaType) > MEDIA_TYPE_LIMIT_BYTES) throw new FormatError("A media type is too long.");
  const file = {
    ...decodeSized(fields),
    mediaType,
    ...(fields.has(7) && { thumbnail: decodeThumbnail(fields.fields(7, "thumbnail")) }),
    versions: fields.has(8) ? decodeVersions(fields.array(8)) : [],
  };
  return withPreserved(file, fields.finish());
}

function decodeThumbnail(fields: CborFields): NonNullable<FileContent["thumbnail"]> {
  const object = decodePointer(fields);
  if (!isPossibleCiphertextLength(object.ciphertextLength)) {
    throw new FormatError("A thumbnail's length is impossible.");
  }
  return withPreserved(object, fields.finish());
}

function decodeVersions(values: readonly CborValue[]): FileVersion[] {
  if (values.length === 0 || values.length > VERSIONS_LIMIT) {
    throw new FormatError("A file lists no or too many earlier versions.");
  }
  return values.map((value) => {
    const fields = new CborFields(value, "version");
    const version = { ...decodeSized(fields), modifiedMs: fields.int(6), replacedMs: fields.uint(7) };
    return withPreserved(version, fields.finish());
  });
}

function decodeMount(fields: CborFields): Mount {
  const mount = {
    volumeId: fields.bytes(1, 16),
    genesisCommitHash: fields.bytes(2, 32),
    ...readSingleFile(fields),
  };
  return withPreserved(mount, fields.finish());
}

/** Key 3 of a mount, and of the root's attributes: the type of the one thing that was shared, of which there is one kind. */
export function readSingleFile(fields: CborFields): { readonly singleFile?: true } {
  if (!fields.has(3)) return {};
  if (fields.uint(3) !== ENTRY_TYPE.file) throw new FormatError("Something is shared alone that is no file.");
  return { singleFile: true };
}

function decodeTrashed(fields: CborFields): Trashed {
  const trashed = { atMs: fields.uint(1), fromNodeId: fields.bytes(2, 16) };
  return withPreserved(trashed, fields.finish());
}
