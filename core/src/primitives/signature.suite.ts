import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, copyBytes, FormatError, fromHex, toHex, uint32 } from "../bytes/index.ts";
import { isStrongSignatureKey, randomBytes, sign, signatureKeyPairFromSeed, verifySignature } from "./index.ts";

const { Point } = ed25519;
type CurvePoint = InstanceType<typeof Point>;
const ORDER = Point.Fn.ORDER;
const TORSION = ED25519_TORSION_SUBGROUP.map((encoded) => Point.fromHex(encoded));
/** p + 1, the neutral element with a y that is not reduced. */
const UNREDUCED_NEUTRAL = fromHex(`ee${"ff".repeat(30)}7f`);
/** x = 0 with the sign bit set: once for y = 1, once for y = -1. */
const NEGATIVE_ZEROS = [fromHex(`01${"00".repeat(30)}80`), fromHex(`ec${"ff".repeat(31)}`)];

function fromLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(copyBytes(bytes).reverse())}`);
}

function toLittleEndian(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, "0")).reverse();
}

function challenge(r: Uint8Array, a: Uint8Array, message: Uint8Array): bigint {
  return fromLittleEndian(sha512(concatBytes(r, a, message))) % ORDER;
}

interface Forged {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly k: bigint;
}

/** A signature by somebody who knows the secret, with torsion added to R and to A. `wanted` chooses the challenge. */
function signWithTorsion(torsionR: CurvePoint, torsionA: CurvePoint, wanted: (k: bigint) => boolean): Forged {
  const secret = 1n + (fromLittleEndian(randomBytes(32)) % (ORDER - 1n));
  const nonce = 1n + (fromLittleEndian(randomBytes(32)) % (ORDER - 1n));
  const publicKey = Point.BASE.multiply(secret).add(torsionA).toBytes();
  const r = Point.BASE.multiply(nonce).add(torsionR).toBytes();
  for (let i = 0; ; i++) {
    const message = uint32(i);
    const k = challenge(r, publicKey, message);
    if (!wanted(k)) continue;
    return { publicKey, message, k, signature: concatBytes(r, toLittleEndian((nonce + k * secret) % ORDER)) };
  }
}

const verifies = ({ publicKey, message, signature }: Forged) => verifySignature(publicKey, message, signature);

/** The same bytes, in the middle of others. */
function viewOf(bytes: Uint8Array): Uint8Array {
  const around = new Uint8Array(bytes.length + 12).fill(0xee);
  around.set(bytes, 5);
  return around.subarray(5, 5 + bytes.length);
}

/** Strict Ed25519 (spec/terminology.md §4). The same verdicts on every platform, torsion included. */
export function signatureSuite(): void {
  describe("Ed25519", () => {
    const [neutral, ...torsion] = TORSION as [CurvePoint, ...CurvePoint[]];
    const orderEight = torsion.filter((point) => !point.double().double().is0());

    it("gives the known answer of RFC 8032", () => {
      const seed = fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
      const { publicKey } = signatureKeyPairFromSeed(seed);
      expect(toHex(publicKey)).toBe("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
      const signature = sign(seed, new Uint8Array(0));
      expect(toHex(signature)).toBe(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
      );
      expect(verifySignature(publicKey, new Uint8Array(0), signature)).toBe(true);
    });

    it("verifies what it signs and nothing else", () => {
      const [seed, message] = [randomBytes(32), randomBytes(100)];
      const { publicKey } = signatureKeyPairFromSeed(seed);
      const signature = sign(seed, message);
      expect(verifySignature(publicKey, message, signature)).toBe(true);
      expect(isStrongSignatureKey(publicKey)).toBe(true);
      const property = fc.property(fc.nat(195), fc.nat(7), (at, bit) => {
        const all = concatBytes(publicKey, message, signature);
        all[at] = (all[at] as number) ^ (1 << bit);
        expect(verifySignature(all.subarray(0, 32), all.subarray(32, 132), all.subarray(132))).toBe(false);
      });
      fc.assert(property, { numRuns: 60 });
    });

    it("takes views of other memory and leaves them as they were", () => {
      const [seed, message] = [viewOf(randomBytes(32)), viewOf(randomBytes(10))];
      const publicKey = viewOf(signatureKeyPairFromSeed(seed).publicKey);
      const signature = viewOf(sign(seed, message));
      const before = toHex(concatBytes(seed, message, publicKey, signature));
      expect(verifySignature(publicKey, message, signature)).toBe(true);
      expect(verifySignature(publicKey, message, signature)).toBe(true);
      expect(toHex(concatBytes(seed, message, publicKey, signature))).toBe(before);
    });

    it("refuses torsion in R", () => {
      for (const point of torsion) expect(verifies(signWithTorsion(point, neutral, () => true))).toBe(false);
      expect(verifies(signWithTorsion(neutral, neutral, () => true))).toBe(true);
    });

    it("accepts torsion in A when k is a multiple of 8, as the equation says, but never such a key", () => {
      for (const point of torsion) {
        const forged = signWithTorsion(neutral, point, (k) => k % 8n === 0n);
        expect(verifies(forged)).toBe(true);
        expect(isStrongSignatureKey(forged.publicKey)).toBe(false);
      }
    });

    it("refuses torsion in A when k is none", () => {
      for (const point of orderEight)
        expect(verifies(signWithTorsion(neutral, point, (k) => k % 8n !== 0n))).toBe(false);
    });

    it("refuses torsion in R and A that only a cofactor would cancel, and accepts what cancels by itself", () => {
      const point = orderEight[0] as CurvePoint;
      // R + T with A - T: [S]B - [k](A - T) = R + [k]T, equal to R + T exactly if k is 1 modulo 8.
      expect(verifies(signWithTorsion(point, point.negate(), (k) => k % 8n === 1n))).toBe(true);
      expect(verifies(signWithTorsion(point, point.negate(), (k) => k % 8n === 3n))).toBe(false);
    });

    it("follows the equation when R is of small order, whatever A is", () => {
      const secret = 1n + (fromLittleEndian(randomBytes(32)) % (ORDER - 1n));
      let accepted = 0;
      for (const torsionR of TORSION) {
        for (const torsionA of TORSION) {
          const a = Point.BASE.multiply(secret).add(torsionA);
          const [r, publicKey] = [torsionR.toBytes(), a.toBytes()];
          for (let i = 0; i < 4; i++) {
            const k = challenge(r, publicKey, uint32(i));
            const signature = concatBytes(r, toLittleEndian((k * secret) % ORDER));
            const holds = torsionA.multiplyUnsafe(k).negate().equals(torsionR);
            expect(verifySignature(publicKey, uint32(i), signature)).toBe(holds);
            if (holds) accepted++;
          }
        }
      }
      expect(accepted).toBeGreaterThan(4);
    });

    it("A7 follows the equation for keys of small order, which are never accepted as keys", () => {
      for (const point of torsion) {
        const publicKey = point.toBytes();
        const signature = concatBytes(neutral.toBytes(), new Uint8Array(32));
        for (let i = 0; i < 12; i++) {
          const k = challenge(neutral.toBytes(), publicKey, uint32(i));
          expect(verifySignature(publicKey, uint32(i), signature)).toBe(point.multiplyUnsafe(k).is0());
        }
        expect(isStrongSignatureKey(publicKey)).toBe(false);
      }
      expect(isStrongSignatureKey(neutral.toBytes())).toBe(false);
    });

    it("refuses encodings that are not canonical, in A and in R", () => {
      for (const encoded of [UNREDUCED_NEUTRAL, ...NEGATIVE_ZEROS]) {
        for (let i = 0; i < 16; i++) {
          const message = uint32(i);
          expect(verifySignature(encoded, message, concatBytes(neutral.toBytes(), new Uint8Array(32)))).toBe(false);
          expect(verifySignature(neutral.toBytes(), message, concatBytes(encoded, new Uint8Array(32)))).toBe(false);
        }
        expect(isStrongSignatureKey(encoded)).toBe(false);
      }
    });

    it("refuses every y of p and above", () => {
      for (let low = 0xed; low <= 0xff; low++) {
        for (const top of [0x7f, 0xff]) {
          const encoded = new Uint8Array(32).fill(0xff);
          encoded[0] = low;
          encoded[31] = top;
          expect(isStrongSignatureKey(encoded)).toBe(false);
          expect(verifySignature(encoded, uint32(0), concatBytes(neutral.toBytes(), new Uint8Array(32)))).toBe(false);
        }
      }
    });

    it("refuses S of L and above", () => {
      const [seed, message] = [randomBytes(32), randomBytes(10)];
      const { publicKey } = signatureKeyPairFromSeed(seed);
      const signature = sign(seed, message);
      const s = fromLittleEndian(signature.subarray(32));
      for (let added = s + ORDER; added < 1n << 256n; added += 4n * ORDER) {
        expect(verifySignature(publicKey, message, concatBytes(signature.subarray(0, 32), toLittleEndian(added)))).toBe(
          false,
        );
      }
    });

    it("calls input of another length or off the curve a bad signature, never an exception", () => {
      const [seed, message] = [randomBytes(32), randomBytes(10)];
      const { publicKey } = signatureKeyPairFromSeed(seed);
      const signature = sign(seed, message);
      expect(verifySignature(publicKey.subarray(1), message, signature)).toBe(false);
      expect(verifySignature(publicKey, message, signature.subarray(1))).toBe(false);
      expect(isStrongSignatureKey(publicKey.subarray(1))).toBe(false);
      const offCurve = new Uint8Array(32);
      offCurve[0] = 2;
      expect(() => Point.fromBytes(offCurve)).toThrow();
      expect(verifySignature(offCurve, message, signature)).toBe(false);
      expect(isStrongSignatureKey(offCurve)).toBe(false);
      expect(() => sign(new Uint8Array(31), message)).toThrow(FormatError);
      expect(() => signatureKeyPairFromSeed(new Uint8Array(33))).toThrow(FormatError);
    });
  });
}
