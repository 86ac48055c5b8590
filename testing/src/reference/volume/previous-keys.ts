/** The record of earlier volume keys (spec/volumes.md §9). */

import { type Bytes, be, concat, fromBe } from "../foundations/bytes.ts";
import { demandKey, deriveKey } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { type GivenIvs, KIND, open, seal } from "../object/exef.ts";

export interface PreviousKeysPlace {
  readonly volumeId: Uint8Array;
  readonly g: number;
}

export interface VolumeKey {
  readonly g: number;
  readonly vk: Uint8Array;
}

function binding(place: PreviousKeysPlace, vk: Uint8Array): { key: Bytes; context: Bytes } {
  demandKey(vk);
  const context = concat(Uint8Array.of(3), place.volumeId, be(4, place.g));
  return { key: deriveKey("previous", vk, place.volumeId, be(4, place.g)), context };
}

export interface PreviousKeysSealOptions {
  readonly place: PreviousKeysPlace;
  readonly vk: Uint8Array;
  readonly objectId: Uint8Array;
  readonly ivs: GivenIvs;
}

export function encodePreviousKeys(keys: readonly VolumeKey[]): Bytes {
  return concat(...keys.map(({ g, vk }) => concat(be(4, g), vk)));
}

export function sealPreviousKeys(options: PreviousKeysSealOptions, plaintext: Uint8Array): Bytes {
  const { place, vk, objectId, ivs } = options;
  return seal({ kind: KIND.previousKeys, objectId, ...binding(place, vk) }, ivs, plaintext);
}

export function openPreviousKeys(bytes: Uint8Array, place: PreviousKeysPlace, vk: Uint8Array): VolumeKey[] {
  const plaintext = open(bytes, { kind: KIND.previousKeys, ...binding(place, vk) });
  demand(plaintext.length % 36 === 0, "malformed", "Not a whole number of keys.");
  const keys = Array.from({ length: plaintext.length / 36 }, (_, i) => ({
    g: fromBe(plaintext.slice(i * 36, i * 36 + 4)),
    vk: plaintext.slice(i * 36 + 4, i * 36 + 36),
  }));
  for (const [i, key] of keys.entries()) {
    demand(key.g < place.g && (i === 0 || key.g > (keys[i - 1] as VolumeKey).g), "malformed", "Not ascending below g.");
    demandKey(key.vk);
  }
  return keys;
}
