import { cancelUpload } from "@excalibur/core/protocol";
import { writeEndpoint } from "../endpoint.ts";
import { objectCaller } from "../objects/object-caller.ts";
import { uploadDoor } from "./upload-door.ts";

export const cancelUploadEndpoint = writeEndpoint(cancelUpload, async (call, services) => {
  await uploadDoor(call.session, services).cancelUpload(objectCaller(call), call.transact);
  return undefined;
});
