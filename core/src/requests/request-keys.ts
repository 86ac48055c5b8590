import { type Bytes, equalBytes, FormatError, WeakKeyError } from "../bytes/index.ts";
import { deriveKey, hashLabelled } from "../labels/index.ts";
import { isStrongKemKey, KEM_SEED_LENGTH, kemKeyPairFromSeed, randomBytes } from "../primitives/index.ts";
import { RequestKeyError } from "./errors.ts";
import type { RequestAddress } from "./request-url.ts";

/** What the owner of a request keeps in the keyring, and nowhere else. */
export interface RequestSecrets {
  readonly requestId: Uint8Array;
  /** X-Wing, 32 bytes: opens what senders seal. */
  readonly sealingSeed: Uint8Array;
  /** 32 bytes; a part of the address. */
  readonly textKey: Uint8Array;
}

export interface RequestKeys {
  /** X-Wing, 1216 bytes. */
  readonly publicKey: Bytes;
  readonly keyHash: Bytes;
}

/** A new request: everything is drawn, nothing derived from what it says. */
export function createRequestSecrets(): RequestSecrets {
  return { requestId: randomBytes(16), sealingSeed: randomBytes(KEM_SEED_LENGTH), textKey: randomBytes(32) };
}

export async function requestKeysOf({ sealingSeed }: Pick<RequestSecrets, "sealingSeed">): Promise<RequestKeys> {
  const { publicKey } = await kemKeyPairFromSeed(sealingSeed);
  return { publicKey, keyHash: keyHashOf(publicKey) };
}

function keyHashOf(publicKey: Uint8Array): Bytes {
  return hashLabelled("request-key", publicKey);
}

type Named = Pick<RequestAddress, "requestId" | "textKey">;

/** What a sender shows before any answer; the server keeps its SHA-256. */
export function requestKnock({ requestId, textKey }: Named): Bytes {
  return deriveKey("request/knock", textKey, demandId(requestId));
}

/** The key of what a sender keeps on a device to go on after a restart: who has it has the address. */
export function senderDeviceKey({ requestId, textKey }: Named): Bytes {
  return deriveKey("request/device", textKey, demandId(requestId));
}

/**
 * The request's key as the server gives it, which the address names (attack E13). Throws RequestKeyError, or WeakKeyError
 * for a key that must not be sealed to.
 */
export function requireRequestKey(publicKey: Uint8Array, { keyHash }: Pick<RequestAddress, "keyHash">): Uint8Array {
  if (!equalBytes(keyHashOf(publicKey), keyHash)) throw new RequestKeyError();
  if (!isStrongKemKey(publicKey))
    throw new WeakKeyError("The key of this upload request is weak. Nothing was sent; ask for a new request.");
  return publicKey;
}

export function demandId(id: Uint8Array): Uint8Array {
  if (id.length !== 16) throw new FormatError(`An upload request's id has 16 bytes, not ${id.length}.`);
  return id;
}
