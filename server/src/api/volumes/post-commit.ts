import { postCommit } from "@excalibur/core/protocol";
import { decodeBytes } from "../../decode-bytes.ts";
import { writeEndpoint } from "../endpoint.ts";
import { volumeCaller } from "./volume-caller.ts";

export const postCommitEndpoint = writeEndpoint(postCommit, (call, { volumes }) => {
  const { commit, manifest, previousKeys, envelopes, mounts, unmounts } = call.body;
  const incoming = {
    ...volumeCaller(call),
    commit: decodeBytes(commit),
    manifest: manifest === undefined ? undefined : decodeBytes(manifest),
    previousKeys: previousKeys === undefined ? undefined : decodeBytes(previousKeys),
    envelopes: envelopes?.map(decodeBytes),
    mounts: mounts?.map(decodeBytes),
    unmounts: unmounts?.map(({ volumeId, headHash }) => ({
      volumeId: decodeBytes(volumeId),
      headHash: decodeBytes(headHash),
    })),
  };
  return volumes.postCommit(incoming, call.transact);
});
