/** The only file of this room that touches keys and sealed formats. */

import {
  type CborMap,
  concatBytes,
  decodeCbor,
  encodeCbor,
  equalBytes,
  FormatError,
  toBase64Url,
  toHex,
  uint32,
  utf8Encode,
} from "@excalibur/core/bytes";
import { ciphertextLength, EXEF_MAX_REAL_LENGTH } from "@excalibur/core/exef/public";
import { originHash, senderBindMessage } from "@excalibur/core/identity";
import { openCacheRecord, sealCacheRecord } from "@excalibur/core/keys";
import { deriveKey, signLabelled } from "@excalibur/core/labels";
import { hmacSha256, randomBytes, sha256, signatureKeyPairFromSeed } from "@excalibur/core/primitives";
import {
  createSending,
  type ItemDescription,
  openItem,
  openSending,
  type RequestAddress,
  type RequestSecrets,
  receiptCode,
  requestKeysOf,
  requestKnock,
  type Sending,
  senderDeviceKey,
  sendingOf,
} from "@excalibur/core/requests";

export {
  createRequestSecrets,
  filedProof,
  formatRequestUrl,
  ITEM_LIMITS,
  type ItemDescription,
  isFiledProof,
  type KeptRequest,
  keptRequests,
  openRequestText,
  parseRequestUrl,
  type RequestAddress,
  type RequestText,
  receiptCode,
  requestKeysOf,
  requestKnock,
  requireRequestKey,
  type Sending,
  sealItem,
  sealRequestText,
  withKeptRequest,
  withoutKeptRequest,
} from "@excalibur/core/requests";
export type { CborMap };
export { ciphertextLength };

/** The longest file whose object has at most so many bytes; -1 when none has. */
export function longestFile(objectBytes: number): number {
  let [fits, tooLong] = [-1, EXEF_MAX_REAL_LENGTH + 1];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (ciphertextLength(middle) <= objectBytes) fits = middle;
    else tooLong = middle;
  }
  return fits;
}

export interface RequestIdentity extends Pick<RequestAddress, "requestId" | "keyHash" | "textKey"> {
  readonly publicKey: Uint8Array;
}

/** What of a request follows from its secrets. */
export async function identityOf(secrets: RequestSecrets): Promise<RequestIdentity> {
  const { requestId, textKey } = secrets;
  return { requestId, textKey, ...(await requestKeysOf(secrets)) };
}

export function knockHash(address: Pick<RequestAddress, "requestId" | "textKey">): Uint8Array {
  return sha256(requestKnock(address));
}

/** Opens descriptions of one request. What one sender sealed shares a key, which is opened once. */
export class InboxOpener {
  readonly #place: Pick<RequestAddress, "requestId" | "keyHash">;
  readonly #sealingSeed: Uint8Array;
  readonly #keys = new Map<string, Promise<Uint8Array>>();
  readonly #receipts = new Map<string, string>();

  constructor({ requestId, keyHash }: RequestIdentity, sealingSeed: Uint8Array) {
    this.#place = { requestId, keyHash };
    this.#sealingSeed = sealingSeed;
  }

  /** Throws RequestItemError. */
  async open(record: Uint8Array, objectId: Uint8Array): Promise<ItemDescription> {
    const sealedKey = sendingOf(record);
    const id = toBase64Url(sha256(sealedKey));
    let key = this.#keys.get(id);
    if (key === undefined) {
      key = openSending(this.#place, this.#sealingSeed, sealedKey);
      this.#keys.set(id, key);
    }
    return await openItem({ record, key: await key, objectId });
  }

  /** The number on the receipt of whoever holds this key. */
  receiptOf(receiptKey: Uint8Array): string {
    const id = toBase64Url(receiptKey);
    const receipt = this.#receipts.get(id) ?? receiptCode(receiptKey, this.#place.requestId);
    this.#receipts.set(id, receipt);
    return receipt;
  }
}

/** A sender's key pair, and what binds it to one request of one server. */
export function bindSender(
  seed: Uint8Array,
  { requestId, origin }: { readonly requestId: Uint8Array; readonly origin: string },
): { readonly publicKey: Uint8Array; readonly proof: Uint8Array } {
  const { publicKey } = signatureKeyPairFromSeed(seed);
  const message = senderBindMessage({ requestId, originHash: originHash(origin), sessionKey: publicKey });
  return { publicKey, proof: signLabelled("sender", seed, message) };
}

/** What a device keeps to be the same sender after a restart. */
export interface SenderKeys {
  readonly sessionSeed: Uint8Array;
  readonly receiptKey: Uint8Array;
  readonly sending: Sending;
}

export async function createSenderKeys(place: RequestAddress, publicKey: Uint8Array): Promise<SenderKeys> {
  const sending = await createSending(place, publicKey);
  return { sessionSeed: randomBytes(32), receiptKey: randomBytes(32), sending };
}

export function encodeSenderKeys({ sessionSeed, receiptKey, sending }: SenderKeys): Uint8Array {
  return encodeCbor([sessionSeed, receiptKey, sending.key, sending.sealedKey]);
}

export function decodeSenderKeys(note: Uint8Array): SenderKeys {
  const value = decodeCbor(note);
  const [sessionSeed, receiptKey, key, sealedKey] = Array.isArray(value) ? value : [];
  const all = [sessionSeed, receiptKey, key, sealedKey];
  if (!all.every((each): each is Uint8Array => each instanceof Uint8Array))
    throw new FormatError("The note of a sender is damaged.");
  const [a, b, c, d] = all as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return { sessionSeed: a, receiptKey: b, sending: { key: c, sealedKey: d } };
}

/** How rows of a sender are sealed on his device: like an account's, by a key that only the address gives. */
export function senderRows(address: Pick<RequestAddress, "requestId" | "textKey">) {
  const { requestId } = address;
  const key = senderDeviceKey(address);
  const place = (name: string) => ({ accountKey: key, userId: requestId, generation: 0, name });
  return {
    localRowKey: (name: string) =>
      toHex(hmacSha256(deriveKey("row-name", key, requestId, uint32(0)), utf8Encode(name))),
    sealLocal: (name: string, plaintext: Uint8Array): Promise<Uint8Array> => sealCacheRecord(place(name), plaintext),
    openLocal: (name: string, sealed: Uint8Array): Promise<Uint8Array> => openCacheRecord(place(name), sealed),
  };
}

/** A name for a folder of a sender's own, the same at every start; nothing of it leaves the device. */
export function folderIdOf(folders: readonly string[]): Uint8Array {
  return sha256(utf8Encode(folders.join("/"))).slice(0, 16);
}

export { concatBytes, decodeCbor, encodeCbor, equalBytes };
