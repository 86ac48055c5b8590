/** Identity records, chains and fingerprints (spec/people.md §1, §2). */

import { ascii, type Bytes, be, concat, equal, isZero, Reader } from "../foundations/bytes.ts";
import { demandSignature, isAcceptableKey, sign } from "../foundations/ed25519.ts";
import { labelledHash, sha256 } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { isAcceptableXWingKey } from "./x-wing.ts";

export interface Identity {
  readonly userId: Bytes;
  readonly sequence: number;
  readonly previous: Bytes;
  readonly ed25519Key: Bytes;
  readonly xWingKey: Bytes;
  readonly createdMs: number;
  readonly name: string;
  readonly hash: Bytes;
  readonly fingerprint: Bytes;
}

export interface IdentityFields {
  readonly userId: Uint8Array;
  readonly sequence: number;
  readonly previous: Uint8Array;
  readonly ed25519Key: Uint8Array;
  readonly xWingKey: Uint8Array;
  readonly createdMs: number;
  readonly name: string;
}

export function encodeIdentity(fields: IdentityFields, seed: Uint8Array, previousSeed?: Uint8Array): Bytes {
  const body = concat(
    ascii("EXI3"),
    fields.userId,
    be(4, fields.sequence),
    fields.previous,
    fields.ed25519Key,
    fields.xWingKey,
    be(8, fields.createdMs),
    be(1, fields.name.length),
    ascii(fields.name),
  );
  const signed = concat(body, sign("identity", seed, body));
  return previousSeed === undefined ? signed : concat(signed, sign("identity-next", previousSeed, signed));
}

export function fingerprintOf(userId: Uint8Array, ed25519Key: Uint8Array, xWingKey: Uint8Array): Bytes {
  return labelledHash("identity", userId, ed25519Key, xWingKey);
}

/** Sixty digits in twelve groups of five. */
export function fingerprintDigits(fingerprint: Uint8Array): string {
  let number = 0n;
  for (const byte of fingerprint) number = number * 256n + BigInt(byte);
  const digits = (number % 10n ** 60n).toString().padStart(60, "0");
  return digits.match(/.{5}/g)?.join(" ") ?? "";
}

/** Reads one record and checks its own signature; `before` is needed for every sequence but 0. */
export function readIdentity(record: Uint8Array, before: Identity | undefined): Identity {
  const reader = new Reader(record);
  demand(equal(reader.take(4), ascii("EXI3")), "malformed", "Not an identity.");
  const userId = reader.take(16);
  const sequence = reader.uint(4);
  const previous = reader.take(32);
  const ed25519Key = reader.take(32);
  const xWingKey = reader.take(1216);
  const createdMs = reader.uint(8);
  const nameBytes = reader.take(reader.uint(1));
  const name = String.fromCharCode(...nameBytes);
  demand(/^[a-z0-9._-]{3,32}$/.test(name), "malformed", "Not a user name.");
  const signedLength = reader.offset;
  const signature = reader.take(64);
  const nextSignedLength = reader.offset;
  const nextSignature = sequence > 0 ? reader.take(64) : undefined;
  reader.end();
  if (sequence === 0) demand(isZero(previous), "malformed", "The first identity names one before it.");

  demand(isAcceptableKey(ed25519Key), "weak-key", "The Ed25519 key is weak.");
  demand(isAcceptableXWingKey(xWingKey), "weak-key", "The X-Wing key is weak.");
  demandSignature("identity", ed25519Key, record.subarray(0, signedLength), signature);

  if (nextSignature !== undefined) {
    demand(before !== undefined, "succession", "The identity before it is missing.");
    demand(equal(before.userId, userId) && before.name === name, "succession", "It is somebody else's.");
    demand(sequence === before.sequence + 1, "succession", "The sequence does not grow by one.");
    demand(equal(previous, before.hash), "succession", "It names another record before it.");
    demandSignature("identity-next", before.ed25519Key, record.subarray(0, nextSignedLength), nextSignature);
  } else demand(before === undefined, "succession", "A first identity cannot follow another.");
  const fingerprint = fingerprintOf(userId, ed25519Key, xWingKey);
  return { userId, sequence, previous, ed25519Key, xWingKey, createdMs, name, hash: sha256(record), fingerprint };
}

/** The whole chain, from sequence 0 on; the last one is in force. */
export function readIdentityChain(records: readonly Uint8Array[]): Identity[] {
  const chain: Identity[] = [];
  for (const record of records) chain.push(readIdentity(record, chain.at(-1)));
  return chain;
}
