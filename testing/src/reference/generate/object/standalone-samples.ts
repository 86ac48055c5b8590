import { type Bytes, hex } from "../../foundations/bytes.ts";
import { KIND, seal } from "../../object/exef.ts";
import { encodeStandalone, passwordEntry, recipientEntry } from "../../object/standalone.ts";
import { xWingPublicKey } from "../../people/x-wing.ts";
import { fixed, type Json, packed, repeated, vectorIvs } from "../vector-file.ts";
import { NONE, PATTERN } from "./exef-samples.ts";

export const FK = fixed("standalone file key", 32);
export const OBJECT_ID = fixed("standalone object", 16);
export const IV = fixed("standalone iv", 32);
export const SALT = fixed("password 0 salt", 16);
export const PASSWORD = "correct horse battery staple";
/** The ligature and the decomposed letter: NFKC makes "fi" and "é" of them. */
export const SECOND_PASSWORD = "o\uFB01cina caf\u0065\u0301 24";
export const SEEDS: readonly Bytes[] = Array.from({ length: 16 }, (_, i) => fixed(`recipient ${i} seed`, 32));

export interface Built {
  readonly bytes: Bytes;
  readonly object: Bytes;
  readonly entries: Bytes[];
  readonly data: Bytes;
  readonly recipe: Json;
}

export function recipientOf(index: number, secret: Uint8Array = FK, objectId: Uint8Array = OBJECT_ID): Bytes {
  const randomness = fixed(`recipient ${index} randomness`, 64);
  return recipientEntry(objectId, secret, xWingPublicKey(SEEDS[index] as Bytes), randomness);
}

export function recipientsOf(...indexes: readonly number[]): Bytes[] {
  return indexes.map((index) => recipientOf(index));
}

export function passwordOf(
  password: string,
  index = 0,
  secret: Uint8Array = FK,
  objectId: Uint8Array = OBJECT_ID,
): Bytes {
  return passwordEntry(objectId, secret, {
    password,
    salt: fixed(`password ${index} salt`, 16),
    slotId: fixed(`password ${index} slot`, 16),
    ivs: vectorIvs(fixed(`password ${index} iv`, 32)),
  });
}

export function entriesOf(wanted: { readonly passwords: string[]; readonly recipients: number[] }): Bytes[] {
  const passwords = wanted.passwords.map((password, index) => passwordOf(password, index));
  return [
    ...recipientsOf(...wanted.recipients.slice(0, 1)),
    ...passwords,
    ...recipientsOf(...wanted.recipients.slice(1)),
  ];
}

export function objectOf(size: number, kind: number = KIND.standalone): { object: Bytes; data: Bytes; recipe: Json } {
  const { bytes, recipe } = repeated(PATTERN, size);
  const object = seal({ kind, objectId: OBJECT_ID, key: FK, context: NONE }, vectorIvs(IV), bytes);
  return { object, data: bytes, recipe };
}

export function standalone(size: number, entries: Bytes[]): Built {
  const { object, data, recipe } = objectOf(size);
  return { bytes: encodeStandalone(FK, object, entries), object, entries, data, recipe };
}

/** How the file stands in the vectors: a long object as what it is sealed from. */
export function packedFile({ bytes, object }: Built): { [key: string]: Json } {
  if (object.length <= 2000) return { file: packed(bytes) };
  const head = bytes.slice(0, bytes.length - object.length);
  return { head: hex(head), key: hex(FK), objectId: hex(OBJECT_ID), iv: hex(IV) };
}
