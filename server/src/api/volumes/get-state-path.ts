import { getStatePath } from "@excalibur/core/protocol";
import { decodeBytes } from "../../decode-bytes.ts";
import { readEndpoint } from "../endpoint.ts";
import { volumeCaller } from "./volume-caller.ts";

export const getStatePathEndpoint = readEndpoint(getStatePath, async (call, { volumes }) => {
  const { node, bits, length } = call.query;
  const page = { nodeId: decodeBytes(node), range: { bits, bitsLength: length } };
  const path = await volumes.getStatePath({ ...volumeCaller(call), ...page });
  return { sizeBytes: path.length, chunks: [path] };
});
