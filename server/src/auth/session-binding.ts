import { ExcaliburError, utf8Encode } from "@excalibur/core/bytes";
import { canonicalOrigin, originHash, type SessionAction, sessionBindMessage } from "@excalibur/core/identity";
import { isStrongSignatureKey } from "@excalibur/core/primitives";
import { LIMITS, type SessionBinding } from "@excalibur/core/protocol";
import type { Logins } from "../db/index.ts";
import { decodeBytes } from "../decode-bytes.ts";
import { Refusal } from "../refusal.ts";

/** A session as asked for, its form checked; nothing about who asks is proven yet. */
export interface ProposedSession {
  readonly publicKey: Uint8Array;
  readonly originHash: Uint8Array;
  readonly deviceName: string;
  readonly client: SessionBinding["client"];
  readonly proof: Uint8Array;
}

const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/;

function isCanonical(origin: string): boolean {
  try {
    return canonicalOrigin(origin) === origin;
  } catch (error) {
    if (error instanceof ExcaliburError) return false;
    throw error;
  }
}

/**
 * Looked at before the proof, and the same for every name: what is wrong here is no guess that failed.
 * @throws Refusal bad_request: origin (not one of the server's own), device name, key
 */
export function checkBinding(session: SessionBinding, origins: ReadonlySet<string>): ProposedSession {
  if (!isCanonical(session.origin) || !origins.has(session.origin))
    throw new Refusal("bad_request", { reason: "origin" });
  const isTooLong = utf8Encode(session.deviceName).length > LIMITS.deviceNameBytes;
  if (isTooLong || CONTROL_CHARACTERS.test(session.deviceName))
    throw new Refusal("bad_request", { reason: "deviceName" });
  const publicKey = decodeBytes(session.publicKey);
  if (!isStrongSignatureKey(publicKey)) throw new Refusal("bad_request", { reason: "publicKey" });
  const { deviceName, client } = session;
  return { publicKey, originHash: originHash(session.origin), deviceName, client, proof: decodeBytes(session.proof) };
}

/** What the proof of a session is over (cryptography.md §8). */
export function bindingMessage(action: SessionAction, login: Logins, session: ProposedSession): Uint8Array {
  return sessionBindMessage({
    action,
    loginId: login.login_id,
    serverNonce: login.server_nonce,
    subjectId: login.told_user_id,
    originHash: session.originHash,
    sessionKey: session.publicKey,
    deviceName: session.deviceName,
  });
}
