/** Links (spec/links.md §1 to §4). */

import { type Bytes, concat, Reader } from "../foundations/bytes.ts";
import { decode, encode, type Value } from "../foundations/cbor.ts";
import { isAcceptableKey, publicKeyOf } from "../foundations/ed25519.ts";
import { deriveKey } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { type GivenIvs, KIND, open, seal } from "../object/exef.ts";
import { passwordKey } from "../object/standalone.ts";
import { fingerprintOf } from "./identity.ts";
import { isAcceptableXWingKey, X_WING_KEY_BYTES, xWingPublicKey } from "./x-wing.ts";

export interface LinkSecret {
  readonly linkId: Uint8Array;
  readonly secret: Uint8Array;
  readonly password?: string;
}

export interface LinkKeys {
  readonly passwordKey: Bytes;
  readonly knock: Bytes;
  readonly ed25519Seed: Bytes;
  readonly xWingSeed: Bytes;
  readonly recordKey: Bytes;
}

/** §2. */
export function linkKeys({ linkId, secret, password }: LinkSecret): LinkKeys {
  const salt = deriveKey("link/salt", secret, linkId).slice(0, 16);
  const own = password === undefined ? new Uint8Array(0) : passwordKey(password, salt);
  const input = concat(secret, own);
  return {
    passwordKey: own,
    knock: deriveKey("link/knock", secret, linkId),
    ed25519Seed: deriveKey("link/sign", input, linkId),
    xWingSeed: deriveKey("link/kem", input, linkId),
    recordKey: deriveKey("link/open", input, linkId),
  };
}

/** §3, first part. */
export function publicKeysOf(linkId: Uint8Array, keys: LinkKeys): Bytes {
  return concat(linkId, publicKeyOf(keys.ed25519Seed), xWingPublicKey(keys.xWingSeed));
}

export function readPublicKeys(bytes: Uint8Array): { fingerprint: Bytes } {
  const reader = new Reader(bytes);
  const linkId = reader.take(16);
  const ed25519Key = reader.take(32);
  const xWingKey = reader.take(X_WING_KEY_BYTES);
  reader.end();
  demand(isAcceptableKey(ed25519Key), "weak-key", "An Ed25519 key that offers no protection.");
  demand(isAcceptableXWingKey(xWingKey), "weak-key", "An X-Wing key that offers no protection.");
  return { fingerprint: fingerprintOf(linkId, ed25519Key, xWingKey) };
}

/** §4. */
export interface LinkRecord {
  readonly volumeId: Uint8Array;
  readonly genesisHash: Uint8Array;
  readonly manifestHash: Uint8Array;
  readonly headSequence: number;
  readonly headHash: Uint8Array;
  readonly role: number;
}

export function recordPlaintext(record: LinkRecord): Map<number, Value> {
  return new Map<number, Value>([
    [1, record.volumeId],
    [2, record.genesisHash],
    [3, record.manifestHash],
    [4, [record.headSequence, record.headHash]],
    [5, record.role],
  ]);
}

export interface RecordPlace {
  readonly linkId: Uint8Array;
  readonly recordKey: Uint8Array;
}

/** Anything may be sealed: must-fail cases put other things there. */
export function sealRecord(
  { linkId, recordKey }: RecordPlace,
  { objectId, ivs }: { readonly objectId: Uint8Array; readonly ivs: GivenIvs },
  plaintext: Uint8Array,
): Bytes {
  const context = concat(Uint8Array.of(5), linkId);
  return seal({ kind: KIND.slot, objectId, key: recordKey, context }, ivs, plaintext);
}

export function encodeRecord(record: LinkRecord): Bytes {
  return encode(recordPlaintext(record) as Map<number, Value>);
}

export function openRecord({ linkId, recordKey }: RecordPlace, sealed: Uint8Array): LinkRecord {
  const context = concat(Uint8Array.of(5), linkId);
  const map = decode(open(sealed, { kind: KIND.slot, key: recordKey, context }));
  demand(map instanceof Map, "malformed", "A link record is a map.");
  for (const key of map.keys()) {
    const isKnown = typeof key === "number" && ((key >= 1 && key <= 5) || key >= 64);
    demand(isKnown, "malformed", "A field that does not belong there.");
  }
  const head = map.get(4);
  demand(Array.isArray(head) && head.length === 2, "malformed", "A head is a sequence and a hash.");
  const [headSequence, headHash] = head;
  const isSequence = typeof headSequence === "number" && headSequence >= 0 && headSequence < 2 ** 48;
  demand(isSequence, "malformed", "An impossible sequence.");
  const role = map.get(5);
  demand(role === 16 || role === 17, "malformed", "A link has another role.");
  return {
    volumeId: bytesOf(map.get(1), 16),
    genesisHash: bytesOf(map.get(2), 32),
    manifestHash: bytesOf(map.get(3), 32),
    headSequence,
    headHash: bytesOf(headHash, 32),
    role,
  };
}

function bytesOf(value: Value | undefined, length: number): Bytes {
  demand(value instanceof Uint8Array && value.length === length, "malformed", "Bytes of another length.");
  return new Uint8Array(value);
}

/** §1. */
export function addressOf(server: string, { linkId, secret }: LinkSecret): string {
  return `${server}/s/${text(linkId)}#1.${text(secret)}`;
}

export function readAddress(address: string): { server: string; linkId: Bytes; secret: Bytes } {
  const parts = /^(https?:\/\/[^/?#@]+(?:\/[^?#]*)?)\/s\/([^/?#]*)#([0-9]+)\.(.*)$/.exec(address);
  demand(parts !== null, "malformed", "Not the address of a link.");
  const [, server = "", id = "", version, secret = ""] = parts;
  demand(/^[A-Za-z0-9_-]{22}$/.test(id), "malformed", "Not an id.");
  demand(version === "1", "unsupported", "An address of another version.");
  return { server, linkId: canonical(id, 16), secret: canonical(secret, 32) };
}

function canonical(encoded: string, length: number): Bytes {
  demand(/^[A-Za-z0-9_-]*$/.test(encoded), "malformed", "Not base64url.");
  const bytes = new Uint8Array(Buffer.from(encoded, "base64url"));
  demand(text(bytes) === encoded && bytes.length === length, "malformed", "Not the one base64url of so many bytes.");
  return bytes;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
