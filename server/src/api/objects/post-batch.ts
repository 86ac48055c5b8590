import { type ObjectId, postBatch } from "@excalibur/core/protocol";
import { partEndpoint } from "../endpoint.ts";

export const postBatchEndpoint = partEndpoint(postBatch, async (call, { objects }) => {
  const fates = await objects.storeBatch({
    userId: call.session.userId,
    signedLeaves: call.leaves,
    body: call.chunks,
    signal: call.request.signal,
  });
  return { results: fates.map((fate) => ({ ...fate, objectId: fate.objectId as ObjectId })) };
});
