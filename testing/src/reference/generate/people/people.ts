/** The people of the vectors: alice owns, bob manages, carol edits, dave views, eve is a stranger. */

import { type Bytes, hex, zeros } from "../../foundations/bytes.ts";
import { publicKeyOf } from "../../foundations/ed25519.ts";
import { encodeIdentity, fingerprintOf, type IdentityFields } from "../../people/identity.ts";
import { xWingPublicKey } from "../../people/x-wing.ts";
import type { MemberRow } from "../../volume/manifest.ts";
import { fixed, type Json } from "../vector-file.ts";

export interface Person {
  readonly name: string;
  readonly userId: Bytes;
  readonly seed: Bytes;
  readonly xWingSeed: Bytes;
  readonly ed25519Key: Bytes;
  readonly xWingKey: Bytes;
  readonly fingerprint: Bytes;
}

export function person(name: string, keys = name): Person {
  const seed = fixed(`${keys}'s Ed25519 seed`, 32);
  const xWingSeed = fixed(`${keys}'s X-Wing seed`, 32);
  const userId = fixed(`${name}'s userId`, 16);
  const ed25519Key = publicKeyOf(seed);
  const xWingKey = xWingPublicKey(xWingSeed);
  return {
    name,
    userId,
    seed,
    xWingSeed,
    ed25519Key,
    xWingKey,
    fingerprint: fingerprintOf(userId, ed25519Key, xWingKey),
  };
}

export const alice = person("alice");
export const bob = person("bob");
export const carol = person("carol");
export const dave = person("dave");
export const eve = person("eve");
/** Carol and bob after they replaced their keys. */
export const carolAgain = person("carol", "carol again");
export const bobAgain = person("bob", "bob again");

export const EVERYBODY = [alice, bob, carol, dave, eve, carolAgain, bobAgain];
export const CREATED_MS = 1_790_000_000_000;

export const KEYS: ReadonlyMap<string, Uint8Array> = new Map(
  EVERYBODY.map((one) => [hex(one.fingerprint), one.ed25519Key]),
);

export function identityFields(one: Person, changes: Partial<IdentityFields> = {}): IdentityFields {
  const { userId, ed25519Key, xWingKey, name } = one;
  return { userId, sequence: 0, previous: zeros(32), ed25519Key, xWingKey, createdMs: CREATED_MS, name, ...changes };
}

export function identityOf(one: Person): Bytes {
  return encodeIdentity(identityFields(one), one.seed);
}

export function row(one: Person, role: number, addedMs = CREATED_MS): MemberRow {
  return { subjectId: one.userId, fingerprint: one.fingerprint, role, addedMs };
}

/** Fingerprint → Ed25519 key, for the vector files. */
export function keysJson(): Json {
  return EVERYBODY.map((one) => ({
    person: one.name,
    subjectId: hex(one.userId),
    fingerprint: hex(one.fingerprint),
    ed25519Key: hex(one.ed25519Key),
  }));
}
