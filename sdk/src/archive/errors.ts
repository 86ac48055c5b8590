import { ExcaliburError } from "@excalibur/core/bytes";

/** One item could not be had, so the whole archive was broken off: `cause` says why, and nothing of it is to be used. */
export class ArchiveBrokenError extends ExcaliburError {
  /** From where the archive begins, as the drive names it. */
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(
      "archive_broken",
      `The archive was broken off at ${JSON.stringify(path)}, so that it does not lack it silently. Nothing on the drive was changed; see what is wrong with this item, or archive the others without it.`,
      { cause },
    );
    this.path = path;
  }
}

/** A path that no archive can hold: the folders lie too deep in each other. */
export class PathTooLongError extends ExcaliburError {
  constructor() {
    super(
      "path_too_long",
      "Its folders lie so deep in each other that no ZIP file can name it. It is safe on the drive; move it up, or get its folder by itself.",
    );
  }
}
