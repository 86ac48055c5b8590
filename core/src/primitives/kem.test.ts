import { createCipheriv, createDecipheriv } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
// X-Wing under the name that its working group gives it.
import { ml_kem768_x25519 as XWing } from "@noble/post-quantum/hybrid.js";
import { describe, expect, it } from "vitest";
import { concatBytes, copyBytes, FormatError, fromHex, toHex, uint16, utf8Encode } from "../bytes/index.ts";
import { AuthenticationError, hpkeOpen, hpkeSeal, isStrongKemKey, kemKeyPairFromSeed, randomBytes } from "./index.ts";

const SUITE_ID = concatBytes(utf8Encode("HPKE"), uint16(0x647a), uint16(1), uint16(2));
const info = utf8Encode("info of the test");
const aad = utf8Encode("aad of the test");

/** RFC 9180 §5.1, base mode, written out: a second opinion that shares no code with the library in use. */
function keySchedule(sharedSecret: Uint8Array) {
  const version = utf8Encode("HPKE-v1");
  const labeledExtract = (salt: Uint8Array, label: string, ikm: Uint8Array) =>
    extract(sha256, concatBytes(version, SUITE_ID, utf8Encode(label), ikm), salt);
  const labeledExpand = (prk: Uint8Array, label: string, context: Uint8Array, length: number) =>
    expand(sha256, prk, concatBytes(uint16(length), version, SUITE_ID, utf8Encode(label), context), length);
  const empty = new Uint8Array(0);
  const idHash = labeledExtract(empty, "psk_id_hash", empty);
  const context = concatBytes(Uint8Array.of(0), idHash, labeledExtract(empty, "info_hash", info));
  const secret = labeledExtract(sharedSecret, "secret", empty);
  return { key: labeledExpand(secret, "key", context, 32), nonce: labeledExpand(secret, "base_nonce", context, 12) };
}

function sealBySecondOpinion(sharedSecret: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const { key, nonce } = keySchedule(sharedSecret);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(aad);
  return concatBytes(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

function openBySecondOpinion(sharedSecret: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const { key, nonce } = keySchedule(sharedSecret);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(aad);
  decipher.setAuthTag(ciphertext.subarray(-16));
  return new Uint8Array(concatBytes(decipher.update(ciphertext.subarray(0, -16)), decipher.final()));
}

describe("X-Wing through HPKE", () => {
  it("agrees with another implementation in both directions", async () => {
    const seed = randomBytes(32);
    const { publicKey } = await kemKeyPairFromSeed(seed);
    expect(publicKey).toEqual(XWing.keygen(seed).publicKey);
    const plaintext = randomBytes(136);

    const sealed = await hpkeSeal({ recipientPublicKey: publicKey, info, aad, plaintext });
    expect(openBySecondOpinion(XWing.decapsulate(sealed.enc, seed), sealed.ciphertext)).toEqual(plaintext);

    const { cipherText, sharedSecret } = XWing.encapsulate(publicKey);
    const ciphertext = sealBySecondOpinion(sharedSecret, plaintext);
    expect(await hpkeOpen({ recipientSeed: seed, enc: cipherText, info, aad, ciphertext })).toEqual(plaintext);
  });

  it("takes a seed that is a piece of something larger", async () => {
    const all = Buffer.from(randomBytes(96));
    const seed = all.subarray(32, 64);
    const { publicKey } = await kemKeyPairFromSeed(seed);
    expect(publicKey).toEqual(XWing.keygen(copyBytes(seed)).publicKey);
    const sealed = await hpkeSeal({ recipientPublicKey: Buffer.from(publicKey), info, aad, plaintext: all });
    expect(await hpkeOpen({ recipientSeed: seed, ...sealed, info, aad })).toEqual(copyBytes(all));
  });

  it("throws a typed error when anything differs", async () => {
    const seed = randomBytes(32);
    const { publicKey } = await kemKeyPairFromSeed(seed);
    const sealed = await hpkeSeal({ recipientPublicKey: publicKey, info, aad, plaintext: randomBytes(50) });
    const good = { recipientSeed: seed, ...sealed, info, aad };
    const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    const bad = [
      { ...good, recipientSeed: randomBytes(32) },
      { ...good, enc: flip(sealed.enc, 0) },
      { ...good, enc: flip(sealed.enc, 1119) },
      { ...good, info: flip(info, 0) },
      { ...good, aad: flip(aad, 0) },
      { ...good, ciphertext: flip(sealed.ciphertext, 3) },
      { ...good, ciphertext: sealed.ciphertext.subarray(1) },
      { ...good, ciphertext: new Uint8Array(0) },
    ];
    for (const options of bad) await expect(hpkeOpen(options)).rejects.toThrow(AuthenticationError);
    await expect(hpkeOpen({ ...good, enc: sealed.enc.subarray(1) })).rejects.toThrow(FormatError);
    await expect(hpkeOpen({ ...good, recipientSeed: seed.subarray(1) })).rejects.toThrow(FormatError);
    await expect(hpkeSeal({ recipientPublicKey: publicKey.subarray(1), info, aad, plaintext: seed })).rejects.toThrow(
      FormatError,
    );
  });
});

describe("weak KEM keys", () => {
  const LOW_ORDER = [
    "00".repeat(32),
    `01${"00".repeat(31)}`,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    `ec${"ff".repeat(30)}7f`,
    `ed${"ff".repeat(30)}7f`,
    `ee${"ff".repeat(30)}7f`,
    // The same with the bit set that X25519 ignores.
    `${"00".repeat(31)}80`,
    `ec${"ff".repeat(31)}`,
  ];

  it("A7 are refused: points of small order", async () => {
    const { publicKey } = await kemKeyPairFromSeed(randomBytes(32));
    expect(isStrongKemKey(publicKey)).toBe(true);
    for (const point of LOW_ORDER) {
      const weak = publicKey.slice();
      weak.set(fromHex(point), 1184);
      expect(isStrongKemKey(weak)).toBe(false);
    }
  });

  it("A7 are refused: coefficients of the modulus and above, at every place", async () => {
    const { publicKey } = await kemKeyPairFromSeed(randomBytes(32));
    for (const [coefficient, strong] of [
      [3328, true],
      [3329, false],
      [4095, false],
    ] as const) {
      for (const index of [0, 1, 2, 383, 384, 767]) {
        const key = publicKey.slice();
        const at = Math.floor(index / 2) * 3;
        if (index % 2 === 0) {
          key[at] = coefficient & 0xff;
          key[at + 1] = ((key[at + 1] as number) & 0xf0) | (coefficient >> 8);
        } else {
          key[at + 1] = ((key[at + 1] as number) & 0x0f) | ((coefficient & 0x0f) << 4);
          key[at + 2] = coefficient >> 4;
        }
        expect(isStrongKemKey(key)).toBe(strong);
      }
    }
  });

  it("A7 are refused: all zero, and every other length", async () => {
    const { publicKey } = await kemKeyPairFromSeed(randomBytes(32));
    expect(isStrongKemKey(new Uint8Array(1216))).toBe(false);
    expect(isStrongKemKey(concatBytes(new Uint8Array(1152), publicKey.subarray(1152)))).toBe(false);
    expect(isStrongKemKey(publicKey.subarray(1))).toBe(false);
  });
});

interface Answer {
  readonly seed: string;
  readonly publicKey: string;
  readonly enc: string;
  readonly sharedSecret: string;
}

/** The draft's own, where they lie beside the repository; else those that our second implementation froze. */
const PUBLIC = new URL("../../../../shared/vectors/xwing/test-vectors.json", import.meta.url);
const OURS = new URL("../../../testing/vectors/envelope.json", import.meta.url);

function answers(): Answer[] {
  if (!existsSync(PUBLIC)) return JSON.parse(readFileSync(OURS, "utf8")).xWing;
  const vectors: Record<"seed" | "pk" | "ct" | "ss", string>[] = JSON.parse(readFileSync(PUBLIC, "utf8"));
  return vectors.map(({ seed, pk, ct, ss }) => ({ seed, publicKey: pk, enc: ct, sharedSecret: ss }));
}

describe(existsSync(PUBLIC) ? "the draft's own vectors" : "our frozen vectors (../shared/vectors is not there)", () => {
  it("give the public key and open under the shared secret", async () => {
    const all = answers();
    expect(all.length).toBeGreaterThan(2);
    for (const { seed, publicKey, enc, sharedSecret } of all) {
      const recipientSeed = fromHex(seed);
      expect(toHex((await kemKeyPairFromSeed(recipientSeed)).publicKey)).toBe(publicKey);
      const ciphertext = sealBySecondOpinion(fromHex(sharedSecret), aad);
      expect(await hpkeOpen({ recipientSeed, enc: fromHex(enc), info, aad, ciphertext })).toEqual(aad);
    }
  });
});
