import {
  argon2,
  type CipherGCMTypes,
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type DecipherGCM,
  type Decipheriv,
  type Hash,
  hash,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { type Bytes, concatBytes, copyBytes, fromHex } from "../../bytes/index.ts";
import type {
  AeadKey,
  AeadOpenOptions,
  AeadSealOptions,
  Argon2idOptions,
  GcmStream,
  GcmStreamOptions,
  IncrementalHash,
  Platform,
} from "./platform.ts";

const TAG_LENGTH = 16;
const GCM = { authTagLength: TAG_LENGTH } as const;

// Node allocates a fresh buffer for everything `update` returns. Slices of this size stay below malloc's mmap threshold,
// and each is given back as soon as it is copied: the next one finds the same warm memory, and the collector, which costs
// as much as the cipher when it has to do it, never sees them.
const CIPHER_SLICE = 64 * 1024;

// RFC 8410: the fixed DER that precedes a raw Ed25519 key.
const PKCS8_PREFIX = fromHex("302e020100300506032b657004220420");
const SPKI_PREFIX = fromHex("302a300506032b6570032100");

// Buffers of Node may share one pool; what leaves this file owns its memory.
function own(buffer: Uint8Array): Bytes {
  return new Uint8Array(buffer);
}

class NodeHash implements IncrementalHash {
  readonly #hash: Hash;

  constructor(algorithm: string) {
    this.#hash = createHash(algorithm);
  }

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }

  digest(): Bytes {
    return own(this.#hash.digest());
  }
}

class NodeGcmStream implements GcmStream {
  readonly #decipher: DecipherGCM;

  constructor({ key, iv }: GcmStreamOptions) {
    this.#decipher = createDecipheriv(`aes-${key.length * 8}-gcm` as CipherGCMTypes, key, iv, GCM);
  }

  update(ciphertext: Uint8Array): Bytes {
    return own(this.#decipher.update(ciphertext));
  }

  finish(tag: Uint8Array): Bytes | undefined {
    this.#decipher.setAuthTag(tag);
    try {
      return own(this.#decipher.final());
    } catch {
      return undefined;
    }
  }
}

function rawKey(key: AeadKey): Uint8Array {
  return key.aeadKey as Uint8Array;
}

function runSliced(cipher: Cipheriv | Decipheriv, input: Uint8Array, out: Uint8Array): void {
  for (let offset = 0; offset < input.length; offset += CIPHER_SLICE) {
    const slice = cipher.update(input.subarray(offset, offset + CIPHER_SLICE));
    out.set(slice, offset);
    freeMemory(slice);
  }
}

// Only of a buffer that is alone in its memory.
function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}

function privateKey(seed: Uint8Array): KeyObject {
  const der = Buffer.from(concatBytes(PKCS8_PREFIX, seed).buffer);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  der.fill(0);
  return key;
}

function digestParts(parts: readonly Uint8Array[]): Bytes {
  if (parts.length === 1) return own(hash("sha256", parts[0] as Uint8Array, "buffer"));
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return own(digest.digest());
}

export const platform: Platform = {
  sha256: digestParts,

  sha256Bulk: digestParts,

  createSha256() {
    return new NodeHash("sha256");
  },

  hmacSha256(key, data) {
    return own(createHmac("sha256", key).update(data).digest());
  },

  hmacSha384(key, data) {
    return own(createHmac("sha384", key).update(data).digest());
  },

  hkdfSha256(key, info, length) {
    return new Uint8Array(hkdfSync("sha256", key, new Uint8Array(0), info, length));
  },

  importAeadKey(key) {
    return { aeadKey: copyBytes(key) };
  },

  aeadSealInto({ key, iv, aad, plaintext, out }: AeadSealOptions) {
    const cipher = createCipheriv("aes-256-gcm", rawKey(key), iv, GCM);
    cipher.setAAD(aad);
    runSliced(cipher, plaintext, out);
    cipher.final();
    out.set(cipher.getAuthTag(), plaintext.length);
  },

  aeadOpenInto({ key, iv, aad, ciphertext, out }: AeadOpenOptions) {
    const decipher = createDecipheriv("aes-256-gcm", rawKey(key), iv, GCM);
    decipher.setAAD(aad);
    decipher.setAuthTag(ciphertext.subarray(out.length));
    // Nothing else runs between here and the verdict, so nobody sees `out` before it is verified or wiped.
    runSliced(decipher, ciphertext.subarray(0, out.length), out);
    try {
      decipher.final();
      return true;
    } catch {
      out.fill(0);
      return false;
    }
  },

  openGcmStream(options) {
    return new NodeGcmStream(options);
  },

  ed25519PublicKey(seed) {
    const der = createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" });
    return own(der.subarray(SPKI_PREFIX.length));
  },

  ed25519Sign(seed, message) {
    return own(sign(null, message, privateKey(seed)));
  },

  ed25519Verify(publicKey, message, signature) {
    const der = Buffer.from(concatBytes(SPKI_PREFIX, publicKey).buffer);
    return verify(null, message, createPublicKey({ key: der, format: "der", type: "spki" }), signature);
  },

  argon2id({ password, salt, memoryKiB, passes, parallelism, length }: Argon2idOptions) {
    return new Promise((resolve, reject) => {
      const parameters = {
        message: password,
        nonce: salt,
        memory: memoryKiB,
        passes,
        parallelism,
        tagLength: length,
      };
      argon2("argon2id", parameters, (error, tag) => (error ? reject(error) : resolve(own(tag))));
    });
  },
};
