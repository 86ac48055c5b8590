/** The first records of a volume. */

import { toBase64Url } from "@excalibur/core/bytes";
import { sealEnvelope } from "@excalibur/core/keys";
import { randomBytes } from "@excalibur/core/primitives";
import type { NewVolume, VolumeId } from "@excalibur/core/protocol";
import { type PageContent, sealPage } from "@excalibur/core/volume/content";
import {
  COMMIT_KINDS,
  commitToVolumeKey,
  decodeCommit,
  decodeManifest,
  type PageRef,
  ROLES,
  StateTree,
  signCommit,
  signManifest,
  volumeIdOf,
  WHOLE_FOLDER,
} from "@excalibur/core/volume/record";

const ZERO_HASH = new Uint8Array(32);

export interface VolumeOwner {
  readonly userId: Uint8Array;
  readonly signatureSeed: Uint8Array;
  readonly sealingKey: Uint8Array;
  readonly fingerprint: Uint8Array;
}

export interface CreatedVolume {
  readonly volumeId: Uint8Array;
  readonly volumeKey: Uint8Array;
  readonly headHash: Uint8Array;
  readonly wire: NewVolume;
}

/** Manifest version 0, the genesis commit with the pages of root and trash, the owner's envelope. spec/volumes.md §5, §8. */
export async function createVolume(
  owner: VolumeOwner,
  {
    nowMs,
    label,
    singleFile,
  }: { readonly nowMs: number; readonly label?: string; readonly singleFile?: true | undefined },
): Promise<CreatedVolume> {
  const nonce = randomBytes(32);
  const volumeKey = randomBytes(32);
  const { fingerprint, signatureSeed } = owner;
  const volumeId = volumeIdOf({ ownerFingerprint: fingerprint, nonce });
  const manifest = decodeManifest(
    signManifest(
      {
        ...{ volumeId, nonce, version: 0, previousManifestHash: ZERO_HASH, g: 0 },
        vkCommitment: commitToVolumeKey({ volumeId, g: 0 }, volumeKey),
        ownerFingerprint: fingerprint,
        signerFingerprint: fingerprint,
        members: [{ subjectId: owner.userId, fingerprint, role: ROLES.owner, addedMs: nowMs }],
      },
      signatureSeed,
    ),
  );

  const trashNodeId = randomBytes(16);
  const pages: { ref: PageRef; record: Uint8Array }[] = [];
  const folders: [nodeId: Uint8Array, content: PageContent][] = [
    [
      volumeId,
      {
        entries: [],
        folder: {
          parentNodeId: null,
          attributes: { trashNodeId, ...(label !== undefined && { label }), ...(singleFile && { singleFile }) },
        },
      },
    ],
    [trashNodeId, { entries: [], folder: { parentNodeId: volumeId, attributes: {} } }],
  ];
  for (const [nodeId, content] of folders) {
    const place = { volumeId, nodeId, ...WHOLE_FOLDER, version: 1, g: 0, manifestVersion: 0 };
    const header = { ...place, previousRecordHash: ZERO_HASH, writerFingerprint: fingerprint };
    const { record, recordHash } = await sealPage({ header, volumeKey, content });
    pages.push({ record, ref: { nodeId, ...WHOLE_FOLDER, version: 1, recordHash } });
  }

  const changes = pages.map(({ ref }) => ref);
  const commit = signCommit(
    {
      ...{ volumeId, sequence: 0, kind: COMMIT_KINDS.genesis, previousCommitHash: ZERO_HASH, timeMs: nowMs },
      ...{ manifestVersion: 0, manifestHash: manifest.hash, g: 0, writerFingerprint: fingerprint },
      stateRoot: StateTree.empty.apply(changes).root(volumeId),
      ...{ abandoned: [], changes, added: [], dropped: [] },
    },
    signatureSeed,
  );
  const envelope = await sealEnvelope({ manifest, volumeKey, sender: owner, recipient: owner });
  return {
    volumeId,
    volumeKey,
    headHash: decodeCommit(commit).hash,
    wire: {
      volumeId: toBase64Url(volumeId) as VolumeId,
      manifest: toBase64Url(manifest.bytes),
      commit: toBase64Url(commit),
      pages: pages.map(({ record }) => toBase64Url(record)),
      envelope: toBase64Url(envelope),
    },
  };
}
