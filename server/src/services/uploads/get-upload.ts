import { toBase64Url } from "@excalibur/core/bytes";
import { type ActiveUpload, PART } from "./active-upload.ts";
import { runsOf } from "./part-runs.ts";
import type { UploadsRoom } from "./uploads-room.ts";

export interface UploadState {
  readonly objectId: string;
  readonly ciphertextLength: number;
  /** Part numbers as [first, last] runs. */
  readonly received: [number, number][];
}

export function describeUpload(upload: ActiveUpload): UploadState {
  return {
    objectId: toBase64Url(upload.objectId),
    ciphertextLength: upload.ciphertextLength,
    received: runsOf(upload.partsIn(PART.received)),
  };
}

export interface UploadKey {
  readonly userId: Uint8Array;
  readonly objectId: Uint8Array;
}

/** What of an unfinished upload is there. @throws Refusal `upload_not_found`, `unavailable` while hashing after a restart */
export async function getUpload({ active }: UploadsRoom, { objectId, userId }: UploadKey): Promise<UploadState> {
  return describeUpload(await active.openVerified(objectId, userId));
}
