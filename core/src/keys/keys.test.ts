import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, FormatError, IntegrityError, toHex, utf8Encode, WeakKeyError } from "../bytes/index.ts";
import { ciphertextLength, EXEF_KIND, parseExefHeader } from "../exef/public/index.ts";
import { sealObject } from "../exef/secret/index.ts";
import {
  hkdfSha256,
  RecoveryWordsError,
  randomBytes,
  sha256,
  sign,
  verifySignature,
  wordsToEntropy,
} from "../primitives/index.ts";
import {
  CacheRecordError,
  createRecoveryWords,
  linkKeys,
  linkKnock,
  linkPasswordSalt,
  openCacheRecord,
  openSlot,
  recoveryKeysFromWords,
  SLOT_TYPES,
  SlotAuthError,
  type SlotPlace,
  sealCacheRecord,
  sealSlot,
  slotKeyFromDeviceSecret,
  slotKeyFromExportKey,
  slotKeyFromPasskey,
  slotKeyFromRecoveryEntropy,
} from "./index.ts";

const userId = randomBytes(16);
const slotId = randomBytes(16);
const accountKey = randomBytes(32);
const slotKey = randomBytes(32);
const place: SlotPlace = { type: "password", userId, slotId, generation: 3 };

describe("slot keys", () => {
  it("are derived as written", () => {
    const input = randomBytes(64);
    const info = (label: string, context: Uint8Array) => concatBytes(utf8Encode(`excalibur/v3/${label}\0`), context);
    expect(slotKeyFromExportKey(input, userId)).toEqual(hkdfSha256(input, info("slot/password", userId)));
    const entropy = randomBytes(16);
    expect(slotKeyFromRecoveryEntropy(entropy, userId)).toEqual(hkdfSha256(entropy, info("slot/recovery", userId)));
    expect(slotKeyFromDeviceSecret(slotKey, slotId)).toEqual(hkdfSha256(slotKey, info("slot/device", slotId)));
    const credential = randomBytes(70);
    expect(slotKeyFromPasskey(slotKey, credential)).toEqual(
      hkdfSha256(slotKey, info("slot/passkey", sha256(credential))),
    );
    expect(() => slotKeyFromExportKey(input, userId.subarray(1))).toThrow(FormatError);
  });
});

describe("a slot", () => {
  it("opens the account key it was made for, of every type", async () => {
    for (const type of Object.keys(SLOT_TYPES) as SlotPlace["type"][]) {
      const sealed = await sealSlot({ ...place, type, slotKey, accountKey });
      expect(sealed.length).toBe(658);
      expect(parseExefHeader(sealed).kind).toBe(EXEF_KIND.slot);
      expect(await openSlot({ ...place, type, slotKey, sealed })).toEqual(accountKey);
    }
  });

  it("opens nowhere else, and with no other key", async () => {
    const sealed = await sealSlot({ ...place, slotKey, accountKey });
    const others: Partial<Parameters<typeof openSlot>[0]>[] = [
      { slotKey: randomBytes(32) },
      { userId: randomBytes(16) },
      { slotId: randomBytes(16) },
      { generation: 2 },
      { type: "recovery" },
      { type: "device" },
      { sealed: await sealSlot({ ...place, slotKey: randomBytes(32), accountKey: randomBytes(32) }) },
    ];
    for (const other of others) {
      await expect(openSlot({ ...place, slotKey, sealed, ...other })).rejects.toThrow(SlotAuthError);
    }
  });

  it("is refused altered, cut short, as noise and with another length inside", async () => {
    const sealed = await sealSlot({ ...place, slotKey, accountKey });
    await fc.assert(
      fc.asyncProperty(fc.nat(657), fc.integer({ min: 1, max: 255 }), async (at, difference) => {
        const altered = sealed.slice();
        altered[at] = (altered[at] as number) ^ difference;
        await expect(openSlot({ ...place, slotKey, sealed: altered })).rejects.toThrow();
      }),
      { numRuns: 60 },
    );
    await expect(openSlot({ ...place, slotKey, sealed: sealed.subarray(1) })).rejects.toThrow(FormatError);
    await expect(openSlot({ ...place, slotKey, sealed: randomBytes(658) })).rejects.toThrow(FormatError);
    const context = concatBytes(Uint8Array.of(1, 1), userId, slotId, Uint8Array.of(0, 0, 0, 3));
    for (const plaintext of [accountKey.subarray(1), concatBytes(accountKey, Uint8Array.of(0)), randomBytes(600)]) {
      const { bytes } = await sealObject({ key: slotKey, kind: EXEF_KIND.slot, context, plaintext });
      await expect(openSlot({ ...place, slotKey, sealed: bytes })).rejects.toThrow(SlotAuthError);
    }
  });

  it("never holds a key of zeros", async () => {
    await expect(sealSlot({ ...place, slotKey, accountKey: new Uint8Array(32) })).rejects.toThrow(WeakKeyError);
    await expect(sealSlot({ ...place, slotKey, accountKey: accountKey.subarray(1) })).rejects.toThrow(FormatError);
    const context = concatBytes(Uint8Array.of(1, 1), userId, slotId, Uint8Array.of(0, 0, 0, 3));
    const { bytes } = await sealObject({ key: slotKey, kind: EXEF_KIND.slot, context, plaintext: new Uint8Array(32) });
    await expect(openSlot({ ...place, slotKey, sealed: bytes })).rejects.toThrow(WeakKeyError);
  });
});

describe("recovery words", () => {
  it("give the same keys however they are typed, and prove themselves", () => {
    const words = createRecoveryWords();
    expect(words).toHaveLength(12);
    const keys = recoveryKeysFromWords(words.join(" "), userId);
    expect(recoveryKeysFromWords(`  ${words.join(" \n ").toUpperCase()} `, userId)).toEqual(keys);
    expect(keys.slotKey).toEqual(slotKeyFromRecoveryEntropy(wordsToEntropy(words.join(" ")), userId));
    const message = randomBytes(9);
    expect(verifySignature(keys.proof.publicKey, message, sign(keys.proof.seed, message))).toBe(true);
    expect(recoveryKeysFromWords(words.join(" "), randomBytes(16)).proof.publicKey).not.toEqual(keys.proof.publicKey);
    expect(toHex(keys.proof.seed)).not.toBe(toHex(keys.slotKey));
  });

  it("that do not belong together are refused before anything is sent", () => {
    const words = createRecoveryWords();
    expect(() => recoveryKeysFromWords(words.slice(1).join(" "), userId)).toThrow(RecoveryWordsError);
    expect(() => recoveryKeysFromWords([...words.slice(1), "excalibur"].join(" "), userId)).toThrow(RecoveryWordsError);
  });
});

describe("a cache record", () => {
  const cache = { accountKey, userId, generation: 3, name: "page/abc" };

  it("opens under its name only, for its account only", async () => {
    const plaintext = randomBytes(300_000);
    const sealed = await sealCacheRecord(cache, plaintext);
    expect(sealed.length).toBe(ciphertextLength(plaintext.length));
    expect(parseExefHeader(sealed).kind).toBe(EXEF_KIND.cacheRecord);
    expect(await openCacheRecord(cache, sealed)).toEqual(plaintext);
    const others = [{ name: "page/abd" }, { userId: slotId }, { generation: 4 }, { accountKey: slotKey }];
    for (const other of others)
      await expect(openCacheRecord({ ...cache, ...other }, sealed)).rejects.toThrow(CacheRecordError);
    sealed[sealed.length - 1] = (sealed[sealed.length - 1] as number) ^ 1;
    await expect(openCacheRecord(cache, sealed)).rejects.toThrow(IntegrityError);
  });
});

describe("link keys", () => {
  const link = { linkId: randomBytes(16), secret: randomBytes(32) };

  it("are derived as written, all different, and depend on the password where it matters", () => {
    const info = (label: string) => concatBytes(utf8Encode(`excalibur/v3/link/${label}\0`), link.linkId);
    expect(linkKnock(link)).toEqual(hkdfSha256(link.secret, info("knock")));
    expect(linkPasswordSalt(link)).toEqual(hkdfSha256(link.secret, info("salt")).subarray(0, 16));
    const passwordKey = randomBytes(32);
    const input = concatBytes(link.secret, passwordKey);
    const keys = linkKeys({ ...link, passwordKey });
    expect(keys.signatureSeed).toEqual(hkdfSha256(input, info("sign")));
    expect(keys.sealingSeed).toEqual(hkdfSha256(input, info("kem")));
    expect(keys.recordKey).toEqual(hkdfSha256(input, info("open")));
    expect(linkKeys(link).recordKey).toEqual(hkdfSha256(link.secret, info("open")));
  });

  it("refuse wrong lengths", () => {
    expect(() => linkKnock({ ...link, secret: link.linkId })).toThrow(FormatError);
    expect(() => linkKeys({ ...link, linkId: link.secret })).toThrow(FormatError);
    expect(() => linkPasswordSalt({ ...link, linkId: link.secret })).toThrow(FormatError);
  });
});
