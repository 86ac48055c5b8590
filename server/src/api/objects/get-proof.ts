import { getProof } from "@excalibur/core/protocol";
import { readEndpoint } from "../endpoint.ts";
import { objectCaller } from "./object-caller.ts";

export const getProofEndpoint = readEndpoint(getProof, async (call, { objects }) => {
  const proof = await objects.getProof({ ...objectCaller(call), ...call.query });
  return { sizeBytes: proof.length, chunks: [proof] };
});
