import {
  type Bytes,
  concatBytes,
  FormatError,
  IntegrityError,
  isAllZero,
  uint32,
  WeakKeyError,
} from "../bytes/index.ts";
import { EXEF_KIND } from "../exef/public/index.ts";
import { openObject, sealObject } from "../exef/secret/index.ts";
import { deriveKey } from "../labels/index.ts";
import { sha256 } from "../primitives/index.ts";
import { SlotAuthError } from "./errors.ts";

export const SLOT_TYPES = { password: 1, recovery: 2, passkey: 3, device: 4 } as const;
export type SlotType = keyof typeof SLOT_TYPES;

const CONTEXT_MARK = 1;
export const ACCOUNT_KEY_LENGTH = 32;

/** Where a slot belongs; all of it is bound into the ciphertext (docs/spec/keys.md §3). */
export interface SlotPlace {
  readonly type: SlotType;
  readonly userId: Uint8Array;
  /** Random, 16 bytes. */
  readonly slotId: Uint8Array;
  /** The generation `a` of the account key. */
  readonly generation: number;
}

export interface SealSlotOptions extends SlotPlace {
  readonly slotKey: Uint8Array;
  readonly accountKey: Uint8Array;
}

/** Seals the account key for one way in: an object of kind 4, 658 bytes. */
export async function sealSlot(options: SealSlotOptions): Promise<Bytes> {
  requireAccountKey(options.accountKey);
  const sealed = await sealObject({
    key: options.slotKey,
    kind: EXEF_KIND.slot,
    context: slotContext(options),
    plaintext: options.accountKey,
  });
  return sealed.bytes;
}

export interface OpenSlotOptions extends SlotPlace {
  readonly slotKey: Uint8Array;
  readonly sealed: Uint8Array;
}

/** The account key. Throws SlotAuthError, FormatError, or WeakKeyError if the key inside is all zero. */
export async function openSlot(options: OpenSlotOptions): Promise<Bytes> {
  let accountKey: Bytes;
  try {
    accountKey = await openObject({
      key: options.slotKey,
      kind: EXEF_KIND.slot,
      context: slotContext(options),
      bytes: options.sealed,
      expectedSize: ACCOUNT_KEY_LENGTH,
    });
  } catch (error) {
    throw error instanceof IntegrityError ? new SlotAuthError(error) : error;
  }
  requireAccountKey(accountKey);
  return accountKey;
}

/** 01 ‖ slotType1 ‖ userId16 ‖ slotId16 ‖ a4. */
function slotContext({ type, userId, slotId, generation }: SlotPlace): Bytes {
  return concatBytes(Uint8Array.of(CONTEXT_MARK, SLOT_TYPES[type]), id(userId), id(slotId), uint32(generation));
}

/** The key of a password slot, from OPAQUE's export_key (64 bytes). */
export function slotKeyFromExportKey(exportKey: Uint8Array, userId: Uint8Array): Bytes {
  return deriveKey("slot/password", exportKey, id(userId));
}

/** The key of a recovery slot, from the entropy of the recovery words (16 bytes). */
export function slotKeyFromRecoveryEntropy(entropy: Uint8Array, userId: Uint8Array): Bytes {
  return deriveKey("slot/recovery", entropy, id(userId));
}

/** The key of a passkey slot, from the authenticator's PRF output. */
export function slotKeyFromPasskey(prfOutput: Uint8Array, credentialId: Uint8Array): Bytes {
  return deriveKey("slot/passkey", prfOutput, sha256(credentialId));
}

/** The key of a device slot, from a secret that never leaves the device. */
export function slotKeyFromDeviceSecret(deviceSecret: Uint8Array, deviceId: Uint8Array): Bytes {
  return deriveKey("slot/device", deviceSecret, id(deviceId));
}

export function requireAccountKey(accountKey: Uint8Array): void {
  if (accountKey.length !== ACCOUNT_KEY_LENGTH) throw new FormatError("An account key has 32 bytes.");
  if (isAllZero(accountKey)) throw new WeakKeyError("An account key of zero bytes was refused. Nothing was changed.");
}

function id(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 16) throw new FormatError(`An id has 16 bytes, not ${bytes.length}.`);
  return bytes;
}
