import { getObject } from "@excalibur/core/protocol";
import { type RawReply, readEndpoint } from "../endpoint.ts";
import { objectCaller } from "./object-caller.ts";

export const getObjectEndpoint = readEndpoint(getObject, async (call, { objects, links }): Promise<RawReply> => {
  const { session, request } = call;
  const { signal } = request;
  const caller = objectCaller(call);
  const admit = () => links.uses.begin(session);
  const answer = await objects.getObject({ ...caller, rangeHeader: call.range, signal, admit });
  const { totalBytes, range } = answer;
  const { offset, length } = range ?? { offset: 0, length: totalBytes };
  const sent = { objectId: caller.objectId, totalBytes, answerOffset: 0, offset, length };
  const { chunks, cut } = links.uses.through(session, { ...answer, contents: answer.isContent ? [sent] : [] });
  if (range === undefined) return { sizeBytes: totalBytes, chunks, cut };
  return { sizeBytes: length, chunks, cut, range: { first: offset, last: offset + length - 1, totalBytes } };
});
