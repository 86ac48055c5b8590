/** Everything of the account room that touches passwords and keys. What leaves this file is sealed, signed or public. */

import { FormatError, fromBase64Url, toBase64Url, toHex, uint32, utf8Encode } from "@excalibur/core/bytes";
import {
  fingerprintOf,
  originHash,
  type SessionAction,
  sessionBindMac,
  sessionBindMessage,
} from "@excalibur/core/identity";
import {
  ACCOUNT_KEY_LENGTH,
  createRecoveryWords,
  openCacheRecord,
  openSlot,
  recoveryKeysFromWords,
  SLOT_TYPES,
  type SlotType,
  sealCacheRecord,
  sealSlot,
  slotKeyFromDeviceSecret,
  slotKeyFromExportKey,
} from "@excalibur/core/keys";
import { deriveKey, signLabelled } from "@excalibur/core/labels";
import {
  hmacSha256,
  kemKeyPairFromSeed,
  opaqueClientFinishLogin,
  opaqueClientFinishRegistration,
  opaqueClientStartLogin,
  opaqueClientStartRegistration,
  PasswordRefusedError,
  randomBytes,
  signatureKeyPairFromSeed,
  wordsToEntropy,
} from "@excalibur/core/primitives";
import type { Slot, SlotId } from "@excalibur/core/protocol";
import { ServerAuthenticationError, SignInFailedError } from "./errors.ts";

/** The account key and what it belongs to. The only place a client holds it outside of a slot. */
export interface AccountKey {
  readonly userId: Uint8Array;
  readonly key: Uint8Array;
  /** The generation `a`. */
  readonly generation: number;
}

export function newAccountKey(userId: Uint8Array): AccountKey {
  return { userId, key: randomBytes(ACCOUNT_KEY_LENGTH), generation: 0 };
}

/** 16 random bytes: ids of users, slots, devices. */
export function newId(): Uint8Array {
  return randomBytes(16);
}

/** The secret a platform keeps for this device. */
export function newDeviceSecret(): Uint8Array {
  return randomBytes(32);
}

export function randomFraction(): number {
  const [a = 0, b = 0] = randomBytes(2);
  return (a * 256 + b) / 65_536;
}

// ── passwords: spec/sign-in.md §1 ─────────────────────────────────────────────────────────────────────────────────

function identifiers(name: string) {
  return { client: `exc:${name}`, server: "excalibur:v1" };
}

/** One half of an OPAQUE exchange, waiting for the server's answer. */
export interface PasswordStart {
  readonly password: string;
  readonly clientState: Uint8Array;
  readonly request: Uint8Array;
}

export async function startRegistration(password: string): Promise<PasswordStart> {
  return { password, ...(await opaqueClientStartRegistration(password)) };
}

export function finishRegistration(
  start: PasswordStart,
  answer: { readonly name: string; readonly response: Uint8Array },
) {
  const { password, clientState } = start;
  return opaqueClientFinishRegistration({
    password,
    clientState,
    response: answer.response,
    identifiers: identifiers(answer.name),
  });
}

export async function startLogin(password: string): Promise<PasswordStart> {
  return { password, ...(await opaqueClientStartLogin(password)) };
}

/** Throws SignInFailedError alike for a wrong password, an unknown user, another server's key and an altered answer (attacks.md B5, B6). */
export async function finishLogin(
  start: PasswordStart,
  answer: { readonly name: string; readonly response: Uint8Array },
) {
  const { password, clientState } = start;
  try {
    return await opaqueClientFinishLogin({
      password,
      clientState,
      response: answer.response,
      identifiers: identifiers(answer.name),
    });
  } catch (error) {
    if (error instanceof PasswordRefusedError || error instanceof FormatError) throw new SignInFailedError();
    throw error;
  }
}

// ── recovery words ────────────────────────────────────────────────────────────────────────────────────────────────

/** Throws RecoveryWordsError for words that cannot be right, before anything is sent. */
export function checkRecoveryWords(words: string): void {
  wordsToEntropy(words).fill(0);
}

export { createRecoveryWords, recoveryKeysFromWords };

// ── binding a session: spec/sign-in.md §3 ─────────────────────────────────────────────────────────────────────────

export interface SessionToBind {
  readonly action: SessionAction;
  readonly loginId: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly userId: Uint8Array;
  readonly origin: string;
  readonly publicKey: Uint8Array;
  readonly deviceName: string;
}

function bindMessage(session: SessionToBind): Uint8Array {
  const { action, loginId, serverNonce, userId, origin, publicKey, deviceName } = session;
  return sessionBindMessage({
    ...{ action, loginId, serverNonce, deviceName },
    subjectId: userId,
    originHash: originHash(origin),
    sessionKey: publicKey,
  });
}

export function passwordProof(session: SessionToBind, opaqueSessionKey: Uint8Array): Uint8Array {
  return sessionBindMac(opaqueSessionKey, session.loginId, bindMessage(session));
}

export function recoveryProof(session: SessionToBind, proofSeed: Uint8Array): Uint8Array {
  return signLabelled("recover", proofSeed, bindMessage(session));
}

// ── slots ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface SlotOwner {
  readonly userId: Uint8Array;
  readonly type: SlotType;
  readonly slotKey: Uint8Array;
}

export async function sealNewSlot(account: AccountKey, { type, slotKey }: Omit<SlotOwner, "userId">): Promise<Slot> {
  const slotId = newId();
  const { userId, key, generation } = account;
  const sealed = await sealSlot({ type, userId, slotId, generation, slotKey, accountKey: key });
  return { slotId: toBase64Url(slotId) as SlotId, type: SLOT_TYPES[type], generation, sealed: toBase64Url(sealed) };
}

/** Throws SlotAuthError when the server handed out another slot; nothing is sealed for it then (attacks.md A1). */
export async function openServerSlot(slot: Slot, { userId, type, slotKey }: SlotOwner): Promise<AccountKey> {
  if (slot.type !== SLOT_TYPES[type]) throw new ServerAuthenticationError("slot");
  const slotId = fromBase64Url(slot.slotId);
  const { generation } = slot;
  const sealed = fromBase64Url(slot.sealed);
  return { userId, generation, key: await openSlot({ type, userId, slotId, generation, slotKey, sealed }) };
}

export function passwordSlotKey(exportKey: Uint8Array, userId: Uint8Array): Uint8Array {
  return slotKeyFromExportKey(exportKey, userId);
}

/** A slot that only this device opens: its id is the device's. */
export interface DevicePlace {
  readonly deviceSecret: Uint8Array;
  readonly deviceId: Uint8Array;
}

export function sealDeviceSlot(account: AccountKey, { deviceSecret, deviceId }: DevicePlace): Promise<Uint8Array> {
  const { userId, key, generation } = account;
  const slotKey = slotKeyFromDeviceSecret(deviceSecret, deviceId);
  return sealSlot({ type: "device", userId, slotId: deviceId, generation, slotKey, accountKey: key });
}

export async function openDeviceSlot(
  sealed: Uint8Array,
  place: DevicePlace & { readonly userId: Uint8Array; readonly generation: number },
): Promise<AccountKey> {
  const { userId, generation, deviceId, deviceSecret } = place;
  const slotKey = slotKeyFromDeviceSecret(deviceSecret, deviceId);
  const key = await openSlot({ type: "device", userId, slotId: deviceId, generation, slotKey, sealed });
  return { userId, generation, key };
}

// ── what this device keeps ────────────────────────────────────────────────────────────────────────────────────────

/** Seals a row of this device's cache under the account key; bound to its name. */
export function sealLocal(account: AccountKey, name: string, plaintext: Uint8Array): Promise<Uint8Array> {
  const { userId, key, generation } = account;
  return sealCacheRecord({ accountKey: key, userId, generation, name }, plaintext);
}

/** Throws CacheRecordError: throw the row away and fetch again. */
export function openLocal(account: AccountKey, name: string, sealed: Uint8Array): Promise<Uint8Array> {
  const { userId, key, generation } = account;
  return openCacheRecord({ accountKey: key, userId, generation, name }, sealed);
}

/** What a row of this account's own is filed under: who holds the device's files cannot guess names by it. */
export function localRowKey({ userId, key, generation }: AccountKey, name: string): string {
  return toHex(hmacSha256(deriveKey("row-name", key, userId, uint32(generation)), utf8Encode(name)));
}

/** The fingerprint of the identity these seeds make. */
export async function ownFingerprint(
  userId: Uint8Array,
  seeds: { readonly signatureSeed: Uint8Array; readonly sealingSeed: Uint8Array },
): Promise<Uint8Array> {
  const { publicKey: signatureKey } = signatureKeyPairFromSeed(seeds.signatureSeed);
  const { publicKey: sealingKey } = await kemKeyPairFromSeed(seeds.sealingSeed);
  return fingerprintOf({ subjectId: userId, signatureKey, sealingKey });
}

/** The public half of an X-Wing seed. */
export async function sealingKeyOf(sealingSeed: Uint8Array): Promise<Uint8Array> {
  return (await kemKeyPairFromSeed(sealingSeed)).publicKey;
}
