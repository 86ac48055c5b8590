import { fetchObjects } from "@excalibur/core/protocol";
import { decodeBytes } from "../../decode-bytes.ts";
import { readEndpoint } from "../endpoint.ts";

export const fetchObjectsEndpoint = readEndpoint(
  fetchObjects,
  async ({ session, body, request }, { objects, links }) => {
    const { sizeBytes, chunks, contents } = await objects.fetchObjects({
      userId: session.userId,
      objectIds: body.objectIds.map(decodeBytes),
      signal: request.signal,
    });
    if (contents.length > 0) await links.uses.begin(session);
    const sent = contents.map(({ objectId, totalBytes, at }) => ({
      ...{ objectId, totalBytes, answerOffset: at, offset: 0, length: totalBytes },
    }));
    return { sizeBytes, ...links.uses.through(session, { chunks, contents: sent }) };
  },
);
