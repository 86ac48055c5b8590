import { completeUpload, type Hash } from "@excalibur/core/protocol";
import { decodeBytes } from "../../decode-bytes.ts";
import { writeEndpoint } from "../endpoint.ts";
import { objectCaller } from "../objects/object-caller.ts";
import { uploadDoor } from "./upload-door.ts";

export const completeUploadEndpoint = writeEndpoint(completeUpload, async (call, services) => {
  const { ciphertextLength, treeHash } = call.body;
  const completion = { ...objectCaller(call), ciphertextLength, treeHash: decodeBytes(treeHash) };
  const { root } = await uploadDoor(call.session, services).completeUpload(completion, call.transact);
  return { root: root as Hash };
});
