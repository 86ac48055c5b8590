/** The only file of this room that touches keys and formats. */

import { concatBytes, IntegrityError } from "@excalibur/core/bytes";
import {
  type ByteRange,
  EXEF_HEADER_SIZE,
  EXEF_KIND,
  segmentCount,
  segmentRange,
  segmentsOfData,
  verifyRange,
} from "@excalibur/core/exef/public";
import type { FileContent } from "../volumes/index.ts";

export { EXEF_HEADER_SIZE, EXEF_KIND, segmentCount, segmentRange, segmentsOfData };

/** Leaves of the segments, one after the other, proven to belong to the entry's root together with the header. */
export function provenLeaves(
  file: FileContent,
  {
    header,
    proof,
    from,
    to,
  }: { readonly header: Uint8Array; readonly proof: Uint8Array; readonly from: number; readonly to: number },
): Uint8Array {
  const { root, ciphertextLength } = file;
  return concatBytes(...verifyRange({ proof, from, to, header, ciphertextLength, root }));
}

/** Where the data of the segments first … end - 1 lies in the file. */
export function dataOfSegments({ start, end }: ByteRange, sizeBytes: number): ByteRange {
  const PAYLOAD = 262_112;
  const offset = (index: number) => Math.min(Math.max(0, index * PAYLOAD - 8), sizeBytes);
  return { start: offset(start), end: offset(end) };
}

/** The server's object is not of the length that the entry states. */
export function wrongLength(): IntegrityError {
  return new IntegrityError(
    "The server's copy of this file is not the one the drive lists: it has another length. Nothing of it was used; keep any other copy and tell the person who runs the server.",
    { code: "object_wrong_length" },
  );
}
