import { getObject } from "@excalibur/core/protocol";
import { type RawReply, readEndpoint } from "../endpoint.ts";
import { objectCaller } from "./object-caller.ts";

export const getObjectEndpoint = readEndpoint(getObject, async (call, { objects }): Promise<RawReply> => {
  const { signal } = call.request;
  const { totalBytes, range, chunks, cut } = await objects.getObject({
    ...objectCaller(call),
    rangeHeader: call.range,
    signal,
  });
  if (range === undefined) return { sizeBytes: totalBytes, chunks, cut };
  const { offset, length } = range;
  return { sizeBytes: length, chunks, cut, range: { first: offset, last: offset + length - 1, totalBytes } };
});
