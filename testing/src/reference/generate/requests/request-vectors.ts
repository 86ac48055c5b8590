import { type Bytes, concat, hex, zeros } from "../../foundations/bytes.ts";
import { encode, type Value } from "../../foundations/cbor.ts";
import { publicKeyOf, sign } from "../../foundations/ed25519.ts";
import { ciphertextLength } from "../../object/padding.ts";
import { xWingPublicKey } from "../../people/x-wing.ts";
import {
  bindingMessage,
  deviceKeyOf,
  filedProof,
  type Item,
  itemPlaintext,
  keyHashOf,
  knockOf,
  openItem,
  openText,
  parseAddress,
  receiptNumber,
  sealItem,
  sealSendingKey,
  sealText,
  type Text,
  textPlaintext,
} from "../../requests/upload-request.ts";
import {
  type Case,
  fixed,
  flipped,
  type Json,
  overwritten,
  refused,
  type VectorFile,
  vectorIvs,
} from "../vector-file.ts";

const SEED = fixed("request seed", 32);
const OTHER_SEED = fixed("request seed of another", 32);
const REQUEST_ID = fixed("request", 16);
const TEXT_KEY = fixed("request text key", 32);
const SENDING_KEY = fixed("request sending key", 32);
const RECEIPT_KEY = fixed("request receipt key", 32);
const SENDER_SEED = fixed("request sender", 32);
const ORIGIN = "http://127.0.0.1:52419";
const SERVER = "https://files.example.org/drive";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const PUBLIC_KEY = xWingPublicKey(SEED);
const PLACE = { requestId: REQUEST_ID, keyHash: keyHashOf(PUBLIC_KEY), textKey: TEXT_KEY };
const SECRET = base64(concat(PLACE.keyHash, TEXT_KEY));
const ADDRESS = `${SERVER}/r/${base64(REQUEST_ID)}#${SECRET}`;

function addresses(): Case[] {
  return [
    ["with a prefix", ADDRESS],
    ["with a port", `http://127.0.0.1:52419/r/${base64(REQUEST_ID)}#${SECRET}`],
  ].map(([name, text]) => {
    const { server, requestId, keyHash, textKey } = parseAddress(text as string);
    const bytes = { requestId: hex(requestId), keyHash: hex(keyHash), textKey: hex(textKey) };
    return { name: name as string, text: text as string, server, ...bytes };
  });
}

function refusedAddresses(): Case[] {
  const wrong: [name: string, text: string][] = [
    ["without a fragment", ADDRESS.split("#")[0] as string],
    ["with a character less", ADDRESS.slice(0, -1)],
    ["with a character more", `${ADDRESS}A`],
    ["with an unused bit set", `${ADDRESS.slice(0, -1)}${bitSet(ADDRESS.slice(-1))}`],
    ["padded", `${ADDRESS}==`],
    ["with a query", ADDRESS.replace("#", "?a=b#")],
    ["with a name in front of the host", ADDRESS.replace("files.", "alice:secret@files.")],
    ["of another kind of page", ADDRESS.replace("/r/", "/s/")],
    ["with a shorter id", ADDRESS.replace(base64(REQUEST_ID), base64(REQUEST_ID).slice(1))],
    ["of another scheme", ADDRESS.replace("https:", "ftp:")],
    ["of the old alphabet", ADDRESS.replace(SECRET, `+/${SECRET.slice(2)}`)],
    ["nothing", ""],
  ];
  return wrong.map(([name, text]) =>
    refused(name, { refuse: "malformed", wrong: `An address ${name}.` }, { text }, () => parseAddress(text)),
  );
}

/** The last of 86 characters carries four bits that must be zero. */
function bitSet(character: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(character) | 1] as string;
}

const TEXT: Text = { title: "Wedding 💍", text: "All of them, please.", owner: "Alice", types: ["jpg", "heic"] };

function sealedText(plaintext: Uint8Array, place = PLACE): Bytes {
  return sealText(place, plaintext, fixed("request text object", 16), vectorIvs(fixed("request text iv", 32)));
}

function texts(): Case[] {
  return [TEXT, { title: "T", text: "", owner: "", types: [] }].map((text) => {
    const object = sealedText(textPlaintext(text));
    if (openText(PLACE, object).title !== text.title) throw new Error("A text does not open.");
    return { name: text.title, ...place(), ...text, types: [...text.types], object: hex(object) };
  });
}

function refusedTexts(): Case[] {
  const good = sealedText(textPlaintext(TEXT));
  const other = { ...PLACE, requestId: fixed("another request", 16) };
  const field = (key: number, value: Value) => {
    const map = new Map<number, Value>([
      [1, "T"],
      [2, ""],
      [3, ""],
      [4, []],
    ]);
    return sealedText(encode(map.set(key, value)));
  };
  const wrong: [name: string, refuse: "malformed" | "integrity", object: Bytes][] = [
    ["of another request", "integrity", sealedText(textPlaintext(TEXT), other)],
    ["for another key", "integrity", sealedText(textPlaintext(TEXT), { ...PLACE, keyHash: zeros(32) })],
    ["under another text key", "integrity", sealedText(textPlaintext(TEXT), { ...PLACE, textKey: SEED })],
    ["altered", "integrity", flipped(good, -20)],
    ["without a title", "malformed", field(1, "  ")],
    ["with a title that is too long", "malformed", field(1, "x".repeat(201))],
    ["with a type in capitals", "malformed", field(4, ["JPG"])],
    ["with a type twice", "malformed", field(4, ["jpg", "jpg"])],
    ["with a type that is no text", "malformed", field(4, [1])],
    ["with a field that is not known", "malformed", field(5, 1)],
  ];
  return wrong.map(([name, refuse, object]) =>
    refused(name, { refuse, wrong: `A text ${name}.` }, { ...place(), object: hex(object) }, () =>
      openText(PLACE, object),
    ),
  );
}

function place(): { [key: string]: Json } {
  return { requestId: hex(REQUEST_ID), keyHash: hex(PLACE.keyHash), textKey: hex(TEXT_KEY) };
}

const ITEM: Item = {
  objectId: fixed("request content", 16),
  fileKey: fixed("request file key", 32),
  root: fixed("request root", 32),
  ciphertextLength: ciphertextLength(70_000),
  sizeBytes: 70_000,
  path: ["photos", "ring.jpg"],
  receiptKey: RECEIPT_KEY,
  modifiedMs: -1,
  mediaType: "image/jpeg",
  sender: "Uncle Bob",
  note: "From the church",
};

const SEALED_KEY = sealSendingKey(PLACE, SENDING_KEY, PUBLIC_KEY, fixed("request randomness", 64));
const SEALING = {
  sendingKey: SENDING_KEY,
  sealedKey: SEALED_KEY,
  objectId: fixed("request description", 16),
  ivs: vectorIvs(fixed("request description iv", 32)),
};

function items(): Case[] {
  const { sender: _s, note: _n, ...bare } = ITEM;
  return [
    ["with all there is", ITEM],
    ["with what there must be, of an empty file", { ...bare, sizeBytes: 0, ciphertextLength: 658, path: ["a"] }],
  ].map(([name, each]) => {
    const item = each as Item;
    const record = sealItem(SEALING, encode(itemPlaintext(item)));
    openItem(PLACE, SEED, item.objectId, record);
    const { objectId, fileKey, root, receiptKey, path, ...plain } = item;
    const bytes = { objectId: hex(objectId), fileKey: hex(fileKey), root: hex(root), receiptKey: hex(receiptKey) };
    return {
      name: name as string,
      ...place(),
      seed: hex(SEED),
      ...bytes,
      path: [...path],
      ...plain,
      record: hex(record),
    };
  });
}

function refusedItems(): Case[] {
  const good = sealItem(SEALING, encode(itemPlaintext(ITEM)));
  const field = (key: number, value: Value | undefined) => {
    const map = itemPlaintext(ITEM);
    if (value === undefined) map.delete(key);
    else map.set(key, value);
    return sealItem(SEALING, encode(map));
  };
  const elsewhere = { ...PLACE, requestId: fixed("another request", 16) };
  const randomness = fixed("request randomness", 64);
  const sealedFor = (at: typeof PLACE, publicKey: Bytes, key = SENDING_KEY) => ({
    ...SEALING,
    sendingKey: key.every((byte) => byte === 0) ? SENDING_KEY : key,
    sealedKey: sealSendingKey(at, key, publicKey, randomness),
  });
  const whole = encode(itemPlaintext(ITEM));
  const wrong: [name: string, record: Bytes][] = [
    ["cut", good.slice(0, -1)],
    ["cut in its sealed key", good.slice(0, 1000)],
    ["with a byte more", concat(good, zeros(1))],
    ["of another magic", overwritten(good, 0, Uint8Array.of(0x45, 0x58, 0x51, 0x34))],
    ["whose sealed key was altered", flipped(good, 1_130)],
    ["whose description was altered", flipped(good, -20)],
    ["sealed to another key", sealItem(sealedFor(PLACE, xWingPublicKey(OTHER_SEED)), whole)],
    ["sealed for another request", sealItem(sealedFor(elsewhere, PUBLIC_KEY), whole)],
    ["sealed for another hash of the key", sealItem(sealedFor({ ...PLACE, keyHash: zeros(32) }, PUBLIC_KEY), whole)],
    ["under another sending key", sealItem({ ...SEALING, sendingKey: OTHER_SEED }, whole)],
    ["with a sending key of zeros", sealItem(sealedFor(PLACE, PUBLIC_KEY, zeros(32)), whole)],
    ["whose description is of another kind", sealItem({ ...SEALING, kind: 1 }, whole)],
    ["that describes another object", field(1, fixed("another object", 16))],
    ["with a file key of zeros", field(2, zeros(32))],
    ["with a receipt key of zeros", field(7, zeros(32))],
    ["with a length that is not its size's", field(4, ciphertextLength(70_000) + 1)],
    ["without a path", field(6, [])],
    ["that leaves its folder", field(6, ["..", "x"])],
    ["with a slash in a name", field(6, ["a/b"])],
    ["with a name that turns text around", field(6, ["cod.\u202etxt"])],
    [
      "too deep",
      field(
        6,
        Array.from({ length: 65 }, () => "a"),
      ),
    ],
    [
      "with a path that is too long",
      field(
        6,
        Array.from({ length: 5 }, () => "a".repeat(1_000)),
      ),
    ],
    ["with a note that is too long", field(11, "x".repeat(2_001))],
    ["with a sender that is no text", field(10, 1)],
    ["without a media type", field(9, undefined)],
    ["with a field that is not known", field(12, 1)],
  ];
  return wrong.map(([name, record]) =>
    refused(
      name,
      { refuse: "integrity", wrong: `An item ${name}.` },
      { ...place(), seed: hex(SEED), objectId: hex(ITEM.objectId), record: hex(record) },
      () => openItem(PLACE, SEED, ITEM.objectId, record),
    ),
  );
}

export function requestVectors(): VectorFile {
  const sessionKey = publicKeyOf(SENDER_SEED);
  const message = bindingMessage(REQUEST_ID, ORIGIN, sessionKey);
  return {
    about:
      "Upload requests: addresses, derivations, title and text, items, bindings of senders, receipts (spec/requests.md).",
    keys: [{ name: "a request", seed: hex(SEED), publicKey: hex(PUBLIC_KEY), keyHash: hex(PLACE.keyHash) }],
    addresses: addresses(),
    refusedAddresses: refusedAddresses(),
    derivations: [{ name: "of a text key", ...place(), knock: hex(knockOf(PLACE)), device: hex(deviceKeyOf(PLACE)) }],
    texts: texts(),
    refusedTexts: refusedTexts(),
    items: items(),
    refusedItems: refusedItems(),
    bindings: [
      {
        ...{ name: "a sender", requestId: hex(REQUEST_ID), origin: ORIGIN, seed: hex(SENDER_SEED) },
        ...{ message: hex(message), proof: hex(sign("sender", SENDER_SEED, message)) },
      },
    ],
    receipts: [
      {
        ...{ name: "of an item", requestId: hex(REQUEST_ID), receiptKey: hex(RECEIPT_KEY) },
        ...{ objectId: hex(ITEM.objectId), root: hex(ITEM.root), number: receiptNumber(RECEIPT_KEY, REQUEST_ID) },
        proof: hex(filedProof(RECEIPT_KEY, REQUEST_ID, ITEM)),
      },
    ],
  };
}
