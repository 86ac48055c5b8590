import { toBase64Url } from "@excalibur/core/bytes";
import { checkObjects, type ObjectId } from "@excalibur/core/protocol";
import { decodeBytes } from "../../decode-bytes.ts";
import { readEndpoint } from "../endpoint.ts";
import { volumeCaller } from "./volume-caller.ts";

export const checkObjectsEndpoint = readEndpoint(checkObjects, async (call, { volumes }) => {
  const objectIds = call.body.objectIds.map(decodeBytes);
  const missing = await volumes.checkObjects({ ...volumeCaller(call), objectIds });
  return { missing: missing.map((id) => toBase64Url(id) as ObjectId) };
});
