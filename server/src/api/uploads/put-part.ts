import { putPart } from "@excalibur/core/protocol";
import { partEndpoint } from "../endpoint.ts";
import { objectCaller } from "../objects/object-caller.ts";
import { uploadDoor } from "./upload-door.ts";

export const putPartEndpoint = partEndpoint(putPart, async (call, services) => {
  await uploadDoor(call.session, services).putPart({
    ...objectCaller(call),
    part: call.params.part,
    signedLeaves: call.leaves,
    contentLength: call.sizeBytes,
    body: call.chunks,
    release: call.chunks.release,
  });
  return undefined;
});
