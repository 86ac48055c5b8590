import type { Endpoint } from "../endpoint.ts";
import { cancelUploadEndpoint } from "./cancel-upload.ts";
import { completeUploadEndpoint } from "./complete-upload.ts";
import { createUploadEndpoint } from "./create-upload.ts";
import { getUploadEndpoint } from "./get-upload.ts";
import { putPartEndpoint } from "./put-part.ts";

export const uploadsEndpoints: readonly Endpoint[] = [
  createUploadEndpoint,
  getUploadEndpoint,
  putPartEndpoint,
  completeUploadEndpoint,
  cancelUploadEndpoint,
];
