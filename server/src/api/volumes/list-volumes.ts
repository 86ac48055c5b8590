import { toBase64Url } from "@excalibur/core/bytes";
import { type Hash, listVolumes, type VolumeId } from "@excalibur/core/protocol";
import { readEndpoint } from "../endpoint.ts";

export const listVolumesEndpoint = readEndpoint(listVolumes, async ({ session }, { volumes }) => {
  const listed = await volumes.listVolumes(session.userId);
  return {
    volumes: listed.map(({ volumeId, sequence, headHash, pending, accepted }) => ({
      volumeId: toBase64Url(volumeId) as VolumeId,
      sequence,
      headHash: toBase64Url(headHash) as Hash,
      pending,
      accepted,
    })),
  };
});
