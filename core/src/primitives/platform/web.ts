import { ed25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha384 } from "@noble/hashes/sha2.js";
import { argon2id } from "hash-wasm";
import { type Bytes, concatBytes, UnsupportedError } from "../../bytes/index.ts";
import { verifyByEquation } from "../strict-ed25519.ts";
import type { AeadKey, GcmStream, GcmStreamOptions, IncrementalHash, Platform } from "./platform.ts";

const TAG_BITS = 128;
const EMPTY = new Uint8Array(0);

// WebCrypto refuses memory shared with other threads; copying is right there, and free everywhere else.
function unshared(bytes: Uint8Array): Bytes {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes);
}

function cryptoKey(key: AeadKey): CryptoKey {
  return key.aeadKey as CryptoKey;
}

class NobleSha256 implements IncrementalHash {
  readonly #hash = sha256.create();

  update(bytes: Uint8Array): this {
    this.#hash.update(bytes);
    return this;
  }

  digest(): Bytes {
    return this.#hash.digest() as Bytes;
  }
}

/** WebCrypto opens whole messages only: everything is kept until the tag is there. */
async function importStreamKey(key: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  } catch (cause) {
    if (!(cause instanceof DOMException && cause.name === "OperationError")) throw cause;
    // Chromium leaves out keys of 24 bytes, on purpose.
    const message = `This browser has no AES with keys of ${key.length} bytes. Nothing was opened; the command line can.`;
    throw new UnsupportedError(message, { cause });
  }
}

class WebGcmStream implements GcmStream {
  readonly #options: GcmStreamOptions;
  readonly #pieces: Uint8Array[] = [];

  constructor(options: GcmStreamOptions) {
    this.#options = options;
  }

  update(ciphertext: Uint8Array): Bytes {
    this.#pieces.push(new Uint8Array(ciphertext));
    return EMPTY;
  }

  async finish(tag: Uint8Array): Promise<Bytes | undefined> {
    const { key, iv } = this.#options;
    const imported = await importStreamKey(unshared(key));
    const parameters = { name: "AES-GCM", iv: unshared(iv), tagLength: TAG_BITS };
    try {
      return new Uint8Array(await crypto.subtle.decrypt(parameters, imported, concatBytes(...this.#pieces, tag)));
    } catch (error) {
      if (error instanceof DOMException && error.name === "OperationError") return undefined;
      throw error;
    }
  }
}

export const platform: Platform = {
  sha256(parts) {
    return sha256(parts.length === 1 ? (parts[0] as Uint8Array) : concatBytes(...parts)) as Bytes;
  },

  async sha256Bulk(parts) {
    const bytes = parts.length === 1 ? unshared(parts[0] as Uint8Array) : concatBytes(...parts);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  },

  createSha256() {
    return new NobleSha256();
  },

  hmacSha256(key, data) {
    return hmac(sha256, key, data) as Bytes;
  },

  hmacSha384(key, data) {
    return hmac(sha384, key, data) as Bytes;
  },

  hkdfSha256(key, info, length) {
    return hkdf(sha256, key, EMPTY, info, length) as Bytes;
  },

  async importAeadKey(key) {
    const imported = await crypto.subtle.importKey("raw", unshared(key), "AES-GCM", false, ["encrypt", "decrypt"]);
    return { aeadKey: imported };
  },

  async aeadSealInto({ key, iv, aad, plaintext, out }) {
    const parameters = {
      name: "AES-GCM",
      iv: unshared(iv),
      additionalData: unshared(aad),
      tagLength: TAG_BITS,
    };
    out.set(new Uint8Array(await crypto.subtle.encrypt(parameters, cryptoKey(key), unshared(plaintext))));
  },

  async aeadOpenInto({ key, iv, aad, ciphertext, out }) {
    const parameters = {
      name: "AES-GCM",
      iv: unshared(iv),
      additionalData: unshared(aad),
      tagLength: TAG_BITS,
    };
    try {
      out.set(new Uint8Array(await crypto.subtle.decrypt(parameters, cryptoKey(key), unshared(ciphertext))));
      return true;
    } catch (error) {
      out.fill(0);
      // Only this error means "wrong tag"; anything else is a defect and must be seen.
      if (error instanceof DOMException && error.name === "OperationError") return false;
      throw error;
    }
  },

  openGcmStream(options) {
    return new WebGcmStream(options);
  },

  ed25519PublicKey(seed) {
    return ed25519.getPublicKey(seed) as Bytes;
  },

  ed25519Sign(seed, message) {
    return ed25519.sign(message, seed) as Bytes;
  },

  ed25519Verify: verifyByEquation,

  async argon2id({ password, salt, memoryKiB, passes, parallelism, length }) {
    const tag = await argon2id({
      password,
      salt,
      parallelism,
      iterations: passes,
      memorySize: memoryKiB,
      hashLength: length,
      outputType: "binary",
    });
    return tag as Bytes;
  },
};
