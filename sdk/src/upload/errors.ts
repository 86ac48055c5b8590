import { ExcaliburError } from "@excalibur/core/bytes";

/** The local file is not what it was when its upload began. Nothing of it was listed on the drive; put it again. */
export class FileChangedError extends ExcaliburError {
  constructor(options: { readonly cause?: unknown } = {}) {
    super(
      "file_changed",
      "The file changed while it was being read, so it was not stored. Nothing on the drive changed; put it again when nobody is writing to it.",
      options,
    );
  }
}

/** What the server says it stored is not what was sent. Nothing was listed; the upload starts again from the beginning next time. */
export class UploadMismatchError extends ExcaliburError {
  constructor() {
    super(
      "upload_mismatch",
      "The server's copy of the file is not what was sent, so it was not listed on the drive. Your local file is untouched; put it again, and tell the person who runs the server if it happens again.",
    );
  }
}

/** The server confirmed the file and then could not give back what was sent. `cause` says in which way. Nothing was listed; keep the local file and put it again. */
export class ReadBackError extends ExcaliburError {
  constructor(options: { readonly cause: unknown }) {
    super(
      "read_back_failed",
      "The server said that it has the file, but what it gave back is not what was sent, so the file was not listed on the drive. Your local file is untouched: keep it, put it again, and tell the person who runs the server.",
      options,
    );
  }
}

/** The server refused one object of a batch. */
export class ObjectRefusedError extends ExcaliburError {
  constructor(code: string) {
    const sentence =
      code === "quota_exceeded"
        ? "This file does not fit in the account's quota. It was not stored; free some space or ask for more."
        : code === "storage_full"
          ? "The server's disk is full. This file was not stored; ask the person who runs the server."
          : "The server did not take this file, and nothing on the drive changed. Put it again.";
    super(code, sentence);
  }
}
