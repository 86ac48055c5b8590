import { type Bytes, equalBytes } from "../bytes/index.ts";
import { deriveKey } from "../labels/index.ts";

const GROUPS = 4;
const DIGITS = 5;

/**
 * The number both sides see: the sender on the receipt, the owner with every item of the same sending. Twenty digits;
 * equal numbers say that an item comes from whoever holds that receipt.
 */
export function receiptCode(receiptKey: Uint8Array, requestId: Uint8Array): string {
  const bytes = deriveKey("request/receipt", receiptKey, requestId);
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  const digits = (value % 10n ** BigInt(GROUPS * DIGITS)).toString().padStart(GROUPS * DIGITS, "0");
  return (digits.match(/.{5}/g) as string[]).join(" ");
}

export interface FiledItem {
  readonly requestId: Uint8Array;
  readonly objectId: Uint8Array;
  readonly root: Uint8Array;
}

/** What the owner leaves for the sender when an item was filed: only who opened its description can make it. */
export function filedProof(receiptKey: Uint8Array, { requestId, objectId, root }: FiledItem): Bytes {
  return deriveKey("request/filed", receiptKey, requestId, objectId, root);
}

export function isFiledProof(proof: Uint8Array, receiptKey: Uint8Array, item: FiledItem): boolean {
  return equalBytes(proof, filedProof(receiptKey, item));
}
