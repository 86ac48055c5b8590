import { fetchObjects } from "@excalibur/core/protocol";
import { decodeBytes } from "../../decode-bytes.ts";
import { readEndpoint } from "../endpoint.ts";

export const fetchObjectsEndpoint = readEndpoint(fetchObjects, ({ session, body, request }, { objects }) =>
  objects.fetchObjects({
    userId: session.userId,
    objectIds: body.objectIds.map(decodeBytes),
    signal: request.signal,
  }),
);
