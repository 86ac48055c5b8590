import { ExcaliburError, type ExcaliburErrorOptions } from "@excalibur/core/bytes";

/** No room (or no disk quota) for the bytes. Nothing was acknowledged; what was stored earlier is safe. Free space, then retry. */
export class StorageFullError extends ExcaliburError {
  constructor(options: ExcaliburErrorOptions = {}) {
    super(
      "storage_full",
      "The server's disk is full, so this was not stored. Everything stored earlier is safe. Free some space on the server and try again.",
      options,
    );
  }
}

/** The data folder cannot be written. Reading goes on working. The operator must mount it writable or fix its owner. */
export class StorageReadOnlyError extends ExcaliburError {
  constructor(options: ExcaliburErrorOptions = {}) {
    super(
      "storage_read_only",
      "The server may not write to its data folder, so this was not stored. Everything stored earlier is safe. Check that the folder is mounted writable and belongs to the server's user.",
      options,
    );
  }
}

/** The disk refused for another reason, or a sync failed. The operation must be treated as not done; begin it afresh. */
export class StorageFailedError extends ExcaliburError {
  constructor(detail: string, options: ExcaliburErrorOptions = {}) {
    super(
      "storage_failed",
      `The server's disk failed: ${detail}. This was not stored; what was acknowledged earlier stays where it is. Try again, and check the disk if it happens again.`,
      options,
    );
  }
}

/** A row says that the object is here, but it is not. Read it from a replica or restore it from a backup; never delete the row for this. */
export class BlobMissingError extends ExcaliburError {
  constructor(id: string, options: ExcaliburErrorOptions = {}) {
    super(
      "blob_missing",
      "The stored bytes of this object are not where they should be. Other objects are not concerned. Restore the object from a replica or a backup.",
      { ...options, details: { id, ...options.details } },
    );
  }
}

/** The object's bytes are shorter than recorded or the disk cannot read them. Take them from a replica or a backup. */
export class BlobDamagedError extends ExcaliburError {
  constructor(id: string, detail: string, options: ExcaliburErrorOptions = {}) {
    super(
      "blob_damaged",
      `The stored bytes of this object are damaged: ${detail}. Other objects are not concerned. Restore the object from a replica or a backup.`,
      { ...options, details: { id, ...options.details } },
    );
  }
}

/** A write to an object that is already sealed. The sealed bytes are untouched: complete the upload, do not send parts again. */
export class BlobSealedError extends ExcaliburError {
  constructor(id: string) {
    super("blob_sealed", "This object is already stored whole and cannot change any more. Complete the upload.", {
      details: { id },
    });
  }
}
