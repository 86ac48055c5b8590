/** Upload requests (spec/requests.md): addresses, texts, items, bindings, receipts. */

import { ascii, type Bytes, concat, equal, hex, Reader, utf8, zeros } from "../foundations/bytes.ts";
import { decode, encode, type Value } from "../foundations/cbor.ts";
import { arrayField, asMap, bytesField, intField, onlyKeys, textField, uintField } from "../foundations/fields.ts";
import { demandKey, deriveKey, labelledHash, sha256 } from "../foundations/hashes.ts";
import { demand, Refusal } from "../foundations/refusal.ts";
import { type GivenIvs, KIND, open, seal } from "../object/exef.ts";
import { ciphertextLength } from "../object/padding.ts";
import { ENC_BYTES, hpkeOpen, hpkeSeal } from "../people/x-wing.ts";
import { isNameAllowed } from "../volume/names.ts";

export interface Place {
  readonly requestId: Uint8Array;
  readonly keyHash: Uint8Array;
}

export interface Address extends Place {
  readonly server: string;
  readonly textKey: Uint8Array;
}

export function keyHashOf(publicKey: Uint8Array): Bytes {
  return labelledHash("request-key", publicKey);
}

function base64Url(text: string, length: number): Bytes {
  const bytes = new Uint8Array(Buffer.from(text, "base64url"));
  const isCanonical = Buffer.from(bytes).toString("base64url") === text;
  demand(bytes.length === length && isCanonical, "malformed", "Not the one base64url of so many bytes.");
  return bytes;
}

/** §1, character by character. */
export function parseAddress(text: string): Address {
  const [address, secret, ...more] = text.split("#");
  demand(address !== undefined && secret !== undefined && more.length === 0, "malformed", "Not one fragment.");
  const found = /^(https?:\/\/[^/?#@]+(?:\/[^?#]*)?)\/r\/([^/?#]*)$/.exec(address);
  demand(found !== null, "malformed", "Not an address of a request.");
  const bytes = base64Url(secret, 64);
  return {
    server: found[1] as string,
    requestId: base64Url(found[2] as string, 16),
    keyHash: bytes.slice(0, 32),
    textKey: bytes.slice(32),
  };
}

export function knockOf({ requestId, textKey }: Pick<Address, "requestId" | "textKey">): Bytes {
  return deriveKey("request/knock", textKey, requestId);
}

export function deviceKeyOf({ requestId, textKey }: Pick<Address, "requestId" | "textKey">): Bytes {
  return deriveKey("request/device", textKey, requestId);
}

// §2

export interface Text {
  readonly title: string;
  readonly text: string;
  readonly owner: string;
  readonly types: readonly string[];
}

type TextPlace = Omit<Address, "server">;

function textBinding({ requestId, keyHash, textKey }: TextPlace) {
  const context = concat(Uint8Array.of(8), requestId, keyHash);
  return { kind: KIND.slot, key: deriveKey("request/text", textKey, requestId), context };
}

export function textPlaintext({ title, text, owner, types }: Text): Bytes {
  return encode(
    new Map<number, Value>([
      [1, title],
      [2, text],
      [3, owner],
      [4, [...types]],
    ]),
  );
}

export function sealText(place: TextPlace, plaintext: Uint8Array, objectId: Uint8Array, ivs: GivenIvs): Bytes {
  return seal({ ...textBinding(place), objectId }, ivs, plaintext);
}

export function openText(place: TextPlace, bytes: Uint8Array): Text {
  const map = asMap(decode(open(bytes, textBinding(place))));
  onlyKeys(map, [1, 2, 3, 4]);
  const title = textField(map, 1, 200);
  demand(title.trim() !== "", "malformed", "No title.");
  const [text, owner] = [textField(map, 2, 4_000), textField(map, 3, 200)];
  const types = arrayField(map, 4).map((type) => {
    const isType = typeof type === "string" && type.length <= 16 && /^[a-z0-9][a-z0-9+_-]*$/.test(type);
    demand(isType, "malformed", "Not a type.");
    return type as string;
  });
  demand(types.length <= 50 && new Set(types).size === types.length, "malformed", "Too many types, or one twice.");
  return { title, text, owner, types };
}

// §3

export interface Item {
  readonly objectId: Uint8Array;
  readonly fileKey: Uint8Array;
  readonly root: Uint8Array;
  readonly ciphertextLength: number;
  readonly sizeBytes: number;
  readonly path: readonly string[];
  readonly receiptKey: Uint8Array;
  readonly modifiedMs: number;
  readonly mediaType: string;
  readonly sender?: string;
  readonly note?: string;
}

function infoOf({ requestId, keyHash }: Place): Bytes {
  return concat(ascii("excalibur/v3/request"), zeros(1), requestId, keyHash);
}

export function sealSendingKey(place: Place, key: Uint8Array, publicKey: Uint8Array, randomness: Uint8Array): Bytes {
  const sealed = hpkeSeal(publicKey, randomness, { info: infoOf(place), aad: zeros(0) }, key);
  return concat(sealed.enc, sealed.ciphertext);
}

export function itemPlaintext(item: Item): Map<number, Value> {
  const fields: [number, Value | undefined][] = [
    ...([
      [1, item.objectId],
      [2, item.fileKey],
      [3, item.root],
      [4, item.ciphertextLength],
    ] as [number, Value][]),
    ...([
      [5, item.sizeBytes],
      [6, [...item.path]],
      [7, item.receiptKey],
      [8, item.modifiedMs],
    ] as [number, Value][]),
    ...([
      [9, item.mediaType],
      [10, item.sender],
      [11, item.note],
    ] as [number, Value | undefined][]),
  ];
  return new Map(fields.filter((field): field is [number, Value] => field[1] !== undefined));
}

export interface ItemSealing {
  readonly sendingKey: Uint8Array;
  readonly sealedKey: Uint8Array;
  /** Of the description, not of what it describes. */
  readonly objectId: Uint8Array;
  readonly ivs: GivenIvs;
  readonly kind?: number;
}

/** `plaintext` is a description; a must-fail case may put anything there. */
export function sealItem({ sendingKey, sealedKey, kind, ...sealing }: ItemSealing, plaintext: Uint8Array): Bytes {
  const binding = { kind: kind ?? KIND.requestItem, objectId: sealing.objectId, key: sendingKey, context: zeros(0) };
  return concat(ascii("EXQ3"), sealedKey, seal(binding, sealing.ivs, plaintext));
}

/** Whatever is wrong with an item is `integrity`: nobody can tell a sender's mistake from what somebody altered. */
export function openItem(place: Place, sealingSeed: Uint8Array, objectId: Uint8Array, bytes: Uint8Array): Item {
  try {
    return readItem(place, sealingSeed, objectId, bytes);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal("integrity", error.message, { cause: error });
    throw error;
  }
}

function readItem(place: Place, sealingSeed: Uint8Array, objectId: Uint8Array, bytes: Uint8Array): Item {
  const reader = new Reader(bytes);
  demand(equal(reader.take(4), ascii("EXQ3")), "malformed", "Not an item.");
  const [enc, ciphertext] = [reader.take(ENC_BYTES), reader.take(48)];
  const key = hpkeOpen(sealingSeed, enc, { info: infoOf(place), aad: zeros(0) }, ciphertext);
  demandKey(key);
  const map = asMap(decode(open(reader.take(reader.left), { kind: KIND.requestItem, key, context: zeros(0) })));
  onlyKeys(map, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const path = arrayField(map, 6).map((name) => {
    demand(typeof name === "string" && isNameAllowed(name), "malformed", "Not a name.");
    return name as string;
  });
  demand(path.length >= 1 && path.length <= 64, "malformed", "No path, or too deep.");
  demand(utf8(path.join("/")).length <= 4_096, "malformed", "The path is too long.");
  const item: Item = {
    objectId: bytesField(map, 1, 16),
    fileKey: bytesField(map, 2, 32),
    root: bytesField(map, 3, 32),
    ciphertextLength: uintField(map, 4),
    sizeBytes: uintField(map, 5),
    path,
    receiptKey: bytesField(map, 7, 32),
    modifiedMs: intField(map, 8),
    mediaType: textField(map, 9, 255),
    ...(map.has(10) && { sender: textField(map, 10, 200) }),
    ...(map.has(11) && { note: textField(map, 11, 2_000) }),
  };
  demandKey(item.fileKey);
  demandKey(item.receiptKey);
  demand(ciphertextLength(item.sizeBytes) === item.ciphertextLength, "malformed", "The lengths disagree.");
  demand(equal(item.objectId, objectId), "integrity", "It describes another object.");
  return item;
}

// §4, §5

export function bindingMessage(requestId: Uint8Array, origin: string, sessionKey: Uint8Array): Bytes {
  return concat(Uint8Array.of(5), requestId, sha256(ascii(origin)), sessionKey);
}

export function receiptNumber(receiptKey: Uint8Array, requestId: Uint8Array): string {
  const value = BigInt(`0x${hex(deriveKey("request/receipt", receiptKey, requestId))}`) % 10n ** 20n;
  const digits = value.toString().padStart(20, "0");
  return [0, 5, 10, 15].map((at) => digits.slice(at, at + 5)).join(" ");
}

export function filedProof(
  receiptKey: Uint8Array,
  requestId: Uint8Array,
  item: Pick<Item, "objectId" | "root">,
): Bytes {
  return deriveKey("request/filed", receiptKey, requestId, item.objectId, item.root);
}
