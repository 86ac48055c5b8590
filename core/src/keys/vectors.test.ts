import { describe, expect, it } from "vitest";
import { concatBytes, fromHex, toHex } from "../bytes/index.ts";
import { parseEnvelope } from "../identity/index.ts";
import { deriveKey, type HashLabel, hashLabelled, KEY_LABELS, type KeyLabel } from "../labels/index.ts";
import { entropyToWords } from "../primitives/index.ts";
import { decodeManifest } from "../volume/record/index.ts";
import { keysOfVectors, named, refusalOf, type VectorCase, vectors } from "../volume/record/vectors.suite.ts";
import {
  acceptKeyringHash,
  decodeKeyring,
  encodeKeyring,
  openEnvelope,
  openKeyring,
  openSlot,
  recoveryKeysFromWords,
  recoveryProofKey,
  SLOT_TYPES,
  type SlotType,
  slotKeyFromExportKey,
  slotKeyFromRecoveryEntropy,
} from "./index.ts";

const file = vectors("keys");

describe("keys of the second implementation", () => {
  it("derive alike, for every label", () => {
    const labels = new Set<string>();
    for (const { label, input, context, output } of file.derivations) {
      labels.add(label);
      expect([label, toHex(deriveKey(label as KeyLabel, fromHex(input), fromHex(context)))]).toEqual([label, output]);
    }
    // What a client derives for its own device only is no format: nobody else needs to agree.
    const own = ["row-name", "request/device"];
    const missing = Object.keys(KEY_LABELS).filter((label) => !labels.has(label) && !own.includes(label));
    expect(missing).toEqual([]);
    for (const { label, fields, output } of file.labelledHashes) {
      expect([label, toHex(hashLabelled(label as HashLabel, fromHex(fields)))]).toEqual([label, output]);
    }
  });

  const slotOf = (one: VectorCase) => ({
    type: Object.entries(SLOT_TYPES).find(([, code]) => code === one.slotType)?.[0] as SlotType,
    userId: fromHex(one.userId),
    slotId: fromHex(one.slotId),
    generation: one.generation,
    slotKey: fromHex(one.slotKey),
    sealed: fromHex(one.slot),
  });
  it.each(named(file.slots))("open %s", async (_, one: VectorCase) => {
    expect(toHex(await openSlot(slotOf(one)))).toBe(one.accountKey);
    const userId = fromHex(one.userId);
    if (one.exportKey) expect(toHex(slotKeyFromExportKey(fromHex(one.exportKey), userId))).toBe(one.slotKey);
    if (one.entropy) {
      expect(toHex(slotKeyFromRecoveryEntropy(fromHex(one.entropy), userId))).toBe(one.slotKey);
      expect(toHex(recoveryProofKey(fromHex(one.entropy), userId).publicKey)).toBe(one.recoveryPublicKey);
    }
  });
  it.each(named(file.refusedSlots))("refuse a slot: %s", async (_, one) => {
    expect(await refusalOf(() => openSlot(slotOf(one)))).toBe(one.refuse);
  });

  it("read the same recovery words", () => {
    for (const { entropy, words } of file.recoveryWords) {
      expect(entropyToWords(fromHex(entropy)).join(" ")).toBe(words);
      const keys = recoveryKeysFromWords(words, new Uint8Array(16));
      expect(keys.slotKey).toEqual(slotKeyFromRecoveryEntropy(fromHex(entropy), new Uint8Array(16)));
    }
    for (const { words } of file.refusedWords) expect(() => recoveryKeysFromWords(words, new Uint8Array(16))).toThrow();
  });

  const keyringOf = (one: VectorCase) => ({
    userId: fromHex(one.userId),
    generation: one.generation,
    version: one.version,
    accountKey: fromHex(one.accountKey),
    sealed: fromHex(one.keyring),
  });
  it.each(named(file.keyrings))("open %s", async (_, one: VectorCase) => {
    expect(toHex(encodeKeyring(await openKeyring(keyringOf(one))))).toBe(one.plaintext);
  });
  it.each(named(file.refusedKeyrings))("refuse a keyring: %s", async (_, one) => {
    expect(await refusalOf(() => openKeyring(keyringOf(one)))).toBe(one.refuse);
  });
  it.each(named(file.refusedKeyringContents))("refuse a keyring's contents: %s", async (_, one) => {
    expect(await refusalOf(() => decodeKeyring(fromHex(one.plaintext)))).toBe(one.refuse);
  });

  const accept = ({ remembered, offered, hashesBetween }: VectorCase) =>
    acceptKeyringHash({
      remembered: { version: remembered.version, chain: fromHex(remembered.chain) },
      version: offered.version,
      storedHash: fromHex(offered.storedHash),
      previousChain: fromHex(offered.previousChain),
      hashesBetween: hashesBetween.map(fromHex),
    });
  it.each(named(file.keyringChains.accepted))("chain: %s", (_, one: VectorCase) => {
    expect(toHex(accept(one).chain)).toBe(one.chain);
  });
  it.each(named(file.keyringChains.refused))("refuse a chain: %s", async (_, one) => {
    expect(await refusalOf(() => accept(one))).toBe(one.refuse);
  });
});

describe("envelopes of the second implementation", () => {
  const envelopes = vectors("envelope");
  const open = (one: VectorCase) =>
    openEnvelope({
      envelope: parseEnvelope(fromHex(one.envelope)),
      manifest: decodeManifest(fromHex(one.manifest)),
      recipient: { fingerprint: fromHex(one.ownFingerprint), sealingSeed: fromHex(one.ownXWingSeed) },
      signatureKeys: keysOfVectors(envelopes),
      purpose: "generation",
    });

  it.each(named(envelopes.envelopes))("open: %s", async (_, one: VectorCase) => {
    expect(toHex((await open(one)).volumeKey)).toBe(one.vk);
  });
  it.each(named(envelopes.refused))("refuse: %s", async (_, one) => {
    expect(await refusalOf(async () => open(one))).toBe(one.refuse);
  });
});

it("the vectors' labels are joined as written", () => {
  const { label, input, context, output } = file.derivations[0];
  const half = fromHex(context).length / 2;
  const parts = [fromHex(context).subarray(0, half), fromHex(context).subarray(half)];
  expect(concatBytes(...parts)).toEqual(fromHex(context));
  expect(toHex(deriveKey(label, fromHex(input), ...parts))).toBe(output);
});
