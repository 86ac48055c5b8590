import { ExcaliburError } from "@excalibur/core/bytes";

/** A file of this device cannot be read any more: moved, deleted or changed since it was picked. Pick it again. */
export class LocalFileError extends ExcaliburError {
  constructor(options: { readonly cause?: unknown } = {}) {
    super(
      "local_unreadable",
      "The file on this device cannot be read any more: it was changed, moved or deleted since it was chosen. Nothing on the drive changed; choose it again.",
      options,
    );
  }
}
