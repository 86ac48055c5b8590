import { UnsupportedError } from "../../bytes/index.ts";

/** The object is of a version, suite or kind this program does not know. The data is safe: a newer program opens it. */
export class UnsupportedVersionError extends UnsupportedError {
  constructor(what: string, value: number | string) {
    super(`The object has ${what} ${value}, which this program does not know. Update Excalibur to open it.`, {
      code: "exef_unsupported",
      details: { what, value },
    });
  }
}
