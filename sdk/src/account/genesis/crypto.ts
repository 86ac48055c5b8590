/** What a new account is made of: keys, slots, identity, keyring and home volume, all of it sealed or signed. */

import { toBase64Url } from "@excalibur/core/bytes";
import { decodeIdentity, signIdentity } from "@excalibur/core/identity";
import { CHAIN_START, type Keyring, sealKeyring } from "@excalibur/core/keys";
import { kemKeyPairFromSeed, randomBytes } from "@excalibur/core/primitives";
import type { NewVolume, Slot } from "@excalibur/core/protocol";
import { createVolume, type VolumeOwner } from "../../volumes/index.ts";
import { createRecoveryWords, newAccountKey, passwordSlotKey, recoveryKeysFromWords, sealNewSlot } from "../crypto.ts";
import { remindOfWords } from "../words-reminder.ts";

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
  const home = await createVolume(owner, { nowMs });
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
    settings: remindOfWords(recovery.proof.publicKey),
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

interface Owner extends VolumeOwner {
  readonly sealingSeed: Uint8Array;
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
