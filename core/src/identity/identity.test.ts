import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { amount } from "../../../scripts/test/long-mode.ts";
import { concatBytes, FormatError, fromHex, toHex, utf8Encode, WeakKeyError } from "../bytes/index.ts";
import { signLabelled } from "../labels/index.ts";
import { kemKeyPairFromSeed, sha256, signatureKeyPairFromSeed } from "../primitives/index.ts";
import {
  chainLeads,
  decodeIdentity,
  fingerprintDigits,
  fingerprintOf,
  IdentityError,
  type IdentityProblem,
  signIdentity,
  verifyIdentity,
  verifyIdentityChain,
  verifyIdentitySuccession,
} from "./index.ts";

const userId = new Uint8Array(16).fill(1);
const seeds = [1, 2, 3].map((value) => new Uint8Array(32).fill(value)) as [Uint8Array, Uint8Array, Uint8Array];
let sealingKeys: Uint8Array[];
let first: Uint8Array;
let second: Uint8Array;

function rotate(
  previous: Uint8Array,
  from: number,
  to: number,
  change: Partial<{ name: string; userId: Uint8Array }> = {},
) {
  return signIdentity({
    userId,
    name: "alice",
    createdMs: 1000 + to,
    signatureSeed: seeds[to] as Uint8Array,
    sealingKey: sealingKeys[to] as Uint8Array,
    previous: { record: decodeIdentity(previous), signatureSeed: seeds[from] as Uint8Array },
    ...change,
  });
}

function refusal(action: () => unknown): IdentityProblem | string {
  try {
    action();
  } catch (error) {
    if (error instanceof IdentityError) return error.reason;
    return (error as Error).name;
  }
  return "accepted";
}

beforeAll(async () => {
  sealingKeys = [];
  for (const seed of seeds) sealingKeys.push((await kemKeyPairFromSeed(seed)).publicKey);
  first = signIdentity({
    userId,
    name: "alice",
    createdMs: 1000,
    signatureSeed: seeds[0],
    sealingKey: sealingKeys[0] as Uint8Array,
  });
  second = rotate(first, 0, 1);
});

describe("an identity record", () => {
  it("says what was signed", () => {
    const identity = verifyIdentity(first);
    expect(identity).toMatchObject({ sequence: 0, createdMs: 1000, name: "alice", nextSignature: null });
    expect(identity.userId).toEqual(userId);
    expect(identity.signatureKey).toEqual(signatureKeyPairFromSeed(seeds[0]).publicKey);
    expect(identity.hash).toEqual(sha256(first));
    const preimage = concatBytes(
      utf8Encode("excalibur/v3/identity\0"),
      userId,
      identity.signatureKey,
      sealingKeys[0] as Uint8Array,
    );
    expect(identity.fingerprint).toEqual(sha256(preimage));
    expect(first.length).toBe(4 + 16 + 4 + 32 + 32 + 1216 + 8 + 1 + 5 + 64);
    expect(second.length).toBe(first.length + 64);
  });

  it("is refused with any byte changed", () => {
    fc.assert(
      fc.property(fc.nat(first.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const altered = first.slice();
        altered[at] = (altered[at] as number) ^ difference;
        expect(() => verifyIdentity(altered)).toThrow();
      }),
      { numRuns: amount({ everyday: 80, long: 2_000 }) },
    );
  });

  it("is refused cut short or with more behind it", () => {
    for (const length of [0, 4, 100, first.length - 64, first.length - 1]) {
      expect(() => decodeIdentity(first.subarray(0, length))).toThrow(FormatError);
    }
    expect(() => decodeIdentity(concatBytes(first, Uint8Array.of(0)))).toThrow(FormatError);
    expect(() => decodeIdentity(concatBytes(first, new Uint8Array(64)))).toThrow(FormatError);
  });

  it.each(["Alice", "al", "a".repeat(33), "al ice", "älice", "alice\n"])("refuses the name %j", (name) => {
    expect(() => rotate(first, 0, 1, { name })).toThrow(FormatError);
  });

  it("is not made with an id or a key of another length", () => {
    const options = { name: "alice", createdMs: 1, signatureSeed: seeds[0], sealingKey: sealingKeys[0] as Uint8Array };
    expect(() => signIdentity({ ...options, userId: userId.subarray(1) })).toThrow(FormatError);
    expect(() => signIdentity({ ...options, userId, sealingKey: userId })).toThrow(FormatError);
    // The two errors at once would give a record of the right length with everything in the wrong place.
    const shifted = new Uint8Array(1217).fill(1);
    expect(() => signIdentity({ ...options, userId: userId.subarray(1), sealingKey: shifted })).toThrow(FormatError);
    expect(() => signIdentity({ ...options, userId, sealingKey: shifted })).toThrow(FormatError);
  });

  it.each([
    ["neutral element", "0100000000000000000000000000000000000000000000000000000000000000"],
    ["small order", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"],
    ["all zero", "00".repeat(32)],
  ])("refuses a signature key that is the %s", (_, key) => {
    const altered = first.slice();
    altered.set(fromHex(key), 56);
    expect(() => verifyIdentity(altered)).toThrow(WeakKeyError);
  });

  it("A7 refuses weak sealing keys, even well signed", () => {
    const zero = new Uint8Array(1216);
    const badModulus = (sealingKeys[0] as Uint8Array).slice();
    badModulus.fill(0xff, 0, 3);
    const lowOrder = (sealingKeys[0] as Uint8Array).slice();
    lowOrder.fill(0, 1184);
    for (const sealingKey of [zero, badModulus, lowOrder]) {
      const record = signIdentity({ userId, name: "alice", createdMs: 1, signatureSeed: seeds[0], sealingKey });
      expect(() => verifyIdentity(record)).toThrow(WeakKeyError);
    }
  });
});

describe("a chain of identities", () => {
  it("leads from the first key to the last, and only forwards", () => {
    const third = rotate(second, 1, 2);
    const chain = verifyIdentityChain([first, second, third]);
    const [a, , c] = chain;
    expect(chain.map((identity) => identity.sequence)).toEqual([0, 1, 2]);
    expect(chainLeads(chain, a!.fingerprint, c!.fingerprint)).toBe(true);
    expect(chainLeads(chain, c!.fingerprint, a!.fingerprint)).toBe(false);
    expect(chainLeads(chain, a!.fingerprint, a!.fingerprint)).toBe(false);
  });

  it("begins with the first identity or with the pinned one", () => {
    const third = rotate(second, 1, 2);
    expect(refusal(() => verifyIdentityChain([second, third]))).toBe("chain_broken");
    expect(verifyIdentityChain([second, third], decodeIdentity(second).fingerprint)).toHaveLength(2);
    expect(refusal(() => verifyIdentityChain([second, third], decodeIdentity(third).fingerprint))).toBe("chain_broken");
  });

  it("refuses gaps, repetition and another order", () => {
    const third = rotate(second, 1, 2);
    expect(refusal(() => verifyIdentityChain([first, third]))).toBe("chain_broken");
    expect(refusal(() => verifyIdentityChain([second, first]))).toBe("chain_broken");
    expect(refusal(() => verifyIdentityChain([first, first]))).toBe("chain_broken");
  });

  it("refuses another account and another name", () => {
    const stranger = rotate(first, 0, 1, { userId: new Uint8Array(16).fill(9) });
    expect(refusal(() => verifyIdentityChain([first, stranger]))).toBe("owner_changed");
    expect(refusal(() => verifyIdentityChain([first, rotate(first, 0, 1, { name: "mallory" })]))).toBe("owner_changed");
  });

  it("refuses a successor that the pinned key did not sign", () => {
    const forged = rotate(first, 2, 1);
    expect(refusal(() => verifyIdentitySuccession(verifyIdentity(first), verifyIdentity(forged)))).toBe(
      "chain_signature_invalid",
    );
  });

  it("does not take the one signature for the other", () => {
    const body = second.subarray(0, second.length - 128);
    const own = second.subarray(second.length - 128, second.length - 64);
    const wrongLabel = concatBytes(body, own, signLabelled("identity", seeds[0], concatBytes(body, own)));
    expect(refusal(() => verifyIdentityChain([first, wrongLabel]))).toBe("chain_signature_invalid");
    const wrongOwn = signLabelled("identity-next", seeds[1], body);
    expect(refusal(() => verifyIdentity(concatBytes(body, wrongOwn, wrongOwn)))).toBe("signature_invalid");
  });
});

describe("fingerprints", () => {
  it("show sixty digits in twelve groups", () => {
    expect(fingerprintDigits(new Uint8Array(32))).toBe(Array(12).fill("00000").join(" "));
    expect(fingerprintDigits(fromHex(`${"00".repeat(30)}ffff`))).toBe(`${"00000 ".repeat(11)}65535`);
    const expected = (BigInt(`0x${"f7".repeat(32)}`) % 10n ** 60n).toString();
    expect(fingerprintDigits(new Uint8Array(32).fill(0xf7)).replaceAll(" ", "")).toBe(expected);
  });

  it("differ with every part of the identity", () => {
    const { signatureKey, sealingKey } = verifyIdentity(first);
    const keys = { subjectId: userId, signatureKey, sealingKey };
    const other = [
      { subjectId: new Uint8Array(16) },
      { signatureKey: new Uint8Array(32) },
      { sealingKey: sealingKeys[1]! },
    ];
    const all = [keys, ...other.map((part) => ({ ...keys, ...part }))].map((each) => toHex(fingerprintOf(each)));
    expect(new Set(all).size).toBe(4);
  });
});
