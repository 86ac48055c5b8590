import {
  type Bytes,
  type CborKey,
  type CborMap,
  type CborValue,
  decodeCbor,
  encodeCbor,
  FormatError,
  isAllZero,
  toBase64Url,
  WeakKeyError,
} from "../bytes/index.ts";
import type { HistoryPosition } from "../volume/record/index.ts";
import { CborFields, cborFields } from "./cbor-fields.ts";
import type { Contact, HistoryNote, IdentitySeeds, Keyring, KeyringVolume } from "./keyring.ts";

const COUNTER_LIMIT = 2 ** 48;
const SHORT_COUNTER_LIMIT = 2 ** 32;

/** The keyring's plaintext and the one field that belongs to its place in the chain. */
export interface KeyringPlaintext {
  readonly keyring: Keyring;
  /** chain of the version before, 32 bytes. */
  readonly previousChain: Uint8Array;
}

/** Throws FormatError if the keyring would not be readable again. */
export function encodeKeyring({ keyring, previousChain }: KeyringPlaintext): Bytes {
  const { identity } = keyring;
  const map = cborFields(
    {
      1: previousChain,
      2: identity.signatureSeed,
      3: identity.sealingSeed,
      4: keyring.earlierIdentities.map((each) => [each.sequence, each.signatureSeed, each.sealingSeed]),
      5: new Map([...keyring.volumes.values()].map((volume) => [volume.volumeId, volumeMap(volume)])),
      6: new Map([...keyring.contacts.values()].map((contact) => [contact.userId, contactMap(contact)])),
      7: keyring.links,
      8: keyring.requests,
      9: new Map(keyring.settings),
      10: keyring.history.map(({ atMs, text }) => [atMs, text]),
      11: keyring.homeVolumeId,
      12: identity.sequence,
    },
    keyring.extras,
  );
  const bytes = encodeCbor(map);
  decodeKeyring(bytes);
  return bytes;
}

function volumeMap({ keys, head, extras }: KeyringVolume): CborMap {
  return cborFields({ 1: new Map(keys), 2: head === null ? null : [head.sequence, head.hash] }, extras);
}

function contactMap({ fingerprint, verified, name, extras }: Contact): CborMap {
  return cborFields({ 1: fingerprint, 2: verified, 3: name }, extras);
}

/** Throws FormatError, or WeakKeyError if a key in it is all zero. */
export function decodeKeyring(bytes: Uint8Array): KeyringPlaintext {
  const fields = new CborFields(decodeCbor(bytes), "keyring");
  const previousChain = fields.bytes(1, 32);
  const identity: IdentitySeeds = {
    sequence: counter(fields.uint(12), SHORT_COUNTER_LIMIT),
    signatureSeed: secret(fields.bytes(2, 32)),
    sealingSeed: secret(fields.bytes(3, 32)),
  };
  const keyring: Keyring = {
    identity,
    earlierIdentities: readEarlier(fields.array(4), identity.sequence),
    volumes: readById(fields.map(5), readVolume),
    contacts: readById(fields.map(6), readContact),
    links: fields.map(7),
    requests: fields.map(8),
    settings: readSettings(fields.map(9)),
    history: fields.array(10).map(readNote),
    homeVolumeId: fields.bytes(11, 16),
    extras: fields.finish(),
  };
  return { keyring, previousChain };
}

function readEarlier(rows: readonly CborValue[], current: number): IdentitySeeds[] {
  let last = -1;
  return rows.map((value) => {
    const [sequence, signatureSeed, sealingSeed] = row(value, 3);
    const isNext = typeof sequence === "number" && sequence > last && sequence < current;
    if (!isNext || !isBytes(signatureSeed, 32) || !isBytes(sealingSeed, 32)) throw wrong("an earlier identity");
    last = sequence;
    return { sequence, signatureSeed: secret(signatureSeed), sealingSeed: secret(sealingSeed) };
  });
}

function readById<T>(map: CborMap, read: (id: Uint8Array, value: CborValue) => T): Map<string, T> {
  const items = new Map<string, T>();
  for (const [key, value] of map) {
    if (!isBytes(key, 16)) throw wrong("an id");
    items.set(toBase64Url(key), read(key, value));
  }
  return items;
}

function readVolume(volumeId: Uint8Array, value: CborValue): KeyringVolume {
  const fields = new CborFields(value, "keyring's volume");
  const keys = new Map<number, Uint8Array>();
  for (const [g, key] of fields.map(1)) {
    if (typeof g !== "number" || !isBytes(key, 32)) throw wrong("a volume key");
    keys.set(counter(g, SHORT_COUNTER_LIMIT), secret(key));
  }
  const head = readHead(fields.any(2));
  return { volumeId, keys, head, extras: fields.finish() };
}

function readHead(value: CborValue | undefined): HistoryPosition | null {
  if (value === null) return null;
  const [sequence, hash] = row(value, 2);
  if (typeof sequence !== "number" || !isBytes(hash, 32)) throw wrong("an accepted head");
  return { sequence: counter(sequence, COUNTER_LIMIT), hash };
}

function readContact(userId: Uint8Array, value: CborValue): Contact {
  const fields = new CborFields(value, "keyring's contact");
  const contact = { userId, fingerprint: fields.bytes(1, 32), verified: fields.bool(2), name: fields.text(3) };
  return { ...contact, extras: fields.finish() };
}

function readSettings(map: CborMap): Map<string, CborValue> {
  const settings = new Map<string, CborValue>();
  for (const [key, value] of map) {
    if (typeof key !== "string") throw wrong("a setting");
    settings.set(key, value);
  }
  return settings;
}

function readNote(value: CborValue): HistoryNote {
  const [atMs, text] = row(value, 2);
  if (typeof atMs !== "number" || typeof text !== "string") throw wrong("a note of the history");
  return { atMs, text };
}

function row(value: CborValue | undefined, length: number): readonly CborValue[] {
  if (!Array.isArray(value) || value.length !== length) throw wrong("a row");
  return value;
}

function isBytes(value: CborValue | CborKey | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

function counter(value: number, limit: number): number {
  if (value < 0 || value >= limit) throw wrong("a counter");
  return value;
}

function secret(key: Uint8Array): Uint8Array {
  if (isAllZero(key)) throw new WeakKeyError("The keyring holds a key of zero bytes. It was not accepted.");
  return key;
}

function wrong(what: string): FormatError {
  return new FormatError(`The keyring holds ${what} of a wrong form.`);
}
