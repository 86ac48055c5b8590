import { beforeAll, describe, expect, it } from "vitest";
import { concatBytes, FormatError, uint64, WeakKeyError } from "../bytes/index.ts";
import {
  encodeEnvelope,
  encodeEnvelopeHeader,
  envelopeInfo,
  envelopeMessage,
  parseEnvelope,
} from "../identity/index.ts";
import { signLabelled } from "../labels/index.ts";
import { hpkeSeal, kemKeyPairFromSeed, randomBytes, sha256 } from "../primitives/index.ts";
import { commitToVolumeKey, decodeManifest, ROLES, signManifest } from "../volume/record/index.ts";
import {
  alice,
  bob,
  carol,
  dave,
  firstManifest,
  row,
  signatureKeys,
  volumeId,
  volumeKey,
} from "../volume/record/members/people.suite.ts";
import { EnvelopeError, type OpenEnvelopeOptions, openEnvelope, sealEnvelope } from "./index.ts";

const manifest = decodeManifest(
  signManifest(firstManifest([row(bob, ROLES.manager), row(carol, ROLES.editor)]), alice.seed),
);
const head = { sequence: 41, hash: sha256(volumeId) };
const seed = randomBytes(32);
const sender = { fingerprint: bob.fingerprint, signatureSeed: bob.seed };
let sealingKey: Uint8Array;
let sealed: Uint8Array;

beforeAll(async () => {
  sealingKey = (await kemKeyPairFromSeed(seed)).publicKey;
  sealed = await seal();
});

const seal = (change: Partial<Parameters<typeof sealEnvelope>[0]> = {}) =>
  sealEnvelope({
    manifest,
    volumeKey: volumeKey(0),
    head,
    sender,
    recipient: { fingerprint: carol.fingerprint, sealingKey },
    ...change,
  });

const open = (bytes: Uint8Array, change: Partial<OpenEnvelopeOptions> = {}) =>
  openEnvelope({
    envelope: parseEnvelope(bytes),
    manifest,
    recipient: { fingerprint: carol.fingerprint, sealingSeed: seed },
    signatureKeys,
    purpose: "invitation",
    ...change,
  });

async function refusal(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    return error instanceof EnvelopeError ? error.reason : (error as Error).name;
  }
  return "accepted";
}

/** An envelope with any content, by somebody who knows the formats. */
async function forge(change: { key?: Uint8Array; signer?: Uint8Array; aad?: Uint8Array; g?: number } = {}) {
  const headerBytes = encodeEnvelopeHeader({
    volumeId,
    g: change.g ?? 0,
    manifestVersion: 0,
    senderFingerprint: bob.fingerprint,
    recipientFingerprint: carol.fingerprint,
  });
  const info = envelopeInfo(headerBytes);
  const secretPart = concatBytes(change.key ?? volumeKey(0), uint64(head.sequence), head.hash);
  const signature = signLabelled(
    "envelope",
    change.signer ?? bob.seed,
    envelopeMessage(info, manifest.hash, secretPart),
  );
  const plaintext = concatBytes(secretPart, signature);
  const { enc, ciphertext } = await hpkeSeal({
    recipientPublicKey: sealingKey,
    info,
    aad: change.aad ?? manifest.hash,
    plaintext,
  });
  return encodeEnvelope(headerBytes, enc, ciphertext);
}

describe("an envelope", () => {
  it("brings the volume key and, to an invited one, the floor", async () => {
    expect(await open(sealed)).toEqual({ volumeKey: volumeKey(0), floor: head });
    expect(await open(sealed, { purpose: "generation" })).toEqual({ volumeKey: volumeKey(0), floor: null });
    expect(await open(await seal({ head: undefined }))).toEqual({ volumeKey: volumeKey(0), floor: null });
  });

  it("may come from any member once the volume is accepted, but invites only from who may", async () => {
    const fromEditor = await seal({ sender: { fingerprint: carol.fingerprint, signatureSeed: carol.seed } });
    expect(await refusal(open(fromEditor))).toBe("sender_may_not");
    expect(await refusal(open(fromEditor, { purpose: "generation" }))).toBe("accepted");
  });

  it("is not sealed for or by somebody whom the manifest does not name, nor with another key", async () => {
    const stranger = { fingerprint: dave.fingerprint, sealingKey };
    expect(await refusal(seal({ recipient: stranger }))).toBe("recipient");
    expect(await refusal(seal({ sender: { fingerprint: dave.fingerprint, signatureSeed: dave.seed } }))).toBe(
      "sender_unknown",
    );
    expect(await refusal(seal({ volumeKey: volumeKey(1) }))).toBe("commitment");
    expect(await refusal(seal({ volumeKey: new Uint8Array(32) }))).toBe("WeakKeyError");
    expect(await refusal(seal({ head: { sequence: 1, hash: new Uint8Array(31) } }))).toBe("FormatError");
  });

  it("is refused by a forger who knows the formats", async () => {
    expect(await refusal(forge().then((bytes) => open(bytes)))).toBe("accepted");
    expect(await refusal(forge({ signer: dave.seed }).then((bytes) => open(bytes)))).toBe("signature");
    expect(await refusal(forge({ key: volumeKey(1) }).then((bytes) => open(bytes)))).toBe("commitment");
    expect(await refusal(forge({ aad: sha256(head.hash) }).then((bytes) => open(bytes)))).toBe("sealed");
    expect(await refusal(forge({ g: 1 }).then((bytes) => open(bytes)))).toBe("generation");
    expect(await refusal(open(sealed, { signatureKeys: () => undefined }))).toBe("signature");
  });

  it("is refused with a key of zeros that its manifest commits to", async () => {
    const zero = new Uint8Array(32);
    const weak = decodeManifest(
      signManifest(
        {
          ...firstManifest([row(bob, ROLES.manager), row(carol, ROLES.editor)]),
          vkCommitment: commitToVolumeKey({ volumeId, g: 0 }, zero),
        },
        alice.seed,
      ),
    );
    const headerBytes = parseEnvelope(sealed).headerBytes;
    const info = envelopeInfo(headerBytes);
    const secretPart = concatBytes(zero, uint64(0), zero);
    const signature = signLabelled("envelope", bob.seed, envelopeMessage(info, weak.hash, secretPart));
    const { enc, ciphertext } = await hpkeSeal({
      recipientPublicKey: sealingKey,
      info,
      aad: weak.hash,
      plaintext: concatBytes(secretPart, signature),
    });
    await expect(open(encodeEnvelope(headerBytes, enc, ciphertext), { manifest: weak })).rejects.toThrow(WeakKeyError);
  });

  it("is refused with any part changed, and by anybody else", async () => {
    const flipped = (at: number) => {
      const copy = sealed.slice();
      copy[at] = (copy[at] as number) ^ 1;
      return copy;
    };
    expect(await refusal(open(flipped(4)))).toBe("volume");
    expect(await refusal(open(flipped(23)))).toBe("generation");
    expect(await refusal(open(flipped(27)))).toBe("manifest_version");
    expect(await refusal(open(flipped(28)))).toBe("sender_unknown");
    expect(await refusal(open(flipped(60)))).toBe("recipient");
    for (const at of [92, 1000, 1212, 1363]) expect(await refusal(open(flipped(at)))).toBe("sealed");
    expect(() => parseEnvelope(flipped(0))).toThrow(FormatError);
    expect(
      await refusal(open(sealed, { recipient: { fingerprint: carol.fingerprint, sealingSeed: randomBytes(32) } })),
    ).toBe("sealed");
    expect(await refusal(open(sealed, { recipient: { fingerprint: alice.fingerprint, sealingSeed: seed } }))).toBe(
      "recipient",
    );
    const other = decodeManifest(signManifest(firstManifest([row(bob, ROLES.manager)]), alice.seed));
    expect(await refusal(open(sealed, { manifest: other }))).toBe("recipient");
    const demoted = decodeManifest(
      signManifest(firstManifest([row(bob, ROLES.viewer), row(carol, ROLES.editor)]), alice.seed),
    );
    expect(await refusal(open(sealed, { manifest: demoted }))).toBe("sender_may_not");
    expect(await refusal(open(sealed, { manifest: demoted, purpose: "generation" }))).toBe("sealed");
  });
});
