import { toHex } from "../../../bytes/index.ts";
import type { SignatureKeys } from "../../../identity/index.ts";
import { sha256, signatureKeyPairFromSeed } from "../../../primitives/index.ts";
import { commitToVolumeKey, type ManifestFields, type Member, ROLES, type Role, volumeIdOf } from "../index.ts";

export const ZERO_HASH = new Uint8Array(32);

export interface Person {
  readonly subjectId: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly seed: Uint8Array;
}

const known = new Map<string, Uint8Array>();

/** A member with a real signature key; the fingerprint is made up, since records only compare it. */
export function person(name: string, key = 1): Person {
  const text = new TextEncoder().encode(`${name} ${key}`);
  const seed = sha256(text);
  const fingerprint = sha256(seed);
  known.set(toHex(fingerprint), signatureKeyPairFromSeed(seed).publicKey);
  return { subjectId: sha256(new TextEncoder().encode(name)).slice(0, 16), fingerprint, seed };
}

export const signatureKeys: SignatureKeys = (fingerprint) => known.get(toHex(fingerprint));

export const alice = person("alice");
export const bob = person("bob");
export const carol = person("carol");
export const dave = person("dave");
export const link = person("link");

export function row(who: Person, role: Role, addedMs = 1000): Member {
  return { subjectId: who.subjectId, fingerprint: who.fingerprint, role, addedMs };
}

export const nonce = new Uint8Array(32).fill(0x4e);
export const volumeId = volumeIdOf({ ownerFingerprint: alice.fingerprint, nonce });

export function volumeKey(g: number): Uint8Array {
  return new Uint8Array(32).fill(0xa0 + g);
}

/** Version 0: alice owns, and whoever else is named. */
export function firstManifest(others: readonly Member[] = []): ManifestFields {
  return {
    volumeId,
    version: 0,
    previousManifestHash: ZERO_HASH,
    nonce,
    g: 0,
    vkCommitment: commitToVolumeKey({ volumeId, g: 0 }, volumeKey(0)),
    ownerFingerprint: alice.fingerprint,
    signerFingerprint: alice.fingerprint,
    members: [row(alice, ROLES.owner), ...others],
  };
}
