import { type ObjectId, postBatch } from "@excalibur/core/protocol";
import { partEndpoint } from "../endpoint.ts";
import type { PartBody } from "../part-body.ts";
import { uploadDoor } from "../uploads/upload-door.ts";

export const postBatchEndpoint = partEndpoint(postBatch, async (call, services) => {
  const fates = await uploadDoor(call.session, services).storeBatch({
    userId: call.session.userId,
    payerId: call.session.link?.ownerUserId,
    signedLeaves: call.leaves,
    body: releasing(call.chunks),
    signal: call.request.signal,
  });
  return { results: fates.map((fate) => ({ ...fate, objectId: fate.objectId as ObjectId })) };
});

/** A batch is copied apart while it is read: who asks for a piece is done with the one before. */
async function* releasing(body: PartBody): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    yield piece;
    body.release(piece);
  }
}
