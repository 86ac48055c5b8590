import { decodeCbor, encodeCbor } from "@excalibur/core/bytes";
import {
  chainLeads,
  fingerprintDigits,
  originHash,
  parseEnvelope,
  SESSION_ACTIONS,
  type SessionAction,
  sessionBindMac,
  sessionBindMessage,
  verifyIdentityChain,
} from "@excalibur/core/identity";
import {
  acceptKeyringHash,
  decodeKeyring,
  encodeKeyring,
  openEnvelope,
  openKeyring,
  openSlot,
  recoveryProofKey,
  SLOT_TYPES,
  type SlotType,
  slotKeyFromExportKey,
  slotKeyFromRecoveryEntropy,
} from "@excalibur/core/keys";
import { signLabelled } from "@excalibur/core/labels";
import {
  entropyToWords,
  opaqueClientFinishLogin,
  opaqueClientFinishRegistration,
  opaqueClientStartLogin,
  opaqueClientStartRegistration,
  sha256,
  sign,
  verifySignature,
  wordsToEntropy,
} from "@excalibur/core/primitives";
import { contentDigest, signatureBase, signatureHeader, signatureInput } from "@excalibur/core/protocol";
import { openPreviousKeys } from "@excalibur/core/volume/content";
import { commitToVolumeKey, decodeManifest } from "@excalibur/core/volume/record";
import { describe, expect, it } from "vitest";
import { EXCALIBUR_OPAQUE, makeKe2, registrationResponse } from "../../reference/account/opaque.ts";
import { itRefuses } from "../check-cases.ts";
import { frozen, hex, type MustFail, type Named, unhex } from "../frozen.ts";
import { keysOf, type PersonJson } from "../people-json.ts";

// ── keys.json ────────────────────────────────────────────────────────────────────────────────────────────────────

interface SlotCase {
  readonly slotType: number;
  readonly userId: string;
  readonly slotId: string;
  readonly generation: number;
  readonly slotKey: string;
  readonly slot: string;
}

interface KeyringCase {
  readonly userId: string;
  readonly generation: number;
  readonly version: number;
  readonly accountKey: string;
  readonly keyring: string;
}

interface ChainCase {
  readonly remembered: { readonly version: number; readonly chain: string };
  readonly offered: { readonly version: number; readonly storedHash: string; readonly previousChain: string };
  readonly hashesBetween: readonly string[];
}

interface PreviousCase {
  readonly volumeId: string;
  readonly g: number;
  readonly vk: string;
  readonly record: string;
}

interface KeysFile {
  readonly slots: readonly (Named &
    SlotCase & { accountKey: string; exportKey?: string; entropy?: string; recoveryPublicKey?: string })[];
  readonly refusedSlots: readonly (MustFail & SlotCase)[];
  readonly recoveryWords: readonly { readonly entropy: string; readonly words: string }[];
  readonly refusedWords: readonly (MustFail & { readonly words: string })[];
  readonly keyrings: readonly (Named & KeyringCase & { readonly plaintext: string })[];
  readonly refusedKeyrings: readonly (MustFail & KeyringCase)[];
  readonly refusedKeyringContents: readonly (MustFail & { readonly plaintext: string })[];
  readonly keyringChains: {
    readonly accepted: readonly (Named & ChainCase & { readonly chain: string })[];
    readonly refused: readonly (MustFail & ChainCase)[];
  };
  readonly previousKeys: {
    readonly accepted: readonly (Named & PreviousCase & { readonly keys: readonly { g: number; vk: string }[] })[];
    readonly refused: readonly (MustFail & PreviousCase)[];
  };
}

function slotTypeOf(number: number): SlotType {
  const found = Object.entries(SLOT_TYPES).find(([, value]) => value === number);
  return (found as [SlotType, number])[0];
}

function open(one: SlotCase): Promise<Uint8Array> {
  return openSlot({
    type: slotTypeOf(one.slotType),
    userId: unhex(one.userId),
    slotId: unhex(one.slotId),
    generation: one.generation,
    slotKey: unhex(one.slotKey),
    sealed: unhex(one.slot),
  });
}

function openRing(one: KeyringCase) {
  const { generation, version } = one;
  return openKeyring({
    userId: unhex(one.userId),
    generation,
    version,
    accountKey: unhex(one.accountKey),
    sealed: unhex(one.keyring),
  });
}

/** The product takes stored bytes and hashes them; the vectors give the hash, so the chain is computed as it does. */
function acceptChain(one: ChainCase) {
  const { remembered, offered } = one;
  const storedHash = unhex(offered.storedHash);
  return acceptKeyringHash({
    remembered: { version: remembered.version, chain: unhex(remembered.chain) },
    version: offered.version,
    previousChain: unhex(offered.previousChain),
    hashesBetween: one.hashesBetween.map(unhex),
    storedHash,
  });
}

function openEarlier(one: PreviousCase, commitmentOf: (g: number) => Uint8Array | undefined) {
  return openPreviousKeys(
    { volumeId: unhex(one.volumeId), g: one.g, volumeKey: unhex(one.vk), commitmentOf },
    unhex(one.record),
  );
}

function keysSuite(): void {
  describe("keys.json", () => {
    const file = frozen<KeysFile>("keys");

    it("opens every slot", async () => {
      for (const one of file.slots) {
        expect(hex(await open(one))).toBe(one.accountKey);
        const userId = unhex(one.userId);
        if (one.exportKey) expect(hex(slotKeyFromExportKey(unhex(one.exportKey), userId))).toBe(one.slotKey);
        if (one.entropy) {
          expect(hex(slotKeyFromRecoveryEntropy(unhex(one.entropy), userId))).toBe(one.slotKey);
          expect(hex(recoveryProofKey(unhex(one.entropy), userId).publicKey)).toBe(one.recoveryPublicKey);
        }
      }
    });
    itRefuses("slots", file.refusedSlots, open);

    it("turns entropy into words and back", () => {
      for (const { entropy, words } of file.recoveryWords) {
        expect(entropyToWords(unhex(entropy)).join(" ")).toBe(words);
        expect(hex(wordsToEntropy(`  ${words.toUpperCase().replaceAll(" ", "\n ")}\t`))).toBe(entropy);
      }
    });
    itRefuses("recovery words", file.refusedWords, ({ words }) => wordsToEntropy(words));

    it("opens every keyring and writes the same plaintext again, keys of newer versions included", async () => {
      for (const one of file.keyrings) {
        expect(hex(encodeKeyring(await openRing(one)))).toBe(one.plaintext);
        expect(hex(encodeCbor(decodeCbor(unhex(one.plaintext))))).toBe(one.plaintext);
      }
    });
    itRefuses("keyrings", file.refusedKeyrings, openRing);
    itRefuses("keyring contents", file.refusedKeyringContents, ({ plaintext }) => decodeKeyring(unhex(plaintext)));

    it("accepts keyrings that follow", () => {
      for (const one of file.keyringChains.accepted) expect(hex(acceptChain(one).chain)).toBe(one.chain);
    });
    itRefuses("keyring histories", file.keyringChains.refused, acceptChain);

    it("opens records of earlier volume keys, each checked against its commitment", async () => {
      for (const one of file.previousKeys.accepted) {
        const commitments = new Map(
          one.keys.map(({ g, vk }) => [g, commitToVolumeKey({ volumeId: unhex(one.volumeId), g }, unhex(vk))]),
        );
        const keys = await openEarlier(one, (g) => commitments.get(g));
        expect([...keys].map(([g, vk]) => ({ g, vk: hex(vk) }))).toEqual(one.keys);
        if (one.keys.length > 0) await expect(openEarlier(one, () => new Uint8Array(32))).rejects.toThrow();
      }
    });
    const committed = new Map(
      file.previousKeys.accepted.flatMap(({ keys, volumeId }) =>
        keys.map(({ g, vk }) => [g, commitToVolumeKey({ volumeId: unhex(volumeId), g }, unhex(vk))] as const),
      ),
    );
    itRefuses("records of earlier volume keys", file.previousKeys.refused, (one) =>
      openEarlier(one, (g) => committed.get(g)),
    );
  });
}

// ── identity.json, envelope.json ─────────────────────────────────────────────────────────────────────────────────

interface IdentityFile {
  readonly chains: readonly (Named & {
    readonly records: readonly string[];
    readonly identities: readonly {
      sequence: number;
      createdMs: number;
      name: string;
      hash: string;
      fingerprint: string;
      digits: string;
    }[];
  })[];
  readonly digits: readonly { readonly fingerprint: string; readonly digits: string }[];
  readonly refusedRecords: readonly (MustFail & { readonly records: readonly string[] })[];
  readonly refusedChains: readonly (MustFail & { readonly records: readonly string[] })[];
}

function identitySuite(): void {
  describe("identity.json", () => {
    const file = frozen<IdentityFile>("identity");
    it("verifies every chain", () => {
      for (const { records, identities } of file.chains) {
        const chain = verifyIdentityChain(records.map(unhex));
        const read = chain.map(({ userId, sequence, signatureKey, createdMs, name, hash, fingerprint }) => ({
          userId: hex(userId),
          sequence,
          ed25519Key: hex(signatureKey),
          createdMs,
          name,
          hash: hex(hash),
          fingerprint: hex(fingerprint),
          digits: fingerprintDigits(fingerprint),
        }));
        expect(read).toEqual(identities);
        const [first, last] = [chain[0], chain.at(-1)];
        if (first && last && first !== last) expect(chainLeads(chain, first.fingerprint, last.fingerprint)).toBe(true);
      }
    });
    it("shows fingerprints as the same digits", () => {
      for (const { fingerprint, digits } of file.digits) expect(fingerprintDigits(unhex(fingerprint))).toBe(digits);
    });
    itRefuses("identity records", file.refusedRecords, ({ records }) => verifyIdentityChain(records.map(unhex)));
    itRefuses("identity chains", file.refusedChains, ({ records }) => verifyIdentityChain(records.map(unhex)));
  });
}

interface EnvelopeCase {
  readonly manifest: string;
  readonly ownFingerprint: string;
  readonly ownXWingSeed: string;
  readonly envelope: string;
}

interface EnvelopeFile {
  readonly people: readonly PersonJson[];
  readonly envelopes: readonly (Named &
    EnvelopeCase & { readonly vk: string; readonly headSequence: number; readonly headHash: string })[];
  readonly refused: readonly (MustFail & EnvelopeCase)[];
}

function envelopeSuite(): void {
  describe("envelope.json", () => {
    const file = frozen<EnvelopeFile>("envelope");
    const signatureKeys = keysOf(file.people);
    const receive = (one: EnvelopeCase, purpose: "invitation" | "generation") =>
      openEnvelope({
        envelope: parseEnvelope(unhex(one.envelope)),
        manifest: decodeManifest(unhex(one.manifest)),
        recipient: { fingerprint: unhex(one.ownFingerprint), sealingSeed: unhex(one.ownXWingSeed) },
        signatureKeys,
        purpose,
      });
    it("opens every envelope", async () => {
      for (const one of file.envelopes) {
        const { volumeKey } = await receive(one, "generation");
        expect(hex(volumeKey)).toBe(one.vk);
      }
    });
    it("takes the head of an invitation by a manager or owner as the floor", async () => {
      const invitation = file.envelopes.find(
        ({ headSequence }) => headSequence > 0,
      ) as EnvelopeFile["envelopes"][number];
      const { floor } = await receive(invitation, "invitation");
      expect(floor && { sequence: floor.sequence, hash: hex(floor.hash) }).toEqual({
        sequence: invitation.headSequence,
        hash: invitation.headHash,
      });
    });
    itRefuses("envelopes", file.refused, (one) => receive(one, "generation"));
  });
}

// ── session.json, opaque.json ────────────────────────────────────────────────────────────────────────────────────

interface SessionFile {
  readonly sessionSeed: string;
  readonly sessionPublicKey: string;
  readonly bindings: readonly (Named & {
    readonly action: number;
    readonly loginId: string;
    readonly serverNonce: string;
    readonly subjectId: string;
    readonly origin: string;
    readonly publicKey: string;
    readonly deviceName: string;
    readonly message: string;
    readonly opaqueSessionKey?: string;
    readonly recoveryEntropy?: string;
    readonly recoveryPublicKey?: string;
    readonly proof: string;
  })[];
  readonly requests: readonly (Named & {
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly contentDigest?: string;
    readonly leaves?: string;
    readonly idempotencyKey?: string;
    readonly createdSeconds: number;
    readonly nonce: string;
    readonly keyId: string;
    readonly body?: string;
    readonly base: string;
    readonly signature: string;
    readonly signatureInputHeader: string;
    readonly signatureHeader: string;
  })[];
}

function sessionSuite(): void {
  describe("session.json", () => {
    const file = frozen<SessionFile>("session");
    it("binds sessions by the same messages and proofs", () => {
      for (const one of file.bindings) {
        const action = Object.entries(SESSION_ACTIONS).find(
          ([, number]) => number === one.action,
        )?.[0] as SessionAction;
        const loginId = unhex(one.loginId);
        const message = sessionBindMessage({
          action,
          loginId,
          serverNonce: unhex(one.serverNonce),
          subjectId: unhex(one.subjectId),
          originHash: originHash(one.origin),
          sessionKey: unhex(one.publicKey),
          deviceName: one.deviceName,
        });
        expect(hex(message)).toBe(one.message);
        if (one.opaqueSessionKey)
          expect(hex(sessionBindMac(unhex(one.opaqueSessionKey), loginId, message))).toBe(one.proof);
        if (one.recoveryEntropy) {
          const { seed, publicKey } = recoveryProofKey(unhex(one.recoveryEntropy), unhex(one.subjectId));
          expect(hex(publicKey)).toBe(one.recoveryPublicKey);
          expect(hex(signLabelled("recover", seed, message))).toBe(one.proof);
        }
      }
    });
    it("signs requests over the same text", () => {
      for (const one of file.requests) {
        const parameters = { createdSeconds: one.createdSeconds, nonce: one.nonce, keyId: one.keyId };
        const base = signatureBase(one, parameters);
        expect(base).toBe(one.base);
        expect(signatureInput(one, parameters)).toBe(one.signatureInputHeader);
        const message = new TextEncoder().encode(base);
        const signature = sign(unhex(file.sessionSeed), message);
        expect(hex(signature)).toBe(one.signature);
        expect(verifySignature(unhex(file.sessionPublicKey), message, signature)).toBe(true);
        expect(signatureHeader(signature)).toBe(one.signatureHeader);
        if (one.body) expect(contentDigest(sha256(unhex(one.body)))).toBe(one.contentDigest);
      }
    });
  });
}

interface OpaqueFile {
  readonly serverOprfSeed: string;
  readonly serverPrivateKey: string;
  readonly serverPublicKey: string;
  readonly clientIdentity: string;
  readonly serverIdentity: string;
  readonly credentialIdentifier: string;
}

/** The product's client signs in at the slow implementation's server. */
function opaqueSuite(): void {
  describe("opaque.json", () => {
    const file = frozen<OpaqueFile>("opaque");
    const setup = {
      oprfSeed: unhex(file.serverOprfSeed),
      privateKey: unhex(file.serverPrivateKey),
      publicKey: unhex(file.serverPublicKey),
    };
    const credentialIdentifier = unhex(file.credentialIdentifier);
    const identifiers = { client: file.clientIdentity, server: file.serverIdentity };
    const random = () => crypto.getRandomValues(new Uint8Array(32));

    it("the product's client registers and signs in at the slow implementation's server", async () => {
      const password = "ﬁve Pässwörter";
      const started = await opaqueClientStartRegistration(password);
      const response = registrationResponse(setup, credentialIdentifier, started.request);
      const registered = await opaqueClientFinishRegistration({
        password,
        clientState: started.clientState,
        response,
        identifiers,
      });
      expect(hex(registered.serverPublicKey)).toBe(file.serverPublicKey);
      const login = await opaqueClientStartLogin(password.normalize("NFKC"));
      const server = {
        suite: EXCALIBUR_OPAQUE,
        setup,
        credentialIdentifier,
        record: registered.record,
        identities: identifiers,
      };
      const answer = makeKe2(
        { ...server, maskingNonce: random(), serverNonce: random(), keyShareSeed: random() },
        login.request,
      );
      const done = await opaqueClientFinishLogin({
        password,
        clientState: login.clientState,
        response: answer.ke2,
        identifiers,
      });
      expect(hex(done.finish)).toBe(hex(answer.clientMac));
      expect(hex(done.sessionKey)).toBe(hex(answer.sessionKey));
      expect(hex(done.exportKey)).toBe(hex(registered.exportKey));
    });
  });
}

/** The product's accounts and people against keys.json, identity.json, envelope.json, session.json and opaque.json. */
export function accountSuite(): void {
  keysSuite();
  identitySuite();
  envelopeSuite();
  sessionSuite();
  opaqueSuite();
}
