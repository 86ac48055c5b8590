import { describe, expect, it } from "vitest";
import { kemKeyPairFromSeed } from "../primitives/index.ts";
import { signIdentity } from "./identity-record.ts";
import { ProvenHashes } from "./proven.ts";
import { verifyIdentity } from "./verify-identity.ts";

const hash = (n: number) => new Uint8Array(32).fill(n);

describe("what was proven once", () => {
  it("is known of the latest that were asked for, and of nothing else", () => {
    const proven = new ProvenHashes(2);
    expect(proven.has(hash(1))).toBe(false);
    proven.add(hash(1));
    proven.add(hash(2));
    expect([1, 2, 3].map((n) => proven.has(hash(n)))).toEqual([true, true, false]);
    proven.has(hash(1));
    proven.add(hash(3));
    expect([1, 2, 3].map((n) => proven.has(hash(n)))).toEqual([true, false, true]);
  });

  it("helps no record that differs in one byte from one that was accepted", async () => {
    const { publicKey: sealingKey } = await kemKeyPairFromSeed(new Uint8Array(32).fill(7));
    const userId = new Uint8Array(16).fill(9);
    const record = signIdentity({ userId, signatureSeed: hash(5), sealingKey, createdMs: 1, name: "alice" });
    const { fingerprint } = verifyIdentity(record);
    expect(verifyIdentity(record).fingerprint).toEqual(fingerprint);
    for (let at = 0; at < record.length; at += 7) {
      record[at] = (record[at] as number) ^ 1;
      expect(() => verifyIdentity(record), `byte ${at}`).toThrow();
      record[at] = (record[at] as number) ^ 1;
    }
    expect(verifyIdentity(record).fingerprint).toEqual(fingerprint);
  });
});
