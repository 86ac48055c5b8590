import { decodeCbor, encodeCbor } from "@excalibur/core/bytes";
import { deriveKey, type HashLabel, hashLabelled, type KeyLabel } from "@excalibur/core/labels";
import {
  hpkeOpen,
  isStrongKemKey,
  isStrongSignatureKey,
  kemKeyPairFromSeed,
  verifySignature,
} from "@excalibur/core/primitives";
import { describe, expect, it } from "vitest";
import { itRefuses } from "../check-cases.ts";
import { frozen, hex, type MustFail, type Named, unhex } from "../frozen.ts";

interface CborFile {
  readonly accepted: readonly (Named & { readonly bytes: string })[];
  readonly refused: readonly (MustFail & { readonly bytes: string })[];
}

interface Ed25519File {
  readonly verify: readonly (Named & {
    readonly publicKey: string;
    readonly message: string;
    readonly signature: string;
    readonly valid: boolean;
  })[];
  readonly publicKeys: readonly (Named & { readonly publicKey: string; readonly acceptable: boolean })[];
  readonly xWingKeys: readonly (Named & { readonly publicKey: string; readonly acceptable: boolean })[];
}

interface LabelsFile {
  readonly derivations: readonly { label: KeyLabel; input: string; context: string; output: string }[];
  readonly labelledHashes: readonly { label: HashLabel; fields: string; output: string }[];
}

interface HpkeFile {
  readonly xWing: readonly { readonly seed: string; readonly publicKey: string }[];
  readonly hpke: readonly (Named & {
    readonly seed: string;
    readonly info: string;
    readonly aad: string;
    readonly enc: string;
    readonly ciphertext: string;
    readonly plaintext: string;
  })[];
}

/** The product's lowest floor against cbor.json, ed25519.json and the beginnings of keys.json and envelope.json. */
export function foundationSuite(): void {
  describe("cbor.json", () => {
    const file = frozen<CborFile>("cbor");
    it("reads every accepted encoding and writes the same bytes again", () => {
      for (const { bytes } of file.accepted) expect(hex(encodeCbor(decodeCbor(unhex(bytes))))).toBe(bytes);
    });
    itRefuses("encodings", file.refused, ({ bytes }) => decodeCbor(unhex(bytes)));
  });

  describe("ed25519.json", () => {
    const file = frozen<Ed25519File>("ed25519");
    it("gives every signature its verdict", () => {
      const verdicts = file.verify.map(({ name, publicKey, message, signature }) => ({
        name,
        valid: verifySignature(unhex(publicKey), unhex(message), unhex(signature)),
      }));
      expect(verdicts).toEqual(file.verify.map(({ name, valid }) => ({ name, valid })));
    });
    it("accepts good keys only", () => {
      const ed25519 = file.publicKeys.map(({ name, publicKey }) => ({
        name,
        acceptable: isStrongSignatureKey(unhex(publicKey)),
      }));
      expect(ed25519).toEqual(file.publicKeys.map(({ name, acceptable }) => ({ name, acceptable })));
      const xWing = file.xWingKeys.map(({ name, publicKey }) => ({
        name,
        acceptable: isStrongKemKey(unhex(publicKey)),
      }));
      expect(xWing).toEqual(file.xWingKeys.map(({ name, acceptable }) => ({ name, acceptable })));
    });
  });

  describe("keys.json, labels", () => {
    const file = frozen<LabelsFile>("keys");
    it("derives the same keys", () => {
      for (const { label, input, context, output } of file.derivations) {
        expect(hex(deriveKey(label, unhex(input), unhex(context)))).toBe(output);
      }
    });
    it("hashes under the same labels", () => {
      for (const { label, fields, output } of file.labelledHashes)
        expect(hex(hashLabelled(label, unhex(fields)))).toBe(output);
    });
  });

  describe("envelope.json, X-Wing and HPKE", () => {
    const file = frozen<HpkeFile>("envelope");
    it("makes the same X-Wing keys", async () => {
      for (const { seed, publicKey } of file.xWing)
        expect(hex((await kemKeyPairFromSeed(unhex(seed))).publicKey)).toBe(publicKey);
    });
    it("opens what the slow implementation sealed", async () => {
      for (const { seed, info, aad, enc, ciphertext, plaintext } of file.hpke) {
        const options = {
          recipientSeed: unhex(seed),
          info: unhex(info),
          aad: unhex(aad),
          enc: unhex(enc),
          ciphertext: unhex(ciphertext),
        };
        expect(hex(await hpkeOpen(options))).toBe(plaintext);
      }
    });
  });
}
