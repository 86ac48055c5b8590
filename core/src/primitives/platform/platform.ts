import type { Bytes } from "../../bytes/index.ts";

/** A value, or a promise of it where the platform offers nothing synchronous. Always `await` it. */
export type MaybePromise<T> = T | Promise<T>;

/** An AES-256-GCM key, ready to use. Opaque: only the platform that made it knows what is inside. */
export interface AeadKey {
  readonly aeadKey: unknown;
}

export interface IncrementalHash {
  update(bytes: Uint8Array): IncrementalHash;
  /** Ends the hash; no further call is allowed. */
  digest(): Bytes;
}

export interface AeadOptions {
  readonly key: AeadKey;
  /** 12 bytes, never used twice under one key. */
  readonly iv: Uint8Array;
  readonly aad: Uint8Array;
}

export interface AeadSealOptions extends AeadOptions {
  readonly plaintext: Uint8Array;
  /** Receives ciphertext ‖ tag16, so its length is the plaintext's + 16. Must not overlap the plaintext. */
  readonly out: Uint8Array;
}

export interface AeadOpenOptions extends AeadOptions {
  /** ciphertext ‖ tag16. */
  readonly ciphertext: Uint8Array;
  /** Receives the plaintext, so its length is the ciphertext's - 16. Must not overlap the ciphertext. */
  readonly out: Uint8Array;
}

/** Opens one AES-GCM message piece by piece. What it gives out is unverified until `finish` has agreed. */
export interface GcmStream {
  update(ciphertext: Uint8Array): Bytes;
  /** What `update` has kept back; undefined if the tag is wrong. No further call is allowed. */
  finish(tag: Uint8Array): MaybePromise<Bytes | undefined>;
}

export interface GcmStreamOptions {
  /** 16, 24 or 32 bytes. */
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

export interface Argon2idOptions {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly memoryKiB: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly length: number;
}

/**
 * What differs between Node and browsers. Both files of this folder provide exactly this, and one suite runs on both.
 * Callers have checked all lengths.
 */
export interface Platform {
  sha256(parts: readonly Uint8Array[]): Bytes;
  sha256Bulk(parts: readonly Uint8Array[]): MaybePromise<Bytes>;
  createSha256(): IncrementalHash;
  hmacSha256(key: Uint8Array, data: Uint8Array): Bytes;
  hmacSha384(key: Uint8Array, data: Uint8Array): Bytes;
  hkdfSha256(key: Uint8Array, info: Uint8Array, length: number): Bytes;
  importAeadKey(key: Uint8Array): MaybePromise<AeadKey>;
  aeadSealInto(options: AeadSealOptions): MaybePromise<void>;
  /** False if the tag is wrong; `out` then holds zeros. */
  aeadOpenInto(options: AeadOpenOptions): MaybePromise<boolean>;
  openGcmStream(options: GcmStreamOptions): GcmStream;
  ed25519PublicKey(seed: Uint8Array): Bytes;
  ed25519Sign(seed: Uint8Array, message: Uint8Array): Bytes;
  /** The public key is canonical already; the rest of the strict rules is the platform's. */
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  argon2id(options: Argon2idOptions): Promise<Bytes>;
}
