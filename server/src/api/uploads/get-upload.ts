import { getUpload } from "@excalibur/core/protocol";
import { readEndpoint } from "../endpoint.ts";
import { objectCaller } from "../objects/object-caller.ts";
import { presentUpload } from "./present-upload.ts";

export const getUploadEndpoint = readEndpoint(getUpload, async (call, { uploads }) =>
  presentUpload(await uploads.getUpload(objectCaller(call))),
);
