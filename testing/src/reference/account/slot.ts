/** Unlock slots (spec/keys.md §3). */

import { type Bytes, be, concat } from "../foundations/bytes.ts";
import { demandKey, deriveKey } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { type GivenIvs, KIND, open, seal } from "../object/exef.ts";

export const SLOT_TYPE = { password: 1, recovery: 2, passkey: 3, device: 4 } as const;

export interface SlotPlace {
  readonly slotType: number;
  readonly userId: Uint8Array;
  readonly slotId: Uint8Array;
  readonly generation: number;
}

export function slotContext(place: SlotPlace): Bytes {
  return concat(Uint8Array.of(1, place.slotType), place.userId, place.slotId, be(4, place.generation));
}

export function passwordSlotKey(exportKey: Uint8Array, userId: Uint8Array): Bytes {
  return deriveKey("slot/password", exportKey, userId);
}

export function recoverySlotKey(entropy: Uint8Array, userId: Uint8Array): Bytes {
  return deriveKey("slot/recovery", entropy, userId);
}

export function recoverySignSeed(entropy: Uint8Array, userId: Uint8Array): Bytes {
  return deriveKey("recovery/sign", entropy, userId);
}

export interface SlotSealOptions {
  readonly place: SlotPlace;
  readonly key: Uint8Array;
  readonly objectId: Uint8Array;
  readonly ivs: GivenIvs;
}

export function sealSlot(options: SlotSealOptions, accountKey: Uint8Array): Bytes {
  const { key, objectId, ivs } = options;
  return seal({ kind: KIND.slot, objectId, key, context: slotContext(options.place) }, ivs, accountKey);
}

export function openSlot(bytes: Uint8Array, place: SlotPlace, key: Uint8Array): Bytes {
  const accountKey = open(bytes, { kind: KIND.slot, key, context: slotContext(place) });
  demand(accountKey.length === 32, "integrity", "A slot holds 32 bytes.");
  demandKey(accountKey);
  return accountKey;
}
