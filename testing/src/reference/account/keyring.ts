/** The keyring, its contents and its chain (spec/keys.md §4). */

import { type Bytes, be, concat, equal, zeros } from "../foundations/bytes.ts";
import { decode, type Value } from "../foundations/cbor.ts";
import { arrayField, asMap, bytesField, type CborMap, onlyKeys, textField, uintField } from "../foundations/fields.ts";
import { demandKey, deriveKey, sha256 } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { type GivenIvs, KIND, open, seal } from "../object/exef.ts";

export interface KeyringPlace {
  readonly userId: Uint8Array;
  readonly generation: number;
  readonly version: number;
}

export function keyringKey(accountKey: Uint8Array, place: KeyringPlace): Bytes {
  demandKey(accountKey);
  return deriveKey("keyring", accountKey, place.userId, be(4, place.generation));
}

export function keyringContext(place: KeyringPlace): Bytes {
  return concat(Uint8Array.of(2), place.userId, be(4, place.generation), be(8, place.version));
}

export interface KeyringSealOptions {
  readonly place: KeyringPlace;
  readonly accountKey: Uint8Array;
  readonly objectId: Uint8Array;
  readonly ivs: GivenIvs;
}

export function sealKeyring(options: KeyringSealOptions, plaintext: Uint8Array): Bytes {
  const { place, accountKey, objectId, ivs } = options;
  const key = keyringKey(accountKey, place);
  return seal({ kind: KIND.keyring, objectId, key, context: keyringContext(place) }, ivs, plaintext);
}

export function openKeyring(bytes: Uint8Array, place: KeyringPlace, accountKey: Uint8Array): Bytes {
  const key = keyringKey(accountKey, place);
  return open(bytes, { kind: KIND.keyring, key, context: keyringContext(place) });
}

export const FIRST_CHAIN = zeros(32);

export function nextChain(chain: Uint8Array, storedHash: Uint8Array): Bytes {
  return sha256(chain, storedHash);
}

export interface OfferedKeyring {
  readonly version: number;
  readonly stored: Uint8Array;
  readonly previousChain: Uint8Array;
}

/** §4 «Chain»: what a client that remembers (version, chain) accepts; gives the new chain. */
export function checkKeyringChain(
  remembered: { readonly version: number; readonly chain: Uint8Array },
  offered: OfferedKeyring,
  hashesBetween: readonly Uint8Array[],
): Bytes {
  demand(offered.version >= remembered.version, "rollback", "An older keyring than the one seen before.");
  const chain = nextChain(offered.previousChain, sha256(offered.stored));
  if (offered.version === remembered.version) {
    demand(equal(chain, remembered.chain), "fork", "The same version with other contents.");
    return chain;
  }
  demand(hashesBetween.length === offered.version - remembered.version - 1, "malformed", "Hashes are missing.");
  const expected = hashesBetween.reduce<Uint8Array>(nextChain, remembered.chain);
  demand(equal(expected, offered.previousChain), "fork", "The keyring does not follow from the one seen before.");
  return chain;
}

const SEED = 32;

/** Refuses what a reader must refuse; returns the map, unknown keys included. */
export function readKeyringContent(plaintext: Uint8Array, version?: number): CborMap {
  const map = asMap(decode(plaintext));
  onlyKeys(map, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  const previousChain = bytesField(map, 1, 32);
  demandKey(bytesField(map, 2, SEED));
  demandKey(bytesField(map, 3, SEED));
  const sequence = uintField(map, 12);
  demand(sequence < 2 ** 32, "malformed", "An identity sequence of 2^32 or above.");
  readEarlierKeys(arrayField(map, 4), sequence);
  for (const [volumeId, volume] of asMap(map.get(5))) {
    demandId(volumeId);
    readVolume(asMap(volume));
  }
  for (const [userId, contact] of asMap(map.get(6))) {
    demandId(userId);
    readContact(asMap(contact));
  }
  asMap(map.get(7));
  asMap(map.get(8));
  for (const name of asMap(map.get(9)).keys()) demand(typeof name === "string", "malformed", "A setting without name.");
  for (const event of arrayField(map, 10)) {
    const isEvent = Array.isArray(event) && event.length === 2 && typeof event[0] === "number";
    demand(isEvent && typeof event[1] === "string", "malformed", "A history entry is [time, text].");
  }
  bytesField(map, 11, 16);
  if (version === 1) demand(equal(previousChain, FIRST_CHAIN), "integrity", "Version 1 does not begin the chain.");
  return map;
}

function demandId(key: unknown): void {
  demand(key instanceof Uint8Array && key.length === 16, "malformed", "An id has 16 bytes.");
}

function readEarlierKeys(keys: readonly Value[], current: number): void {
  let last = -1;
  for (const key of keys) {
    demand(Array.isArray(key) && key.length === 3, "malformed", "An earlier key is [sequence, seed, seed].");
    const [sequence, ...seeds] = key;
    demand(typeof sequence === "number" && sequence > last && sequence < current, "malformed", "Out of order.");
    const areSeeds = seeds.every((seed) => seed instanceof Uint8Array && seed.length === SEED);
    demand(areSeeds, "malformed", "A seed has 32 bytes.");
    for (const seed of seeds) demandKey(seed as Uint8Array);
    last = sequence;
  }
}

function readVolume(volume: CborMap): void {
  onlyKeys(volume, [1, 2]);
  for (const [g, vk] of asMap(volume.get(1))) {
    demand(typeof g === "number" && g < 2 ** 32, "malformed", "A generation is a small unsigned integer.");
    demand(vk instanceof Uint8Array && vk.length === 32, "malformed", "A volume key has 32 bytes.");
    demandKey(vk);
  }
  demand(volume.has(2), "malformed", "The accepted head is missing.");
  const head = volume.get(2) as Value;
  if (head === null) return;
  demand(Array.isArray(head) && head.length === 2, "malformed", "A head is [sequence, hash].");
  const [sequence, hash] = head;
  demand(
    typeof sequence === "number" && sequence >= 0 && sequence < 2 ** 48,
    "malformed",
    "A head is [sequence, hash].",
  );
  demand(hash instanceof Uint8Array && hash.length === 32, "malformed", "A head is [sequence, hash].");
}

function readContact(contact: CborMap): void {
  onlyKeys(contact, [1, 2, 3]);
  bytesField(contact, 1, 32);
  demand(typeof contact.get(2) === "boolean", "malformed", "verified is true or false.");
  textField(contact, 3, 1024);
}
