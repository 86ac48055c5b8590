/**
 * OPAQUE (RFC 9807) with 3DH over ristretto255-SHA512, written from the RFC: the oracle for the library that the
 * product uses (spec/sign-in.md §2). Both sides are here; all randomness is given.
 */

import { argon2Sync } from "node:crypto";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { ascii, type Bytes, be, concat, equal, Reader, zeros } from "../foundations/bytes.ts";
import { littleEndian, toLittleEndian } from "../foundations/ed25519.ts";
import { hmac, sha512 } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const Point = ristretto255.Point;
type Point = InstanceType<typeof Point>;

/** Key stretching: identity in the RFC's vectors, Argon2id here. */
export type Stretch = (oprfOutput: Uint8Array) => Bytes;

export const stretchSuite1: Stretch = (oprfOutput) =>
  new Uint8Array(
    argon2Sync("argon2id", {
      message: oprfOutput,
      nonce: zeros(16),
      memory: 65_536,
      passes: 3,
      parallelism: 4,
      tagLength: 64,
    }),
  );

export interface OpaqueSuite {
  readonly context: Uint8Array;
  readonly stretch: Stretch;
}

export const EXCALIBUR_OPAQUE: OpaqueSuite = { context: zeros(0), stretch: stretchSuite1 };

// ── RFC 9497: OPRF(ristretto255, SHA-512), mode 0 ─────────────────────────────────────────────────────────────────

const OPRF_CONTEXT = concat(ascii("OPRFV1-"), Uint8Array.of(0), ascii("-ristretto255-SHA512"));

function hashToGroup(input: Uint8Array): Point {
  return ristretto255_hasher.hashToCurve(input, { DST: concat(ascii("HashToGroup-"), OPRF_CONTEXT) }) as Point;
}

/** expand_message_xmd with SHA-512 to 64 bytes (RFC 9380 §5.3.1), reduced. */
function hashToScalar(input: Uint8Array, dst: Uint8Array): bigint {
  const dstPrime = concat(dst, be(1, dst.length));
  const b0 = sha512(zeros(128), input, be(2, 64), Uint8Array.of(0), dstPrime);
  return littleEndian(sha512(b0, Uint8Array.of(1), dstPrime)) % ORDER;
}

/** A key pair from a seed (RFC 9497 §3.2.1; RFC 9807's DeriveDiffieHellmanKeyPair is the same with another info). */
function deriveKeyPair(seed: Uint8Array, info: string): { secret: bigint; public: Bytes } {
  const dst = concat(ascii("DeriveKeyPair"), OPRF_CONTEXT);
  const secret = hashToScalar(concat(seed, be(2, info.length), ascii(info), Uint8Array.of(0)), dst);
  demand(secret !== 0n, "weak-key", "The seed gives no key.");
  return { secret, public: Point.BASE.multiply(secret).toBytes() as Bytes };
}

function deriveDhKeyPair(seed: Uint8Array): { secret: bigint; public: Bytes } {
  return deriveKeyPair(seed, "OPAQUE-DeriveDiffieHellmanKeyPair");
}

function element(bytes: Uint8Array): Point {
  let point: Point | undefined;
  try {
    point = Point.fromBytes(new Uint8Array(bytes)) as Point;
  } catch {
    point = undefined;
  }
  demand(point !== undefined, "malformed", "Not a group element.");
  demand(!point.is0(), "weak-key", "The neutral element.");
  return point;
}

export function blind(password: Uint8Array, scalar: Uint8Array): Bytes {
  return hashToGroup(password).multiply(littleEndian(scalar)).toBytes() as Bytes;
}

function inverse(scalar: bigint): bigint {
  let [result, base, exponent] = [1n, scalar % ORDER, ORDER - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}

function finalizeOprf(password: Uint8Array, scalar: Uint8Array, evaluated: Uint8Array): Bytes {
  const unblinded = element(evaluated)
    .multiply(inverse(littleEndian(scalar)))
    .toBytes();
  return sha512(be(2, password.length), password, be(2, unblinded.length), unblinded, ascii("Finalize"));
}

// ── HKDF-SHA-512 ──────────────────────────────────────────────────────────────────────────────────────────────────

function extract(input: Uint8Array): Bytes {
  return hmac("sha512", zeros(64), input);
}

function expand(key: Uint8Array, info: Uint8Array, length: number): Bytes {
  const blocks: Bytes[] = [];
  for (let i = 1; (i - 1) * 64 < length; i++) {
    blocks.push(hmac("sha512", key, blocks.at(-1) ?? zeros(0), info, Uint8Array.of(i)));
  }
  return concat(...blocks).slice(0, length) as Bytes;
}

function expandLabel(secret: Uint8Array, label: string, context: Uint8Array): Bytes {
  const full = ascii(`OPAQUE-${label}`);
  return expand(secret, concat(be(2, 64), be(1, full.length), full, be(1, context.length), context), 64);
}

function xor(a: Uint8Array, b: Uint8Array): Bytes {
  return Uint8Array.from(a, (byte, i) => byte ^ (b[i] as number));
}

// ── Envelope (RFC 9807 §4) ────────────────────────────────────────────────────────────────────────────────────────

export interface Identities {
  /** Empty: the public keys stand for them. */
  readonly client?: string;
  readonly server?: string;
}

function randomizedPassword(suite: OpaqueSuite, oprfOutput: Uint8Array): Bytes {
  return extract(concat(oprfOutput, suite.stretch(oprfOutput)));
}

interface EnvelopeKeys {
  readonly authKey: Bytes;
  readonly exportKey: Bytes;
  readonly clientSecret: bigint;
  readonly clientPublicKey: Bytes;
}

function envelopeKeys(randomized: Uint8Array, nonce: Uint8Array): EnvelopeKeys {
  const seed = expand(randomized, concat(nonce, ascii("PrivateKey")), 32);
  const pair = deriveDhKeyPair(seed);
  return {
    authKey: expand(randomized, concat(nonce, ascii("AuthKey")), 64),
    exportKey: expand(randomized, concat(nonce, ascii("ExportKey")), 64),
    clientSecret: pair.secret,
    clientPublicKey: pair.public,
  };
}

function identitiesOf(identities: Identities, clientPublicKey: Bytes, serverPublicKey: Uint8Array) {
  return {
    client: identities.client === undefined ? clientPublicKey : ascii(identities.client),
    server: identities.server === undefined ? serverPublicKey : ascii(identities.server),
  };
}

function prefixed(bytes: Uint8Array): Bytes {
  return concat(be(2, bytes.length), bytes);
}

function envelopeTag(
  keys: EnvelopeKeys,
  nonce: Uint8Array,
  serverPublicKey: Uint8Array,
  identities: Identities,
): Bytes {
  const { client, server } = identitiesOf(identities, keys.clientPublicKey, serverPublicKey);
  return hmac("sha512", keys.authKey, nonce, serverPublicKey, prefixed(server), prefixed(client));
}

// ── Registration ──────────────────────────────────────────────────────────────────────────────────────────────────

export interface ClientSecretInput {
  readonly suite: OpaqueSuite;
  readonly password: Uint8Array;
  readonly blind: Uint8Array;
  readonly identities: Identities;
}

export function finishRegistration(
  input: ClientSecretInput,
  response: Uint8Array,
  envelopeNonce: Uint8Array,
): { record: Bytes; exportKey: Bytes; serverPublicKey: Bytes } {
  const reader = new Reader(response);
  const evaluated = reader.take(32);
  const serverPublicKey = reader.take(32);
  reader.end();
  const randomized = randomizedPassword(input.suite, finalizeOprf(input.password, input.blind, evaluated));
  const keys = envelopeKeys(randomized, envelopeNonce);
  const tag = envelopeTag(keys, envelopeNonce, serverPublicKey, input.identities);
  const maskingKey = expand(randomized, ascii("MaskingKey"), 64);
  const record = concat(keys.clientPublicKey, maskingKey, envelopeNonce, tag);
  return { record, exportKey: keys.exportKey, serverPublicKey };
}

export interface ServerSetup {
  readonly oprfSeed: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

function oprfKey(setup: ServerSetup, credentialIdentifier: Uint8Array): bigint {
  const seed = expand(setup.oprfSeed, concat(credentialIdentifier, ascii("OprfKey")), 32);
  return deriveKeyPair(seed, "OPAQUE-DeriveKeyPair").secret;
}

export function registrationResponse(setup: ServerSetup, credentialIdentifier: Uint8Array, request: Uint8Array): Bytes {
  const evaluated = element(request).multiply(oprfKey(setup, credentialIdentifier)).toBytes();
  return concat(evaluated, setup.publicKey);
}

// ── Login ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ClientKeyShare {
  readonly nonce: Uint8Array;
  readonly keyShareSeed: Uint8Array;
}

export function makeKe1(password: Uint8Array, blindScalar: Uint8Array, share: ClientKeyShare): Bytes {
  return concat(blind(password, blindScalar), share.nonce, deriveDhKeyPair(share.keyShareSeed).public);
}

function preamble(
  suite: OpaqueSuite,
  names: { client: Uint8Array; server: Uint8Array },
  ke1: Uint8Array,
  ke2: Uint8Array,
) {
  return concat(
    ascii("OPAQUEv1-"),
    prefixed(suite.context),
    prefixed(names.client),
    ke1,
    prefixed(names.server),
    ke2.subarray(0, 256),
  );
}

interface SessionKeys {
  readonly sessionKey: Bytes;
  readonly serverMac: Bytes;
  readonly clientMac: Bytes;
}

function sessionKeys(dh: readonly Point[], transcript: Uint8Array): SessionKeys {
  const secret = extract(concat(...dh.map((point) => point.toBytes())));
  const transcriptHash = sha512(transcript);
  const handshake = expandLabel(secret, "HandshakeSecret", transcriptHash);
  const sessionKey = expandLabel(secret, "SessionKey", transcriptHash);
  const serverMacKey = expandLabel(handshake, "ServerMAC", zeros(0));
  const clientMacKey = expandLabel(handshake, "ClientMAC", zeros(0));
  const serverMac = hmac("sha512", serverMacKey, transcriptHash);
  return { sessionKey, serverMac, clientMac: hmac("sha512", clientMacKey, sha512(transcript, serverMac)) };
}

export interface ServerLoginInput {
  readonly suite: OpaqueSuite;
  readonly setup: ServerSetup;
  readonly credentialIdentifier: Uint8Array;
  /** Client public key ‖ masking key ‖ envelope; for an unknown user the envelope is zeros and the rest is made up. */
  readonly record: Uint8Array;
  readonly identities: Identities;
  readonly maskingNonce: Uint8Array;
  readonly serverNonce: Uint8Array;
  readonly keyShareSeed: Uint8Array;
}

export function makeKe2(input: ServerLoginInput, ke1: Uint8Array): { ke2: Bytes; clientMac: Bytes; sessionKey: Bytes } {
  const clientPublicKey = input.record.slice(0, 32) as Bytes;
  const maskingKey = input.record.slice(32, 96);
  const evaluated = element(ke1.slice(0, 32)).multiply(oprfKey(input.setup, input.credentialIdentifier)).toBytes();
  const pad = expand(maskingKey, concat(input.maskingNonce, ascii("CredentialResponsePad")), 128);
  const masked = xor(pad, concat(input.setup.publicKey, input.record.subarray(96)));
  const share = deriveDhKeyPair(input.keyShareSeed);
  const body = concat(evaluated, input.maskingNonce, masked, input.serverNonce, share.public);
  const clientShare = element(ke1.slice(64));
  const names = identitiesOf(input.identities, clientPublicKey, input.setup.publicKey);
  const dh = [
    clientShare.multiply(share.secret),
    clientShare.multiply(littleEndian(input.setup.privateKey)),
    element(clientPublicKey).multiply(share.secret),
  ];
  const keys = sessionKeys(dh, preamble(input.suite, names, ke1, body));
  return { ke2: concat(body, keys.serverMac), clientMac: keys.clientMac, sessionKey: keys.sessionKey };
}

export interface LoggedIn {
  readonly ke3: Bytes;
  readonly sessionKey: Bytes;
  readonly exportKey: Bytes;
  readonly serverPublicKey: Bytes;
}

/** Recovers the envelope and checks the server's MAC; a Refusal if the password or the server is wrong. */
export function finishLogin(input: ClientSecretInput, share: ClientKeyShare, ke2: Uint8Array): LoggedIn {
  demand(ke2.length === 320, "malformed", "KE2 has 320 bytes.");
  const ke1 = makeKe1(input.password, input.blind, share);
  const reader = new Reader(ke2);
  const evaluated = reader.take(32);
  const maskingNonce = reader.take(32);
  const masked = reader.take(128);
  reader.take(32);
  const serverShare = reader.take(32);
  const serverMac = reader.take(64);
  const randomized = randomizedPassword(input.suite, finalizeOprf(input.password, input.blind, evaluated));
  const maskingKey = expand(randomized, ascii("MaskingKey"), 64);
  const clear = xor(expand(maskingKey, concat(maskingNonce, ascii("CredentialResponsePad")), 128), masked);
  const serverPublicKey = clear.slice(0, 32) as Bytes;
  const envelopeNonce = clear.slice(32, 64);
  const keys = envelopeKeys(randomized, envelopeNonce);
  const tag = envelopeTag(keys, envelopeNonce, serverPublicKey, input.identities);
  demand(equal(tag, clear.subarray(64)), "integrity", "The password or the server is wrong.");
  const own = deriveDhKeyPair(share.keyShareSeed);
  const names = identitiesOf(input.identities, keys.clientPublicKey, serverPublicKey);
  const dh = [
    element(serverShare).multiply(own.secret),
    element(serverPublicKey).multiply(own.secret),
    element(serverShare).multiply(keys.clientSecret),
  ];
  const session = sessionKeys(dh, preamble(input.suite, names, ke1, ke2));
  demand(equal(session.serverMac, serverMac), "integrity", "The server did not prove itself.");
  return { ke3: session.clientMac, sessionKey: session.sessionKey, exportKey: keys.exportKey, serverPublicKey };
}

export const scalars = {
  /** Any bytes as a scalar that is not zero. */
  fromBytes: (bytes: Uint8Array) => toLittleEndian((littleEndian(bytes) % (ORDER - 1n)) + 1n),
  publicKeyOf: (privateKey: Uint8Array) => Point.BASE.multiply(littleEndian(privateKey)).toBytes() as Bytes,
};
