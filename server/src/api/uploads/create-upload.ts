import { createUpload } from "@excalibur/core/protocol";
import { decodeBytes } from "../../decode-bytes.ts";
import { writeEndpoint } from "../endpoint.ts";
import { presentUpload } from "./present-upload.ts";

export const createUploadEndpoint = writeEndpoint(createUpload, async (call, { uploads }) => {
  const { objectId, ciphertextLength } = call.body;
  const upload = { userId: call.session.userId, objectId: decodeBytes(objectId), ciphertextLength };
  return presentUpload(await uploads.createUpload(upload, call.transact));
});
