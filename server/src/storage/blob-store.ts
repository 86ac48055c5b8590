/**
 * Where ciphertext lies. The interface is small so that replicas, other stores, metering and faults can wrap it.
 * Objects never change once stored; a store knows ids, locations and bytes and nothing of their meaning.
 */

export {
  BlobDamagedError,
  BlobMissingError,
  BlobSealedError,
  StorageFailedError,
  StorageFullError,
  StorageReadOnlyError,
} from "./blob-errors.ts";

declare const blobLocationBrand: unique symbol;

/** Where an object's bytes lie: opaque to everyone but the store that gave it, kept in the object's row as text. */
export type BlobLocation = string & { readonly [blobLocationBrand]: true };

/** `putSmall` takes objects up to this size; larger ones are staged. */
export const maxSmallBlobBytes = 8 * 1024 * 1024;

export interface SmallBlob {
  /** The objectId: base64url of 16 bytes, 22 characters. */
  readonly id: string;
  /** Must not change until `putSmall` has settled. */
  readonly bytes: Uint8Array;
}

export interface BlobRead {
  readonly id: string;
  readonly location: BlobLocation;
  /** First byte and number of bytes; the range must lie inside the object. */
  readonly offset: number;
  readonly length: number;
  /** Looked at before every chunk. */
  readonly signal?: AbortSignal;
  /**
   * Chunks come from a pool and a chunk is valid only until the next one is asked for (or the loop is left). Much cheaper
   * for large reads, but only for a consumer that is done with a chunk before it asks on: never for `Readable.from`.
   */
  readonly reuseBuffers?: boolean;
}

export type ListedBlob =
  | (ListedBytes & { readonly state: "stored"; readonly location: BlobLocation })
  | (ListedBytes & { readonly state: "staged" });

interface ListedBytes {
  readonly id: string;
  readonly sizeBytes: number;
  /**
   * Not older than the object's last write, in milliseconds since 1970. A sweep leaves young bytes alone: their row may
   * be about to be written.
   */
  readonly modifiedAtMs: number;
}

/** An object in a pack. */
export interface StoredRecord {
  readonly id: string;
  readonly location: BlobLocation;
  readonly sizeBytes: number;
}

export interface PackFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Still being appended to. */
  readonly isGrowing: boolean;
}

export interface PackMove {
  readonly id: string;
  readonly from: BlobLocation;
  readonly to: BlobLocation;
}

export interface RewriteOptions {
  readonly rows: {
    /** For each: whether the object's row means this place. */
    named(records: readonly StoredRecord[]): Promise<readonly boolean[]>;
    /** Points rows that still mean `from` at `to`, durably, in one transaction; for each, whether it did. */
    move(moves: readonly PackMove[]): Promise<readonly boolean[]>;
    /** Whether any row means a place in this pack. */
    anyIn(packName: string): Promise<boolean>;
  };
  /** Called after each group that was read. */
  rest(readBytes: number): Promise<void>;
}

export interface PackRewriting {
  readonly moved: number;
  readonly movedBytes: number;
  /** Objects whose bytes are not what was stored: they, and so the pack, stay. */
  readonly damaged: readonly string[];
  readonly removed: boolean;
}

/** Files that hold many small objects, and of which parts die. */
export interface BlobPacks {
  list(): Promise<PackFile[]>;
  /** In which pack this is and what it takes there; undefined for an object that is a file of its own. */
  placeOf(id: string, location: BlobLocation): { readonly packName: string; readonly takesBytes: number } | undefined;
  /** Copies what rows name out of a pack that does not grow any more, and removes the pack when nothing needs it. */
  rewrite(packName: string, options: RewriteOptions): Promise<PackRewriting>;
}

export interface BlobStore {
  /** Undefined for a store in which every object is by itself. */
  readonly packs: BlobPacks | undefined;

  /**
   * Stores small objects durably, one location each, in order; resolves when all of them survive a power cut.
   * Concurrent calls share syncs. All or nothing is acknowledged; storing an id again gives it a second location.
   * @throws StorageFullError, StorageReadOnlyError, StorageFailedError
   */
  putSmall(objects: readonly SmallBlob[], signal?: AbortSignal): Promise<BlobLocation[]>;

  /**
   * Opens the staging file of a large object, making it when it is not there; idempotent, also after a restart.
   * After a crash between `seal` and the row it finds the object sealed (`sealed` is true).
   */
  openStaged(id: string, sizeBytes: number): Promise<StagedBlob>;

  /**
   * The bytes of a range in chunks of at most 1 MiB, in constant memory. Checks bounds only: leaves are the caller's.
   * @throws BlobMissingError, BlobDamagedError (too short, unreadable), StorageFailedError, the signal's reason
   */
  read(range: BlobRead): AsyncIterable<Uint8Array>;

  /** Gives the bytes up; idempotent. Space comes back at once or later. After a power cut the object may be listed again. */
  delete(blob: { readonly id: string; readonly location: BlobLocation }): Promise<void>;

  /** Removes what is staged under this id and never anything that is stored; left alone while somebody has it open. */
  discardStaged(id: string): Promise<void>;

  /**
   * Moves listed bytes out of the way, to where only a person looks (spec/storage.md "Quarantine"); `shelf` is a name of
   * letters, digits and "-", under which what was moved together is found. They are not listed any more.
   */
  setAside(blob: ListedBlob, shelf: string): Promise<void>;

  /** Everything the store holds, in no order; what changes meanwhile may or may not be listed. For sweeps and checks. */
  list(): AsyncIterable<ListedBlob>;

  /** Bytes that can still be written. */
  freeBytes(): Promise<number>;

  /** Waits for what was accepted, refuses what comes later, closes every file. */
  close(): Promise<void>;
}

export type ByteChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with each chunk once nothing looks at it any more; after a failure perhaps not with all. */
  readonly onDone?: ((chunk: Uint8Array) => void) | undefined;
}

/** A large object that is being written. Nothing is promised about its bytes before `seal` has resolved. */
export interface StagedBlob {
  readonly id: string;
  readonly sizeBytes: number;
  /** Whether the object is already stored whole; then only `readAt`, `seal` and `discard` make sense. */
  readonly sealed: boolean;
  /** Whether the disk lost what was written: nothing works any more, and `openStaged` begins anew. */
  readonly givenUp: boolean;

  /**
   * Writes the chunks one after the other from `offset` on and resolves with the number of bytes written. Chunks are not
   * copied and must stay unchanged until then, or until `onDone` was called with them. Different parts may be written at once; of overlapping writes the last wins.
   * When the chunks throw or exceed the object, some bytes may be written: write the part again.
   * @throws BlobSealedError, RangeError beyond `sizeBytes`, StorageFullError, StorageReadOnlyError, StorageFailedError
   */
  writeAt(offset: number, chunks: ByteChunks, options?: WriteOptions): Promise<number>;

  /** Reads back, for hashing again after a restart. Never-written stretches read as zeros or end the sequence early. */
  readAt(range: Pick<BlobRead, "offset" | "length" | "signal" | "reuseBuffers">): AsyncIterable<Uint8Array>;

  /**
   * Makes the object durable and final: when this resolves it survives a power cut. Idempotent.
   * After a rejection call `openStaged` again and look at what is there: a failed sync gives the staged bytes up.
   * @throws BlobDamagedError when the file is not `sizeBytes` long (staged bytes are kept), StorageFailedError and kin
   */
  seal(): Promise<BlobLocation>;

  /** Removes the staged (or sealed, not yet referenced) bytes. Idempotent. */
  discard(): Promise<void>;
}
