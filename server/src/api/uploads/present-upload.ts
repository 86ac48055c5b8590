import type { ObjectId } from "@excalibur/core/protocol";
import type { UploadState } from "../../services/uploads/index.ts";

export function presentUpload({ objectId, ciphertextLength, received }: UploadState) {
  return { objectId: objectId as ObjectId, ciphertextLength, received };
}
