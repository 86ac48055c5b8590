import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { ciphertextLength, EXEF_KIND, isPossibleCiphertextLength, parseExefHeader } from "@excalibur/core/exef/public";
import { LIMITS, type Slot } from "@excalibur/core/protocol";
import type { Slots } from "../../db/index.ts";
import { decodeBytes } from "../../decode-bytes.ts";
import { Refusal } from "../../refusal.ts";
import { refuseInvalid } from "../volumes/record-refusal.ts";

export const SLOT_TYPE = { password: 1, recovery: 2, passkey: 3, device: 4 } as const;

/** In the place of an OPAQUE record: there is no password, only recovery words. A real record has 192 bytes. */
export const NO_PASSWORD = new Uint8Array();

/** A slot holds the account key's 32 bytes and nothing else. */
const SLOT_BYTES = ciphertextLength(32);

function demand(condition: boolean, reason: string): void {
  if (!condition) throw new Refusal("record_invalid", { reason });
}

/** The server can check a sealed record's form only, and does, so that a broken client learns it before it is too late. */
export function decodeSlot(slot: Slot, owner: { readonly userId: Uint8Array; readonly nowMs: number }): Slots {
  const sealed = decodeSealed(slot.sealed, EXEF_KIND.slot, "slot");
  demand(sealed.length === SLOT_BYTES, "slot");
  return {
    user_id: owner.userId,
    slot_id: decodeBytes(slot.slotId),
    type: slot.type,
    generation: slot.generation,
    sealed,
    created_ms: owner.nowMs,
  };
}

/** @throws Refusal record_invalid */
export function decodeKeyring(text: string): Uint8Array {
  const sealed = decodeSealed(text, EXEF_KIND.keyring, "keyring");
  demand(sealed.length <= LIMITS.keyringBytes, "keyring");
  return sealed;
}

function decodeSealed(text: string, kind: number, what: string): Uint8Array {
  return refuseInvalid("record_invalid", () => {
    const sealed = decodeBytes(text);
    demand(parseExefHeader(sealed).kind === kind, what);
    demand(isPossibleCiphertextLength(sealed.length), what);
    return sealed;
  });
}

/** @throws Refusal record_invalid unless there is exactly one password and one recovery slot of the first account key */
export function checkFirstSlots([one, two]: readonly Slots[]): void {
  const types = new Set([one?.type, two?.type]);
  demand(types.has(SLOT_TYPE.password) && types.has(SLOT_TYPE.recovery), "slots");
  demand(one?.generation === 0 && two?.generation === 0, "slots");
  demand(one !== undefined && two !== undefined && !equalBytes(one.slot_id, two.slot_id), "slots");
}

export function presentSlot(row: Slots): Slot {
  return {
    slotId: toBase64Url(row.slot_id),
    type: row.type,
    generation: row.generation,
    sealed: toBase64Url(row.sealed),
  } as Slot;
}
