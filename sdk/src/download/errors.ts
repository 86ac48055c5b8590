import { ExcaliburError } from "@excalibur/core/bytes";

/** The server does not have an object that a folder lists. Not a deletion: keep whatever copy there is and tell the person. */
export class ObjectMissingError extends ExcaliburError {
  constructor(options: { readonly cause?: unknown } = {}) {
    super(
      "object_missing",
      "The server does not have this file's contents although the drive lists it. Nothing was deleted here; keep any other copy, try again, and tell the person who runs the server.",
      options,
    );
  }
}
