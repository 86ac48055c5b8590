import { createUpload } from "@excalibur/core/protocol";
import { decodeBytes } from "../../decode-bytes.ts";
import { writeEndpoint } from "../endpoint.ts";
import { presentUpload } from "./present-upload.ts";
import { uploadDoor } from "./upload-door.ts";

export const createUploadEndpoint = writeEndpoint(createUpload, async (call, services) => {
  const { objectId, ciphertextLength } = call.body;
  const { userId, link } = call.session;
  const upload = { userId, payerId: link?.ownerUserId, objectId: decodeBytes(objectId), ciphertextLength };
  return presentUpload(await uploadDoor(call.session, services).createUpload(upload, call.transact));
});
