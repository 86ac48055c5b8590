import { cancelUpload } from "@excalibur/core/protocol";
import { writeEndpoint } from "../endpoint.ts";
import { objectCaller } from "../objects/object-caller.ts";

export const cancelUploadEndpoint = writeEndpoint(cancelUpload, async (call, { uploads }) => {
  await uploads.cancelUpload(objectCaller(call), call.transact);
  return undefined;
});
