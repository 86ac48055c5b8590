import { type Bytes, ByteWriter, concatBytes, equalBytes, FormatError, utf8Encode } from "../bytes/index.ts";
import { deriveKey } from "../labels/index.ts";
import { hmacSha256, sha256 } from "../primitives/index.ts";

/** How a session came to be (cryptography.md §8). */
export const SESSION_ACTIONS = { password: 1, recovery: 2, link: 3, claim: 4 } as const;
export type SessionAction = keyof typeof SESSION_ACTIONS;

const DEVICE_NAME_LIMIT = 255;

export interface SessionBinding {
  readonly action: SessionAction;
  readonly loginId: Uint8Array;
  readonly serverNonce: Uint8Array;
  /** The userId, or the linkId for a link. */
  readonly subjectId: Uint8Array;
  /** `originHash` of the address the client uses. */
  readonly originHash: Uint8Array;
  /** The session's Ed25519 public key. */
  readonly sessionKey: Uint8Array;
  readonly deviceName: string;
}

/** action1 ‖ loginId16 ‖ serverNonce32 ‖ subjectId16 ‖ SHA-256(origin) ‖ Ed25519 key32 ‖ length1 ‖ device name. */
export function sessionBindMessage(binding: SessionBinding): Bytes {
  const name = utf8Encode(binding.deviceName);
  if (name.length > DEVICE_NAME_LIMIT) throw new FormatError(`A device name has at most ${DEVICE_NAME_LIMIT} bytes.`);
  return new ByteWriter(160 + name.length)
    .u8(SESSION_ACTIONS[binding.action])
    .bytes(sized(binding.loginId, 16, "loginId"))
    .bytes(sized(binding.serverNonce, 32, "server nonce"))
    .bytes(sized(binding.subjectId, 16, "subjectId"))
    .bytes(sized(binding.originHash, 32, "origin's hash"))
    .bytes(sized(binding.sessionKey, 32, "session key"))
    .u8(name.length)
    .bytes(name)
    .finish();
}

/** The first byte of a sender's binding: no session of an account or a link begins with it. */
const SENDER_ACTION = 5;

export interface SenderBinding {
  readonly requestId: Uint8Array;
  /** `originHash` of the address the client uses. */
  readonly originHash: Uint8Array;
  /** The sender's Ed25519 public key. */
  readonly sessionKey: Uint8Array;
}

/**
 * 05 ‖ requestId16 ‖ SHA-256(origin) ‖ Ed25519 key32: what a sender signs with that very key, label sender. It names one
 * request of one server, so nobody can bring another's key to another request; sent again it says the same.
 */
export function senderBindMessage({ requestId, originHash: origin, sessionKey }: SenderBinding): Bytes {
  return concatBytes(
    Uint8Array.of(SENDER_ACTION),
    sized(requestId, 16, "requestId"),
    sized(origin, 32, "origin's hash"),
    sized(sessionKey, 32, "session key"),
  );
}

/** HMAC-SHA-256 under HKDF(OPAQUE session_key, session/bind, loginId): binds a session to a password sign-in. */
export function sessionBindMac(opaqueSessionKey: Uint8Array, loginId: Uint8Array, message: Uint8Array): Bytes {
  return hmacSha256(deriveKey("session/bind", opaqueSessionKey, sized(loginId, 16, "loginId")), message);
}

export interface SessionBindProof {
  readonly opaqueSessionKey: Uint8Array;
  readonly loginId: Uint8Array;
  readonly message: Uint8Array;
  readonly mac: Uint8Array;
}

/** Whether the MAC is right, in constant time. */
export function verifySessionBindMac({ opaqueSessionKey, loginId, message, mac }: SessionBindProof): boolean {
  return equalBytes(sessionBindMac(opaqueSessionKey, loginId, message), mac);
}

/** `scheme://host[:port]` in ASCII and lower case, without a default port. Throws FormatError for anything but http(s). */
export function canonicalOrigin(address: string): string {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new FormatError("The address of a server begins with https:// or http://.");
  }
  return url.origin;
}

/** SHA-256 of the canonical origin's text. */
export function originHash(address: string): Bytes {
  return sha256(utf8Encode(canonicalOrigin(address)));
}

export interface LinkClaim {
  readonly linkId: Uint8Array;
  /** SHA-256 of the identity record of the account that claims the link's place. */
  readonly identityHash: Uint8Array;
  readonly serverNonce: Uint8Array;
}

/** What a link's key signs under the label claim: linkId16 ‖ SHA-256(identity record) ‖ serverNonce32 (§6). */
export function claimMessage({ linkId, identityHash, serverNonce }: LinkClaim): Bytes {
  return concatBytes(
    sized(linkId, 16, "linkId"),
    sized(identityHash, 32, "identity's hash"),
    sized(serverNonce, 32, "server nonce"),
  );
}

function sized(bytes: Uint8Array, length: number, what: string): Uint8Array {
  if (bytes.length !== length) throw new FormatError(`The ${what} has ${length} bytes, not ${bytes.length}.`);
  return bytes;
}
