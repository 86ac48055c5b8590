import { getUpload } from "@excalibur/core/protocol";
import { readEndpoint } from "../endpoint.ts";
import { objectCaller } from "../objects/object-caller.ts";
import { presentUpload } from "./present-upload.ts";
import { uploadDoor } from "./upload-door.ts";

export const getUploadEndpoint = readEndpoint(getUpload, async (call, services) =>
  presentUpload(await uploadDoor(call.session, services).getUpload(objectCaller(call))),
);
