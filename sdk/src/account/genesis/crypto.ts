/** What a new account is made of: keys, slots, identity, keyring and home volume, all of it sealed or signed. */

import { toBase64Url } from "@excalibur/core/bytes";
import { decodeIdentity, signIdentity } from "@excalibur/core/identity";
import {
  CHAIN_START,
  createRecoveryWords,
  type Keyring,
  recoveryKeysFromWords,
  sealEnvelope,
  sealKeyring,
} from "@excalibur/core/keys";
import { kemKeyPairFromSeed, randomBytes } from "@excalibur/core/primitives";
import type { NewVolume, Slot, VolumeId } from "@excalibur/core/protocol";
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
import { newAccountKey, passwordSlotKey, sealNewSlot } from "../crypto.ts";

const ZERO_HASH = new Uint8Array(32);

export interface NewAccountOptions {
  readonly userId: Uint8Array;
  readonly name: string;
  /** Of the OPAQUE registration. */
  readonly exportKey: Uint8Array;
  /** By the server's clock: the first commit carries it. */
  readonly nowMs: number;
}

/** Ready to be sent, but for the words, which nobody but the person ever gets. */
export interface NewAccount {
  readonly recoveryWords: readonly string[];
  readonly slots: readonly [password: Slot, recovery: Slot];
  readonly recoveryPublicKey: Uint8Array;
  readonly keyring: Uint8Array;
  readonly identity: Uint8Array;
  readonly homeVolume: NewVolume;
}

export async function createAccount({ userId, name, exportKey, nowMs }: NewAccountOptions): Promise<NewAccount> {
  const account = newAccountKey(userId);
  const recoveryWords = createRecoveryWords();
  const recovery = recoveryKeysFromWords(recoveryWords.join(" "), userId);
  const owner = await createIdentity({ userId, name, nowMs });
  const home = await createVolume(owner, nowMs);
  const keyring: Keyring = {
    identity: { sequence: 0, signatureSeed: owner.signatureSeed, sealingSeed: owner.sealingSeed },
    earlierIdentities: [],
    volumes: new Map([
      [
        toBase64Url(home.volumeId),
        { volumeId: home.volumeId, keys: new Map([[0, home.volumeKey]]), head: { sequence: 0, hash: home.headHash } },
      ],
    ]),
    contacts: new Map(),
    links: new Map(),
    requests: new Map(),
    settings: new Map(),
    history: [{ atMs: nowMs, text: "account created" }],
    homeVolumeId: home.volumeId,
  };
  const place = { userId, generation: account.generation, version: 1, accountKey: account.key };
  return {
    recoveryWords,
    slots: [
      await sealNewSlot(account, { type: "password", slotKey: passwordSlotKey(exportKey, userId) }),
      await sealNewSlot(account, { type: "recovery", slotKey: recovery.slotKey }),
    ],
    recoveryPublicKey: recovery.proof.publicKey,
    keyring: await sealKeyring({ ...place, keyring, previousChain: CHAIN_START }),
    identity: owner.record,
    homeVolume: home.wire,
  };
}

interface Owner {
  readonly userId: Uint8Array;
  readonly signatureSeed: Uint8Array;
  readonly sealingSeed: Uint8Array;
  readonly sealingKey: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly record: Uint8Array;
}

async function createIdentity({
  userId,
  name,
  nowMs,
}: Pick<NewAccountOptions, "userId" | "name" | "nowMs">): Promise<Owner> {
  const signatureSeed = randomBytes(32);
  const sealingSeed = randomBytes(32);
  const { publicKey: sealingKey } = await kemKeyPairFromSeed(sealingSeed);
  const record = signIdentity({ userId, signatureSeed, sealingKey, createdMs: nowMs, name });
  const { fingerprint } = decodeIdentity(record);
  return { userId, signatureSeed, sealingSeed, sealingKey, fingerprint, record };
}

interface CreatedVolume {
  readonly volumeId: Uint8Array;
  readonly volumeKey: Uint8Array;
  readonly headHash: Uint8Array;
  readonly wire: NewVolume;
}

/** Manifest version 0, the genesis commit with the pages of root and trash, the owner's envelope. spec/volumes.md §5, §8. */
async function createVolume(owner: Owner, nowMs: number): Promise<CreatedVolume> {
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
    [volumeId, { entries: [], folder: { parentNodeId: null, attributes: { trashNodeId } } }],
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
