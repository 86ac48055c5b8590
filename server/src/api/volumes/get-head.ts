import { toBase64Url } from "@excalibur/core/bytes";
import { getHead } from "@excalibur/core/protocol";
import { readEndpoint } from "../endpoint.ts";
import { volumeCaller } from "./volume-caller.ts";

export const getHeadEndpoint = readEndpoint(getHead, async (call, { volumes }) => {
  const head = await volumes.getHead(volumeCaller(call));
  return {
    sequence: head.sequence,
    commit: toBase64Url(head.commit),
    genesis: toBase64Url(head.genesis),
    manifests: head.manifests.map(toBase64Url),
    envelopes: head.envelopes.map(toBase64Url),
    previousKeys: head.previousKeys.map(({ g, sealed }) => ({ generation: g, sealed: toBase64Url(sealed) })),
    identities: head.identities.map(toBase64Url),
    links: head.links.map(toBase64Url),
  };
});
