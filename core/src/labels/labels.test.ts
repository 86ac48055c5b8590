import { describe, expect, it } from "vitest";
import { concatBytes, toHex, utf8Encode, WeakKeyError } from "../bytes/index.ts";
import { hkdfSha256, sha256, signatureKeyPairFromSeed, verifySignature } from "../primitives/index.ts";
import {
  deriveKey,
  HASH_LABELS,
  hashLabelled,
  KEY_LABELS,
  type KeyLabel,
  labelText,
  SEAL_LABELS,
  SIGNATURE_LABELS,
  type SignatureLabel,
  sealInfo,
  signatureLabelText,
  signLabelled,
  verifyLabelled,
} from "./index.ts";

const keyLabels = Object.keys(KEY_LABELS) as KeyLabel[];
const signatureLabels = Object.keys(SIGNATURE_LABELS) as SignatureLabel[];
const everyLabel = [
  ...keyLabels.map(labelText),
  ...(Object.keys(HASH_LABELS) as (keyof typeof HASH_LABELS)[]).map(labelText),
  ...(Object.keys(SEAL_LABELS) as (keyof typeof SEAL_LABELS)[]).map(labelText),
  ...signatureLabels.map(signatureLabelText),
  // The one string outside this registry that goes into a key derivation: associated data of ExEF.
  "excalibur.exef/v3",
];

describe("the registry", () => {
  it("A6 has no label twice, whatever its kind", () => {
    expect(new Set(everyLabel).size).toBe(everyLabel.length);
    expect(everyLabel.length).toBe(42);
  });

  it("A6 is prefix-free with the zero byte that ends a label", () => {
    const ended = everyLabel.map((label) => `${label}\0`);
    const clashes = ended.flatMap((a) => ended.filter((b) => b !== a && b.startsWith(a)).map((b) => [a, b]));
    expect(clashes).toEqual([]);
  });

  it("uses plain printable ASCII, so that a label never holds the byte that ends it", () => {
    for (const label of everyLabel) expect(label).toMatch(/^[a-z0-9./-]+$/);
  });

  it("A6 has one purpose a label", () => {
    const purposes = [KEY_LABELS, HASH_LABELS, SEAL_LABELS, SIGNATURE_LABELS].flatMap((set) => Object.values(set));
    expect(new Set(purposes).size).toBe(purposes.length);
  });

  it("refuses a label it does not know", () => {
    expect(() => deriveKey("pages" as KeyLabel, Uint8Array.of(1))).toThrow(TypeError);
    expect(() => signLabelled("toString" as SignatureLabel, new Uint8Array(32), new Uint8Array())).toThrow(TypeError);
  });
});

describe("labelled primitives", () => {
  const key = new Uint8Array(32).fill(7);
  const message = utf8Encode("message");

  it("derive with the written-out info", () => {
    const context = Uint8Array.of(1, 2, 3);
    expect(deriveKey("slot/password", key, context.subarray(0, 1), context.subarray(1))).toEqual(
      hkdfSha256(key, utf8Encode("excalibur/v3/slot/password\0\x01\x02\x03"), 32),
    );
    expect(new Set(keyLabels.map((label) => toHex(deriveKey(label, key)))).size).toBe(keyLabels.length);
  });

  it("A7 derive nothing from a key of zeros", () => {
    for (const label of keyLabels) expect(() => deriveKey(label, new Uint8Array(32))).toThrow(WeakKeyError);
  });

  it("hash and inform with the written-out prefix", () => {
    expect(hashLabelled("state", message)).toEqual(sha256(utf8Encode("excalibur/v3/state\0message")));
    expect(sealInfo("share", message)).toEqual(utf8Encode("excalibur/v3/share\0message"));
  });

  it("sign under one label only", () => {
    const { publicKey } = signatureKeyPairFromSeed(key);
    for (const label of signatureLabels) {
      const signature = signLabelled(label, key, message);
      const preimage = concatBytes(utf8Encode(`excalibur/v3/sig/${label}\0`), message);
      expect(verifySignature(publicKey, preimage, signature)).toBe(true);
      for (const other of signatureLabels) {
        expect(verifyLabelled(other, publicKey, message, signature)).toBe(other === label);
      }
    }
  });

  it("say no to anything malformed", () => {
    const { publicKey } = signatureKeyPairFromSeed(key);
    const signature = signLabelled("commit", key, message);
    expect(verifyLabelled("commit", publicKey, message, signature.subarray(1))).toBe(false);
    expect(verifyLabelled("commit", publicKey.subarray(1), message, signature)).toBe(false);
  });
});
