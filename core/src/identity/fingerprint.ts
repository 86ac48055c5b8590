import type { Bytes } from "../bytes/index.ts";
import { hashLabelled } from "../labels/index.ts";

const DIGITS = 60;
const GROUP = 5;

/** The public keys of a member: a person (subjectId = userId) or a link (subjectId = linkId). */
export interface PublicKeys {
  readonly subjectId: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly signatureKey: Uint8Array;
  /** X-Wing, 1216 bytes. */
  readonly sealingKey: Uint8Array;
}

/** SHA-256("excalibur/v3/identity" ‖ 00 ‖ subjectId ‖ both keys), cryptography.md §6. */
export function fingerprintOf({ subjectId, signatureKey, sealingKey }: PublicKeys): Bytes {
  return hashLabelled("identity", subjectId, signatureKey, sealingKey);
}

/** A fingerprint for people to compare: its value modulo 10^60 as 12 groups of 5 digits. */
export function fingerprintDigits(fingerprint: Uint8Array): string {
  let value = 0n;
  for (const byte of fingerprint) value = (value << 8n) | BigInt(byte);
  const digits = (value % 10n ** BigInt(DIGITS)).toString().padStart(DIGITS, "0");
  const groups: string[] = [];
  for (let at = 0; at < DIGITS; at += GROUP) groups.push(digits.slice(at, at + GROUP));
  return groups.join(" ");
}
