import { describe, expect, it } from "vitest";
import {
  type CborValue,
  concatBytes,
  decodeCbor,
  encodeCbor,
  FormatError,
  uint32,
  uint64,
  WeakKeyError,
} from "../bytes/index.ts";
import { EXEF_KIND } from "../exef/public/index.ts";
import { sealObject } from "../exef/secret/index.ts";
import { deriveKey } from "../labels/index.ts";
import { randomBytes, sha256 } from "../primitives/index.ts";
import { ForkError, RollbackError } from "../volume/record/index.ts";
import {
  acceptKeyring,
  CHAIN_START,
  decodeKeyring,
  encodeKeyring,
  type Keyring,
  KeyringError,
  type KeyringPosition,
  nextChain,
  openKeyring,
  sealKeyring,
} from "./index.ts";

import { contact, contactsOf, fill, keyring, volume, volumesOf } from "./keyring.suite.ts";

describe("the keyring's plaintext", () => {
  it("comes back as it was", () => {
    const decoded = decodeKeyring(encodeKeyring({ keyring, previousChain: fill(32, 9) }));
    expect(decoded.previousChain).toEqual(fill(32, 9));
    expect({ ...decoded.keyring, extras: undefined }).toMatchObject({ ...keyring });
    expect(encodeKeyring(decoded)).toEqual(encodeKeyring({ keyring, previousChain: fill(32, 9) }));
  });

  it("carries over what a newer version put there, at every level", () => {
    const extras = new Map<number, CborValue>([
      [64, "later"],
      [1000, new Map([[fill(3, 1), [1]]])],
    ]);
    const newer: Keyring = {
      ...keyring,
      volumes: volumesOf(volume(1, { extras })),
      contacts: contactsOf(contact(1, { extras })),
      links: new Map<Uint8Array, CborValue>([[fill(16, 7), new Map([[1, "kept"]])]]),
      requests: new Map([["any", 1]]),
      extras,
    };
    const bytes = encodeKeyring({ keyring: newer, previousChain: CHAIN_START });
    const { keyring: again } = decodeKeyring(bytes);
    expect(encodeKeyring({ keyring: again, previousChain: CHAIN_START })).toEqual(bytes);
    expect(again.extras).toEqual(extras);
    expect([...again.volumes.values()][0]?.extras).toEqual(extras);
    expect([...again.contacts.values()][0]?.extras).toEqual(extras);
  });

  const map = () => decodeCbor(encodeKeyring({ keyring, previousChain: CHAIN_START })) as Map<number, CborValue>;
  const refused = (change: (fields: Map<number, CborValue>) => void) => {
    const fields = map();
    change(fields);
    try {
      decodeKeyring(encodeCbor(fields as Map<number, CborValue>));
    } catch (error) {
      return (error as Error).name;
    }
    return "accepted";
  };

  it("needs every field, with its type", () => {
    expect(refused(() => undefined)).toBe("accepted");
    for (const key of map().keys()) {
      expect([key, refused((fields) => fields.delete(key))]).toEqual([key, "FormatError"]);
      expect([key, refused((fields) => fields.set(key, -1))]).toEqual([key, "FormatError"]);
      expect([key, refused((fields) => fields.set(key, null))]).toEqual([key, "FormatError"]);
    }
    expect(refused((fields) => fields.set(13, 1))).toBe("FormatError");
    expect(refused((fields) => (fields as Map<unknown, CborValue>).set("text", 1))).toBe("FormatError");
    expect(refused((fields) => fields.set(64, 1))).toBe("accepted");
  });

  const volumeOf = (first: CborValue, second: CborValue = null) =>
    new Map([
      [
        fill(16, 1),
        new Map([
          [1, first],
          [2, second],
        ]),
      ],
    ]) as unknown as CborValue;
  const contactOf = (verified: CborValue) =>
    new Map([
      [
        fill(16, 1),
        new Map<number, CborValue>([
          [1, fill(32, 1)],
          [2, verified],
          [3, "name"],
        ]),
      ],
    ]) as unknown as CborValue;
  it.each<[string, number, CborValue]>([
    ["a short seed", 2, fill(31, 1)],
    [
      "a volume with a short id",
      5,
      new Map([
        [
          fill(15, 1),
          new Map([
            [1, new Map()],
            [2, null],
          ]),
        ],
      ]) as CborValue,
    ],
    ["a volume without head", 5, new Map([[fill(16, 1), new Map([[1, new Map()]])]]) as unknown as CborValue],
    ["a short volume key", 5, volumeOf(new Map([[0, fill(31, 1)]]))],
    ["a generation as text", 5, volumeOf(new Map([["0", fill(32, 1)]]))],
    ["a generation of 2^32", 5, volumeOf(new Map([[2 ** 32, fill(32, 1)]]))],
    ["a head of one part", 5, volumeOf(new Map(), [1])],
    ["a head with a short hash", 5, volumeOf(new Map(), [1, fill(31, 1)])],
    ["a head of 2^48", 5, volumeOf(new Map(), [2 ** 48, fill(32, 1)])],
    [
      "a contact without name",
      6,
      new Map([
        [
          fill(16, 1),
          new Map<number, CborValue>([
            [1, fill(32, 1)],
            [2, true],
          ]),
        ],
      ]) as unknown as CborValue,
    ],
    ["a setting named by a number", 9, new Map([[1, 1]])],
    ["a note without text", 10, [[1]]],
    ["a note at no time", 10, [["then", "text"]]],
    ["a note that is a number", 10, [[1, 2]]],
    ["a contact verified by a number", 6, contactOf(1)],
    ["earlier identities out of order", 4, [1, 0].map((n) => [n, fill(32, 1), fill(32, 1)])],
    ["an earlier identity that is not earlier", 4, [[2, fill(32, 1), fill(32, 1)]]],
    ["an earlier identity of two parts", 4, [[0, fill(32, 1)]]],
    ["a sequence of 2^32", 12, 2 ** 32],
  ])("is refused with %s", (_, key, value) => {
    expect(refused((fields) => fields.set(key, value))).toBe("FormatError");
  });

  it("holds no key of zeros", () => {
    expect(refused((fields) => fields.set(2, fill(32, 0)))).toBe("WeakKeyError");
    expect(refused((fields) => fields.set(5, volumeOf(new Map([[0, fill(32, 0)]]))))).toBe("WeakKeyError");
    expect(() =>
      encodeKeyring({ keyring: { ...keyring, volumes: volumesOf(volume(0)) }, previousChain: CHAIN_START }),
    ).toThrow(WeakKeyError);
  });

  it("is never written unreadable", () => {
    const broken = { ...keyring, homeVolumeId: fill(15, 1) };
    expect(() => encodeKeyring({ keyring: broken, previousChain: CHAIN_START })).toThrow(FormatError);
    const squatting = { ...keyring, extras: new Map([[13, 1]]) };
    expect(() => encodeKeyring({ keyring: squatting, previousChain: CHAIN_START })).toThrow(FormatError);
  });
});

const accountKey = randomBytes(32);
const userId = randomBytes(16);
const place = { userId, generation: 0, version: 2, accountKey };

describe("a sealed keyring", () => {
  it("opens as its own version of its own account only", async () => {
    const sealed = await sealKeyring({ ...place, keyring, previousChain: fill(32, 9) });
    expect((await openKeyring({ ...place, sealed })).previousChain).toEqual(fill(32, 9));
    for (const other of [{ userId: fill(16, 1) }, { generation: 1 }, { version: 3 }, { accountKey: randomBytes(32) }]) {
      await expect(openKeyring({ ...place, sealed, ...other })).rejects.toThrow(KeyringError);
    }
    await expect(openKeyring({ ...place, sealed, version: 0 })).rejects.toThrow(FormatError);
    await expect(openKeyring({ ...place, sealed, accountKey: fill(32, 0) })).rejects.toThrow(WeakKeyError);
    sealed[200] = (sealed[200] as number) ^ 1;
    await expect(openKeyring({ ...place, sealed })).rejects.toThrow(KeyringError);
  });

  it("begins its chain with zeros", async () => {
    await expect(sealKeyring({ ...place, version: 1, keyring, previousChain: fill(32, 9) })).rejects.toThrow(
      KeyringError,
    );
    const sealed = await sealKeyring({ ...place, version: 1, keyring, previousChain: CHAIN_START });
    expect((await openKeyring({ ...place, version: 1, sealed })).previousChain).toEqual(CHAIN_START);
    const forged = await sealObject({
      key: deriveKey("keyring", accountKey, userId, uint32(0)),
      kind: EXEF_KIND.keyring,
      context: concatBytes(Uint8Array.of(2), userId, uint32(0), uint64(1)),
      plaintext: encodeKeyring({ keyring, previousChain: fill(32, 9) }),
    });
    await expect(openKeyring({ ...place, version: 1, sealed: forged.bytes })).rejects.toThrow(KeyringError);
  });

  it("belongs to a userId of 16 bytes", async () => {
    const short = { ...place, userId: userId.subarray(1) };
    await expect(sealKeyring({ ...short, keyring, previousChain: fill(32, 9) })).rejects.toThrow(FormatError);
  });
});

describe("the chain of versions", () => {
  const stored = Array.from({ length: 8 }, (_, n) => utf8(`version ${n + 1}`));
  const chains = [CHAIN_START];
  for (const bytes of stored) chains.push(nextChain(chains.at(-1) as Uint8Array, sha256(bytes)));
  const hashes = stored.map((bytes) => sha256(bytes));
  const offer = (remembered: number | KeyringPosition | null, version: number, change = {}) =>
    acceptKeyring({
      remembered: typeof remembered === "number" ? { version: remembered, chain: chains[remembered]! } : remembered,
      version,
      sealed: stored[version - 1]!,
      previousChain: chains[version - 1]!,
      hashesBetween: typeof remembered === "number" ? hashes.slice(remembered, version - 1) : [],
      ...change,
    });

  it("is computed as written", () => {
    expect(chains[1]).toEqual(sha256(concatBytes(fill(32, 0), sha256(stored[0]!))));
  });

  it("accepts whatever follows what is remembered", () => {
    for (let remembered = 1; remembered <= 8; remembered++) {
      for (let version = remembered; version <= 8; version++) {
        expect(offer(remembered, version)).toEqual({ version, chain: chains[version] });
      }
    }
    expect(offer(null, 5)).toEqual({ version: 5, chain: chains[5] });
  });

  it("refuses an older one, another of the same version and another history", () => {
    expect(() => offer(5, 4)).toThrow(RollbackError);
    expect(() => offer(5, 5, { sealed: utf8("other") })).toThrow(ForkError);
    expect(() => offer(5, 5, { previousChain: fill(32, 1) })).toThrow(ForkError);
    expect(() => offer(5, 6, { previousChain: fill(32, 1) })).toThrow(ForkError);
    expect(() => offer({ version: 5, chain: fill(32, 1) }, 7, { hashesBetween: [hashes[5]!] })).toThrow(ForkError);
    expect(() => offer(5, 8, { hashesBetween: [hashes[6]!, hashes[5]!] })).toThrow(ForkError);
    expect(() => offer(5, 8, { hashesBetween: [hashes[5]!] })).toThrow(FormatError);
    expect(() => offer(5, 6, { hashesBetween: [hashes[5]!] })).toThrow(FormatError);
  });
});

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
