/**
 * Sealing and opening of file contents, possibly on other threads. Buffers are lent: what is handed over in a job may be
 * detached afterwards, what comes back belongs to the caller until it is recycled.
 */

/** 1 content, 2 thumbnail (spec/exef.md). */
export type ContentKind = 1 | 2;

/** An object as its writer knows it. */
export interface ObjectSeal {
  readonly fileKey: Uint8Array;
  readonly objectId: Uint8Array;
  /** FLOE IV, 32 random bytes, drawn once per object. */
  readonly iv: Uint8Array;
  readonly kind: ContentKind;
  /** Real length of the whole plaintext in bytes. */
  readonly sizeBytes: number;
}

export interface SealPartJob extends ObjectSeal {
  /** Part number: segments 16·part … 16·part+15. */
  readonly part: number;
  /** Exactly the bytes of the file that lie in this part (`plaintextRangeOfPart` of core's sealer says which). Ownership passes to the sealer. */
  readonly source: Uint8Array;
}

export interface SealedPart {
  /** What travels: for part 0 the 106-byte header first, then the segments. Give it back with `recycle`. */
  readonly bytes: Uint8Array;
  /** 32 bytes a segment. */
  readonly leaves: Uint8Array;
}

/** A new object of data that was in memory. */
export interface SealedWhole {
  readonly fileKey: Uint8Array;
  readonly objectId: Uint8Array;
  readonly root: Uint8Array;
  /** The whole object, alone in its memory. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface OpenSegmentsJob {
  readonly fileKey: Uint8Array;
  readonly objectId: Uint8Array;
  readonly kind: ContentKind;
  /** The object's 106-byte header. Its tag is checked. */
  readonly header: Uint8Array;
  /** Of the whole object; decides which segment is the last. */
  readonly ciphertextLength: number;
  /** Real length of the whole plaintext, as the entry says. */
  readonly sizeBytes: number;
  readonly firstSegment: number;
  /** Whole segments, one after the other. Ownership passes to the sealer. */
  readonly segments: Uint8Array;
  /** The leaves of exactly these segments, proven to belong to the entry's root. Without them only the tags are checked. */
  readonly leaves?: Uint8Array;
}

export interface OpenedSegments {
  /** The bytes of the file in these segments, every leaf and tag verified. Give it back with `recycle`. */
  readonly data: Uint8Array;
}

/** A small object of kind 1 as its entry knows it, somewhere among others. */
export interface ObjectAmongOthers {
  readonly fileKey: Uint8Array;
  readonly objectId: Uint8Array;
  readonly root: Uint8Array;
  readonly ciphertextLength: number;
  readonly sizeBytes: number;
  /** Where it begins in the job's `bytes`. */
  readonly start: number;
}

/** Both buffers stay the caller's, who leaves them alone until the job is done. */
export interface OpenObjectsJob {
  readonly objects: readonly ObjectAmongOthers[];
  readonly bytes: Uint8Array;
  /** Where the data goes, as long as `bytes`: whatever is in it afterwards, only the views that are answered are verified. */
  readonly into: Uint8Array;
}

/** One for each object: its data as a view of `into`, root and every tag verified, or the typed integrity error. */
export type OpenedObject = { readonly data: Uint8Array } | { readonly error: unknown };

export interface SealerPort {
  /** How many jobs may usefully be under way at once. */
  readonly concurrency: number;
  /** A buffer of exactly this length, possibly used before: its contents are arbitrary. */
  buffer(sizeBytes: number): Uint8Array;
  /** Gives a buffer back for another use. Only for buffers that nobody looks at any more. */
  recycle(buffer: Uint8Array): void;
  /** Throws SourceChangedError when `source` has another length than the part asks for. */
  sealPart(job: SealPartJob): Promise<SealedPart>;
  /** Throws the typed integrity errors of core/exef; then nothing of these segments is released. */
  openSegments(job: OpenSegmentsJob): Promise<OpenedSegments>;
  /** Small objects, many at a time; the failure of one is its own. */
  openObjects(job: OpenObjectsJob): Promise<OpenedObject[]>;
  close(): Promise<void>;
}
