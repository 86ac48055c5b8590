import { type Bytes, concatBytes, FormatError, isAllZero, utf8Encode } from "../../bytes/index.ts";
import { EXEF_SEGMENT_SIZE } from "../public/index.ts";
import { KeyWeakError } from "./errors.ts";
import type { FloeParameters } from "./floe.ts";

const FILE_KEY_LENGTH = 32;
const NAME = utf8Encode("excalibur.exef/v3");

/** Suite 1: the only parameters ExEF knows. */
export const EXEF_FLOE: FloeParameters = { segmentSize: EXEF_SEGMENT_SIZE, rotationBits: 20 };

/** What every tag of an object covers: the format, the prelude and the place the object belongs to. */
export function objectAad(prelude: Uint8Array, context: Uint8Array | undefined): Bytes {
  return concatBytes(NAME, prelude, context ?? new Uint8Array(0));
}

export function demandStrongKey(key: Uint8Array): void {
  if (key.length !== FILE_KEY_LENGTH) throw new FormatError(`An object's key has ${FILE_KEY_LENGTH} bytes.`);
  if (isAllZero(key)) throw new KeyWeakError();
}
