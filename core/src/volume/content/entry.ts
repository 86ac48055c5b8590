import { type CborMap, compareBytes, FormatError, isAllZero, utf8Encode, WeakKeyError } from "../../bytes/index.ts";
import { ciphertextLength, isPossibleCiphertextLength } from "../../exef/public/index.ts";
import { cborLength } from "./cbor-length.ts";
import { Fields, preservedKeys, withPreserved } from "./fields.ts";
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
  readonly preserved?: CborMap;
}

export interface FileContent extends ObjectPointer {
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly thumbnail?: ObjectPointer & { readonly preserved?: CborMap };
  /** Earlier versions, newest first; at most 10. */
  readonly versions: readonly FileVersion[];
  readonly preserved?: CborMap;
}

export interface Mount {
  readonly volumeId: Uint8Array;
  readonly genesisCommitHash: Uint8Array;
  readonly preserved?: CborMap;
}

export interface Trashed {
  readonly atMs: number;
  readonly fromNodeId: Uint8Array;
  readonly preserved?: CborMap;
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
  readonly preserved?: CborMap;
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
  const map: CborMap = new Map<number, never>();
  map.set(1, entry.childId);
  map.set(2, entry.type);
  map.set(3, entry.name);
  map.set(4, entry.createdMs);
  map.set(5, entry.modifiedMs);
  map.set(6, entry.addedBy);
  if (entry.file) map.set(7, encodeFile(entry.file));
  if (entry.mount) {
    map.set(
      8,
      withPreserved(
        [
          [1, entry.mount.volumeId],
          [2, entry.mount.genesisCommitHash],
        ],
        entry.mount.preserved,
      ),
    );
  }
  if (entry.trashed) {
    map.set(
      9,
      withPreserved(
        [
          [1, entry.trashed.atMs],
          [2, entry.trashed.fromNodeId],
        ],
        entry.trashed.preserved,
      ),
    );
  }
  for (const [key, value] of entry.preserved ?? []) map.set(key, value);
  return map;
}

/** Throws FormatError or WeakKeyError. */
export function decodeEntry(map: CborMap): Entry {
  if (cborLength(map) > ENTRY_LIMIT_BYTES) throw new FormatError("An entry is larger than 8 KiB.");
  const fields = new Fields(map, "entry");
  const type = fields.uint(2);
  const known = type <= ENTRY_TYPE.mount;
  const own = [1, 2, 3, 4, 5, 6, 9];
  if (type === ENTRY_TYPE.file) own.push(7);
  if (type === ENTRY_TYPE.mount) own.push(8);
  if (known) fields.refuseOthersThan(own);
  const name = fields.text(3);
  if (utf8Encode(name).length > NAME_LIMIT_BYTES) throw new FormatError("An entry's name is longer than 1024 bytes.");
  const preserved = known ? preservedKeys(map) : otherKeys(map, own);
  return {
    childId: fields.bytes(1, 16),
    type,
    name,
    createdMs: fields.uint(4),
    modifiedMs: fields.int(5),
    addedBy: fields.bytes(6, 16),
    ...(type === ENTRY_TYPE.file && { file: decodeFile(fields.map(7)) }),
    ...(type === ENTRY_TYPE.mount && { mount: decodeMount(fields.map(8)) }),
    ...(map.has(9) && { trashed: decodeTrashed(fields.map(9)) }),
    ...(preserved.size > 0 && { preserved }),
  };
}

/** Every object an entry lists: the file, its thumbnail, its earlier versions. */
export function* listedObjects(entry: Entry): Generator<Uint8Array> {
  if (!entry.file) return;
  yield entry.file.objectId;
  if (entry.file.thumbnail) yield entry.file.thumbnail.objectId;
  for (const version of entry.file.versions) yield version.objectId;
}

function otherKeys(map: CborMap, own: readonly number[]): CborMap {
  return new Map([...map].filter(([key]) => typeof key !== "number" || !own.includes(key)));
}

function encodeFile(file: FileContent): CborMap {
  const { thumbnail, versions } = file;
  const map = withPreserved([...pointer(file), [5, file.sizeBytes], [6, file.mediaType]], file.preserved);
  if (thumbnail) map.set(7, withPreserved(pointer(thumbnail), thumbnail.preserved));
  if (versions.length > 0) {
    map.set(
      8,
      versions.map((version) =>
        withPreserved(
          [...pointer(version), [5, version.sizeBytes], [6, version.modifiedMs], [7, version.replacedMs]],
          version.preserved,
        ),
      ),
    );
  }
  return map;
}

function pointer({
  objectId,
  fileKey,
  root,
  ciphertextLength: length,
}: ObjectPointer): [number, Uint8Array | number][] {
  return [
    [1, objectId],
    [2, fileKey],
    [3, root],
    [4, length],
  ];
}

function decodePointer(fields: Fields): ObjectPointer {
  const fileKey = fields.bytes(2, 32);
  if (isAllZero(fileKey)) {
    throw new WeakKeyError("A file's key is all zero, which offers no protection. It was not used.");
  }
  return { objectId: fields.bytes(1, 16), fileKey, root: fields.bytes(3, 32), ciphertextLength: fields.uint(4) };
}

function decodeFile(map: CborMap): FileContent {
  const fields = new Fields(map, "file");
  fields.refuseOthersThan([1, 2, 3, 4, 5, 6, 7, 8]);
  const object = decodePointer(fields);
  const sizeBytes = fields.uint(5);
  requireLength(object.ciphertextLength, sizeBytes);
  const mediaType = fields.text(6);
  if (utf8Encode(mediaType).length > MEDIA_TYPE_LIMIT_BYTES) throw new FormatError("A media type is too long.");
  const preserved = preservedKeys(map);
  return {
    ...object,
    sizeBytes,
    mediaType,
    ...(map.has(7) && { thumbnail: decodeThumbnail(fields.map(7)) }),
    versions: map.has(8) ? decodeVersions(fields) : [],
    ...(preserved.size > 0 && { preserved }),
  };
}

function decodeThumbnail(map: CborMap): NonNullable<FileContent["thumbnail"]> {
  const fields = new Fields(map, "thumbnail");
  fields.refuseOthersThan([1, 2, 3, 4]);
  const object = decodePointer(fields);
  if (!isPossibleCiphertextLength(object.ciphertextLength))
    throw new FormatError("A thumbnail's length is impossible.");
  const preserved = preservedKeys(map);
  return { ...object, ...(preserved.size > 0 && { preserved }) };
}

function decodeVersions(file: Fields): FileVersion[] {
  const versions = file.maps(8);
  if (versions.length === 0 || versions.length > VERSIONS_LIMIT) {
    throw new FormatError("A file lists no or too many earlier versions.");
  }
  return versions.map((map) => {
    const fields = new Fields(map, "version");
    fields.refuseOthersThan([1, 2, 3, 4, 5, 6, 7]);
    const object = decodePointer(fields);
    const sizeBytes = fields.uint(5);
    requireLength(object.ciphertextLength, sizeBytes);
    const preserved = preservedKeys(map);
    return {
      ...object,
      sizeBytes,
      modifiedMs: fields.int(6),
      replacedMs: fields.uint(7),
      ...(preserved.size > 0 && { preserved }),
    };
  });
}

function requireLength(length: number, sizeBytes: number): void {
  let expected: number | undefined;
  try {
    expected = ciphertextLength(sizeBytes);
  } catch (cause) {
    throw new FormatError("A file's size is impossible.", { cause });
  }
  if (length !== expected) throw new FormatError("A file's size and the length of its object disagree.");
}

function decodeMount(map: CborMap): Mount {
  const fields = new Fields(map, "mount");
  fields.refuseOthersThan([1, 2]);
  const preserved = preservedKeys(map);
  return {
    volumeId: fields.bytes(1, 16),
    genesisCommitHash: fields.bytes(2, 32),
    ...(preserved.size > 0 && { preserved }),
  };
}

function decodeTrashed(map: CborMap): Trashed {
  const fields = new Fields(map, "trashed");
  fields.refuseOthersThan([1, 2]);
  const preserved = preservedKeys(map);
  return { atMs: fields.uint(1), fromNodeId: fields.bytes(2, 16), ...(preserved.size > 0 && { preserved }) };
}
