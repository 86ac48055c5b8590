import { ByteReader, type Bytes, ByteWriter, FormatError, isAllZero, utf8Decode, utf8Encode } from "../bytes/index.ts";
import { signLabelled } from "../labels/index.ts";
import {
  KEM_PUBLIC_KEY_LENGTH,
  SIGNATURE_KEY_LENGTH,
  SIGNATURE_LENGTH,
  sha256,
  signatureKeyPairFromSeed,
} from "../primitives/index.ts";
import { USER_NAME_PATTERN } from "../protocol/index.ts";
import { fingerprintOf } from "./fingerprint.ts";

const MAGIC = "EXI3";
const USER_NAME = new RegExp(USER_NAME_PATTERN);

/** What an identity record says (cryptography.md §6). */
export interface IdentityFields {
  /** 16 bytes. */
  readonly userId: Uint8Array;
  /** 0 for the first identity of an account, then + 1. */
  readonly sequence: number;
  /** SHA-256 of the record before, 32 zero bytes for the first. */
  readonly previousHash: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly signatureKey: Uint8Array;
  /** X-Wing, 1216 bytes. */
  readonly sealingKey: Uint8Array;
  readonly createdMs: number;
  /** The user name. */
  readonly name: string;
}

/** A record that follows its format. Nothing about it is proven yet: see `verifyIdentity`. */
export interface IdentityRecord extends IdentityFields {
  /** The bytes that were received; hashes and signatures are over these. */
  readonly bytes: Uint8Array;
  /** SHA-256 of all bytes, signatures included. */
  readonly hash: Bytes;
  readonly fingerprint: Bytes;
  /** By its own key. */
  readonly signature: Uint8Array;
  /** By the key before; present if and only if sequence > 0. */
  readonly nextSignature: Uint8Array | null;
}

export interface SignIdentityOptions {
  readonly userId: Uint8Array;
  /** The Ed25519 seed of this identity. */
  readonly signatureSeed: Uint8Array;
  /** The X-Wing public key of this identity. */
  readonly sealingKey: Uint8Array;
  readonly createdMs: number;
  readonly name: string;
  /** The identity this one replaces, and the seed that signs for it. */
  readonly previous?: { readonly record: IdentityRecord; readonly signatureSeed: Uint8Array };
}

/** Makes and signs an identity record. Throws FormatError if a length or the name is wrong. */
export function signIdentity(options: SignIdentityOptions): Bytes {
  const { userId, signatureSeed, sealingKey, createdMs, name, previous } = options;
  requireUserName(name);
  if (userId.length !== 16) throw new FormatError("A userId has 16 bytes.");
  if (sealingKey.length !== KEM_PUBLIC_KEY_LENGTH) throw new FormatError("An X-Wing key has 1216 bytes.");
  const nameBytes = utf8Encode(name);
  const writer = new ByteWriter(1536)
    .text(MAGIC)
    .bytes(userId)
    .u32(previous === undefined ? 0 : previous.record.sequence + 1)
    .bytes(previous?.record.hash ?? new Uint8Array(32))
    .bytes(signatureKeyPairFromSeed(signatureSeed).publicKey)
    .bytes(sealingKey)
    .u64(createdMs)
    .u8(nameBytes.length)
    .bytes(nameBytes);
  writer.bytes(signLabelled("identity", signatureSeed, writer.finish()));
  if (previous !== undefined) writer.bytes(signLabelled("identity-next", previous.signatureSeed, writer.finish()));
  return writer.finish();
}

/** Reads a record without proving anything. Throws FormatError. */
export function decodeIdentity(bytes: Uint8Array): IdentityRecord {
  const reader = new ByteReader(bytes, "identity record");
  reader.expectAscii(MAGIC);
  const userId = reader.bytes(16);
  const sequence = reader.u32();
  const previousHash = reader.bytes(32);
  if (sequence === 0 && !isAllZero(previousHash)) {
    throw new FormatError("The first identity record has no record before it.");
  }
  const signatureKey = reader.bytes(SIGNATURE_KEY_LENGTH);
  const sealingKey = reader.bytes(KEM_PUBLIC_KEY_LENGTH);
  const createdMs = reader.u64();
  const name = utf8Decode(reader.bytes(reader.u8()));
  requireUserName(name);
  const signature = reader.bytes(SIGNATURE_LENGTH);
  const nextSignature = sequence > 0 ? reader.bytes(SIGNATURE_LENGTH) : null;
  reader.finish();
  const fields = { userId, sequence, previousHash, signatureKey, sealingKey, createdMs, name };
  const fingerprint = fingerprintOf({ subjectId: userId, signatureKey, sealingKey });
  return { ...fields, bytes, hash: sha256(bytes), fingerprint, signature, nextSignature };
}

function requireUserName(name: string): void {
  if (!USER_NAME.test(name)) throw new FormatError("The identity record holds a name that no account can have.");
}
