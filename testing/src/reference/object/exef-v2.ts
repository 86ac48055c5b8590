/** Files of the earlier Excalibur (spec/exef-v2.md). `sealV2` exists for vectors only. */

import { type CipherGCMTypes, createCipheriv, createDecipheriv } from "node:crypto";
import { ascii, type Bytes, be, concat, equal, fromBe, isZero, Reader } from "../foundations/bytes.ts";
import { demand, Refusal } from "../foundations/refusal.ts";

const MAX_LENGTH = 2 ** 36 - 32;

function algorithm(key: Uint8Array): CipherGCMTypes {
  return `aes-${key.length * 8}-gcm` as CipherGCMTypes;
}

export function sealV2(key: Uint8Array, nonce: Uint8Array, data: Uint8Array): Bytes {
  const cipher = createCipheriv(algorithm(key), key, nonce);
  const ciphertext = concat(cipher.update(data), cipher.final());
  const header = concat(ascii("ExEF"), be(2, 2), be(2, key.length * 8), nonce, be(8, data.length));
  return concat(header, ciphertext, cipher.getAuthTag());
}

export function openV2(bytes: Uint8Array, key: Uint8Array): Bytes {
  const reader = new Reader(bytes);
  demand(equal(reader.take(4), ascii("ExEF")), "malformed", "Not an ExEF file.");
  demand(reader.uint(2) === 2, "unsupported", "Another version.");
  const bits = reader.uint(2);
  demand(bits === 128 || bits === 192 || bits === 256, "malformed", "AES has no such key.");
  const nonce = reader.take(12);
  const length = fromBe(reader.take(8));
  demand(length <= MAX_LENGTH, "malformed", "Longer than AES-GCM allows.");
  demand(key.length * 8 === bits, "integrity", "The key has another length.");
  demand(!isZero(key), "weak-key", "A key of zeros.");
  demand(reader.left === length + 16, "integrity", "The file is cut or too long.");
  const ciphertext = reader.take(length);
  const decipher = createDecipheriv(algorithm(key), key, nonce, { authTagLength: 16 });
  decipher.setAuthTag(reader.take(16));
  try {
    return concat(decipher.update(ciphertext), decipher.final());
  } catch (cause) {
    throw new Refusal("integrity", "The tag is wrong.", { cause });
  }
}
