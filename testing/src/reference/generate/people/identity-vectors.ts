import { ascii, type Bytes, be, concat, hex, zeros } from "../../foundations/bytes.ts";
import { sign } from "../../foundations/ed25519.ts";
import { sha256 } from "../../foundations/hashes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import {
  encodeIdentity,
  fingerprintDigits,
  type IdentityFields,
  readIdentity,
  readIdentityChain,
} from "../../people/identity.ts";
import { type Case, fixed, flipped, type Json, overwritten, refused, type VectorFile } from "../vector-file.ts";
import { alice, bob, carol, carolAgain, identityFields, identityOf, type Person, person } from "./people.ts";

function following(before: Bytes, one: Person, signer: Person, changes: Partial<IdentityFields> = {}): Bytes {
  const fields = identityFields(one, { sequence: 1, previous: sha256(before), ...changes });
  return encodeIdentity(fields, one.seed, signer.seed);
}

const FIRST = identityOf(carol);
const SECOND = following(FIRST, carolAgain, carol);
const carolOnceMore = person("carol", "carol once more");
const THIRD = following(SECOND, carolOnceMore, carolAgain, { sequence: 2 });

function chainCase(name: string, records: readonly Bytes[]): Case {
  const chain = readIdentityChain(records);
  return {
    name,
    records: records.map(hex),
    identities: chain.map((identity) => ({
      userId: hex(identity.userId),
      sequence: identity.sequence,
      ed25519Key: hex(identity.ed25519Key),
      createdMs: identity.createdMs,
      name: identity.name,
      hash: hex(identity.hash),
      fingerprint: hex(identity.fingerprint),
      digits: fingerprintDigits(identity.fingerprint),
    })),
  };
}

function digitsCases(): Json[] {
  const fingerprints = [
    zeros(32),
    new Uint8Array(32).fill(255),
    concat(zeros(31), Uint8Array.of(7)),
    fixed("digits", 32),
  ];
  return fingerprints.map((fingerprint) => ({ fingerprint: hex(fingerprint), digits: fingerprintDigits(fingerprint) }));
}

/** The signature fits whatever stands before it. */
function resigned(body: Bytes, signer: Person): Bytes {
  return concat(body, sign("identity", signer.seed, body));
}

function refusedRecords(): Case[] {
  const record = identityOf(alice);
  const body = record.slice(0, -64);
  const make = (name: string, refuse: RefusalClass, bytes: Bytes): Case =>
    refused(name, { refuse, wrong: name }, { records: [hex(bytes)] }, () => readIdentity(bytes, undefined));
  const altered = (name: string, refuse: RefusalClass, at: number, piece: Uint8Array): Case =>
    make(name, refuse, resigned(overwritten(body, at, piece), alice));
  const named = (name: string): Bytes => encodeIdentity(identityFields(alice, { name }), alice.seed);
  const rawName = (bytes: Uint8Array): Bytes =>
    resigned(concat(body.slice(0, 1312), be(1, bytes.length), bytes), alice);
  const weak = (publicKey: Bytes): Bytes =>
    encodeIdentity(identityFields(alice, { ed25519Key: publicKey }), alice.seed);
  const weakKem = (xWingKey: Bytes): Bytes => encodeIdentity(identityFields(alice, { xWingKey }), alice.seed);
  return [
    altered("another magic", "malformed", 3, ascii("2")),
    make("nothing", "malformed", zeros(0)),
    make("a byte missing", "malformed", record.slice(0, -1)),
    make("a byte left over", "malformed", concat(record, zeros(1))),
    altered("sequence 0 with a record before it", "malformed", 24, Uint8Array.of(1)),
    make("a name of two characters", "malformed", named("al")),
    make("a name of 33 characters", "malformed", named("a".repeat(33))),
    make("a name in upper case", "malformed", named("Alice")),
    make("a name with a space", "malformed", named("al ice")),
    make("a name that is not ASCII", "malformed", rawName(Uint8Array.of(0x61, 0x6c, 0xc3, 0xad, 0x63, 0x65))),
    make("no name", "malformed", rawName(zeros(0))),
    make("a creation time of 2^53", "malformed", resigned(overwritten(body, 1304, be(8, 2n ** 53n)), alice)),
    make("a bit of the signature flipped", "signature", flipped(record, -1)),
    make("a bit of the name flipped", "signature", flipped(record, 1314)),
    make("a bit of the creation time flipped", "signature", flipped(record, 1311)),
    make("signed by somebody else", "signature", resigned(body, bob)),
    make("signed under the label of a manifest", "signature", concat(body, sign("manifest", alice.seed, body))),
    make("signed under the label identity-next", "signature", concat(body, sign("identity-next", alice.seed, body))),
    make("an Ed25519 key of zeros", "weak-key", weak(zeros(32))),
    make("an Ed25519 key of small order", "weak-key", weak(concat(Uint8Array.of(1), zeros(31)))),
    make("an X-Wing key of zeros", "weak-key", weakKem(zeros(1216))),
    make(
      "an X-Wing key with a coefficient of 3329",
      "weak-key",
      weakKem(overwritten(alice.xWingKey, 0, Uint8Array.of(0x01, ((alice.xWingKey[1] as number) & 0xf0) | 0x0d))),
    ),
    make(
      "an X-Wing key with an X25519 part of small order",
      "weak-key",
      weakKem(overwritten(alice.xWingKey, 1184, zeros(32))),
    ),
  ];
}

function refusedChains(): Case[] {
  const make = (name: string, refuse: RefusalClass, records: readonly Bytes[]): Case =>
    refused(name, { refuse, wrong: name }, { records: records.map(hex) }, () => readIdentityChain(records));
  const body = SECOND.slice(0, -64);
  return [
    make("the chain begins with sequence 1", "succession", [SECOND]),
    make("a record is left out", "succession", [FIRST, THIRD]),
    make("the same record twice", "succession", [FIRST, FIRST]),
    make("two records in the wrong order", "succession", [SECOND, FIRST]),
    make("the sequence jumps", "succession", [FIRST, following(FIRST, carolAgain, carol, { sequence: 2 })]),
    make("another record before it", "succession", [
      FIRST,
      following(FIRST, carolAgain, carol, { previous: fixed("other", 32) }),
    ]),
    make("another userId", "succession", [FIRST, following(FIRST, carolAgain, carol, { userId: bob.userId })]),
    make("another name", "succession", [FIRST, following(FIRST, carolAgain, carol, { name: "carola" })]),
    make("not signed by the previous key", "signature", [FIRST, following(FIRST, carolAgain, bob)]),
    make("signed by the new key twice", "signature", [FIRST, following(FIRST, carolAgain, carolAgain)]),
    make("the second signature under the label identity", "signature", [
      FIRST,
      concat(body, sign("identity", carol.seed, body)),
    ]),
    make("the second signature is missing", "malformed", [FIRST, body]),
    make("a bit of the second signature flipped", "signature", [FIRST, flipped(SECOND, -1)]),
    make("a bit of the first signature flipped", "signature", [FIRST, flipped(SECOND, -65)]),
  ];
}

export function identityVectors(): VectorFile {
  return {
    about: "Identity records, chains and fingerprints (spec/people.md §1, §2). A chain is read from sequence 0 on.",
    chains: [
      chainCase("alice, a first record", [identityOf(alice)]),
      chainCase("bob, a first record", [identityOf(bob)]),
      chainCase("the shortest name", [encodeIdentity(identityFields(alice, { name: "a.b" }), alice.seed)]),
      chainCase("the longest name", [
        encodeIdentity(identityFields(alice, { name: "a-b_c.".repeat(5).concat("42") }), alice.seed),
      ]),
      chainCase("carol replaced her keys once", [FIRST, SECOND]),
      chainCase("carol replaced her keys twice", [FIRST, SECOND, THIRD]),
    ],
    digits: digitsCases(),
    refusedRecords: refusedRecords(),
    refusedChains: refusedChains(),
  };
}
