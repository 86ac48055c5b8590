import { ascii, type Bytes, be, concat, hex, zeros } from "../../foundations/bytes.ts";
import type { RefusalClass } from "../../foundations/refusal.ts";
import { type EnvelopeFields, type EnvelopePayload, openEnvelope, sealEnvelope } from "../../people/envelope.ts";
import { decapsulate, encapsulate, hpkeOpen, hpkeSeal, xWingPublicKey } from "../../people/x-wing.ts";
import {
  encodeManifest,
  type Manifest,
  ROLE,
  readManifest,
  vkCommitmentOf,
  volumeIdOf,
} from "../../volume/manifest.ts";
import { type Case, fixed, flipped, type Json, overwritten, refused, type VectorFile } from "../vector-file.ts";
import { alice, bob, carol, eve, KEYS, keysJson, type Person, row } from "./people.ts";

function xWingCases(): Json[] {
  return Array.from({ length: 3 }, (_, i) => {
    const seed = fixed(`x-wing seed ${i}`, 32);
    const randomness = fixed(`x-wing randomness ${i}`, 64);
    const publicKey = xWingPublicKey(seed);
    const { enc, sharedSecret } = encapsulate(publicKey, randomness);
    if (hex(decapsulate(seed, enc)) !== hex(sharedSecret)) throw new Error("X-Wing disagrees with itself.");
    return {
      seed: hex(seed),
      randomness: hex(randomness),
      publicKey: hex(publicKey),
      enc: hex(enc),
      sharedSecret: hex(sharedSecret),
    };
  });
}

function hpkeCases(): Json[] {
  const shapes: readonly (readonly [string, number, string, string])[] = [
    ["a short message", 13, "info", "aad"],
    ["an empty message, no info, no aad", 0, "", ""],
    ["136 bytes", 136, "excalibur", ""],
  ];
  return shapes.map(([name, size, info, aad]) => {
    const seed = fixed(`hpke seed ${name}`, 32);
    const randomness = fixed(`hpke randomness ${name}`, 64);
    const plaintext = fixed(`hpke plaintext ${name}`, size);
    const input = { info: ascii(info), aad: ascii(aad) };
    const { enc, ciphertext } = hpkeSeal(xWingPublicKey(seed), randomness, input, plaintext);
    hpkeOpen(seed, enc, input, ciphertext);
    return {
      name,
      seed: hex(seed),
      info: hex(input.info),
      aad: hex(input.aad),
      enc: hex(enc),
      ciphertext: hex(ciphertext),
      plaintext: hex(plaintext),
    };
  });
}

// ── envelopes ────────────────────────────────────────────────────────────────────────────────────────────────────

const NONCE = fixed("envelope volume nonce", 32);
const VOLUME_ID = volumeIdOf(alice.fingerprint, NONCE);
const VK0 = fixed("envelope vk 0", 32);
const VK1 = fixed("envelope vk 1", 32);

const FIRST = readManifest(
  encodeManifest(
    {
      volumeId: VOLUME_ID,
      version: 0,
      previousManifestHash: zeros(32),
      nonce: NONCE,
      g: 0,
      vkCommitment: vkCommitmentOf(VOLUME_ID, 0, VK0),
      ownerFingerprint: alice.fingerprint,
      signerFingerprint: alice.fingerprint,
      rows: [row(alice, ROLE.owner)],
    },
    alice.seed,
  ),
);

const SECOND = readManifest(
  encodeManifest(
    {
      volumeId: VOLUME_ID,
      version: 1,
      previousManifestHash: FIRST.hash,
      nonce: zeros(32),
      g: 1,
      vkCommitment: vkCommitmentOf(VOLUME_ID, 1, VK1),
      ownerFingerprint: alice.fingerprint,
      signerFingerprint: alice.fingerprint,
      rows: [row(alice, ROLE.owner), row(bob, ROLE.manager), row(carol, ROLE.editor)].sort((a, b) =>
        Buffer.compare(a.subjectId, b.subjectId),
      ),
    },
    alice.seed,
  ),
);

interface Sending {
  readonly manifest: Manifest;
  readonly sender: Person;
  readonly recipient: Person;
  readonly payload: EnvelopePayload;
  readonly fields?: Partial<EnvelopeFields>;
  /** Who really signs, and for whom it is really sealed. */
  readonly signer?: Person;
  readonly sealedTo?: Person;
  readonly signedManifestHash?: Bytes;
}

function send(sending: Sending): Bytes {
  const { manifest, sender, recipient } = sending;
  const fields = {
    volumeId: manifest.volumeId,
    g: manifest.g,
    manifestVersion: manifest.version,
    senderFingerprint: sender.fingerprint,
    recipientFingerprint: recipient.fingerprint,
    ...sending.fields,
  };
  return sealEnvelope({
    fields,
    payload: sending.payload,
    manifestHash: sending.signedManifestHash ?? manifest.hash,
    senderSeed: (sending.signer ?? sender).seed,
    recipientKey: (sending.sealedTo ?? recipient).xWingKey,
    randomness: fixed(`envelope randomness ${sender.name} ${recipient.name}`, 64),
  });
}

const GENESIS: Sending = {
  manifest: FIRST,
  sender: alice,
  recipient: alice,
  payload: { vk: VK0, headSequence: 0, headHash: zeros(32) },
};
const TO_BOB: Sending = {
  manifest: SECOND,
  sender: alice,
  recipient: bob,
  payload: { vk: VK1, headSequence: 41, headHash: fixed("envelope head", 32) },
};
const FROM_CAROL: Sending = { ...TO_BOB, sender: carol, recipient: alice };

function receive(envelope: Bytes, recipient: Person, manifest: Manifest): EnvelopePayload {
  return openEnvelope(envelope, {
    manifest,
    keys: KEYS,
    ownFingerprint: recipient.fingerprint,
    ownXWingSeed: recipient.xWingSeed,
  });
}

function received(envelope: Bytes, recipient: Person, manifest: Manifest): { [key: string]: Json } {
  return {
    manifest: hex(manifest.bytes),
    ownFingerprint: hex(recipient.fingerprint),
    ownXWingSeed: hex(recipient.xWingSeed),
    envelope: hex(envelope),
  };
}

function envelopeCase(name: string, sending: Sending): Case {
  const envelope = send(sending);
  const opened = receive(envelope, sending.recipient, sending.manifest);
  return {
    name,
    ...received(envelope, sending.recipient, sending.manifest),
    vk: hex(opened.vk),
    headSequence: opened.headSequence,
    headHash: hex(opened.headHash),
  };
}

interface Place {
  readonly recipient: Person;
  readonly manifest: Manifest;
}

function refusedEnvelopes(): Case[] {
  const good = send(TO_BOB);
  const make = (name: string, refuse: RefusalClass, envelope: Bytes, at: Partial<Place> = {}): Case => {
    const { recipient, manifest } = { recipient: bob, manifest: SECOND, ...at };
    return refused(name, { refuse, wrong: name }, received(envelope, recipient, manifest), () =>
      receive(envelope, recipient, manifest),
    );
  };
  const sent = (name: string, refuse: RefusalClass, changes: Partial<Sending>): Case =>
    make(name, refuse, send({ ...TO_BOB, ...changes }));
  // Eve seals a fresh envelope to bob, claims alice's name and signs with her own key.
  const forged = { signer: eve };
  return [
    make("nothing", "malformed", zeros(0)),
    make("a byte missing", "malformed", good.slice(0, -1)),
    make("a byte left over", "malformed", concat(good, zeros(1))),
    make("another magic", "malformed", overwritten(good, 3, ascii("2"))),
    make("opened by somebody else", "integrity", good, { recipient: carol }),
    sent("addressed to bob, sealed to carol", "integrity", { sealedTo: carol }),
    make("the recipient's name swapped for carol's", "integrity", overwritten(good, 60, carol.fingerprint), {
      recipient: carol,
    }),
    make("the sender's name swapped for carol's", "integrity", overwritten(good, 28, carol.fingerprint)),
    sent("the sender is no member", "integrity", { sender: eve }),
    make("the recipient is no member", "integrity", send({ ...TO_BOB, recipient: eve }), { recipient: eve }),
    sent("signed by a stranger in a member's name", "signature", forged),
    sent("signed over another manifest", "integrity", { signedManifestHash: FIRST.hash }),
    make("another volume", "integrity", overwritten(good, 4, fixed("other volume", 16))),
    make("another generation", "integrity", overwritten(good, 20, be(4, 0))),
    make("another manifest version", "integrity", overwritten(good, 24, be(4, 2))),
    make("of an earlier manifest", "integrity", send(GENESIS), { recipient: alice }),
    make("a bit of the KEM's part flipped", "integrity", flipped(good, 100)),
    make("the last bit of the KEM's part flipped", "integrity", flipped(good, 92 + 1119)),
    make("a bit of the ciphertext flipped", "integrity", flipped(good, 92 + 1120)),
    make("a bit of the tag flipped", "integrity", flipped(good, -1)),
    sent("a volume key that is not the manifest's", "integrity", { payload: { ...TO_BOB.payload, vk: VK0 } }),
    sent("a volume key of zeros", "weak-key", { payload: { ...TO_BOB.payload, vk: zeros(32) } }),
    ...badSignature(),
  ];
}

/** Sealed correctly, but the signature inside is of another payload. */
function badSignature(): Case[] {
  const header = send(TO_BOB).slice(0, 92);
  const info = concat(ascii("excalibur/v3/share"), zeros(1), header.slice(4));
  const inner = concat(VK1, be(8, 41), fixed("envelope head", 32));
  const input = { info, aad: SECOND.hash };
  const randomness = fixed("envelope with a bad signature", 64);
  const sealed = hpkeSeal(bob.xWingKey, randomness, input, concat(inner, fixed("no signature", 64)));
  const envelope = concat(header, sealed.enc, sealed.ciphertext);
  const wrong = { refuse: "signature", wrong: "the signature inside is noise" } as const;
  const attempt = () => receive(envelope, bob, SECOND);
  return [refused("a signature of nothing", wrong, received(envelope, bob, SECOND), attempt)];
}

export function envelopeVectors(): VectorFile {
  return {
    about:
      "X-Wing, HPKE over it, and share envelopes (spec/people.md §3). `randomness` is the 64 bytes of X-Wing's derandomised encapsulation; envelopes are opened only.",
    people: keysJson(),
    xWing: xWingCases(),
    hpke: hpkeCases(),
    envelopes: [
      envelopeCase("the owner's own, with manifest 0", GENESIS),
      envelopeCase("alice invites bob", TO_BOB),
      envelopeCase("carol, an editor, hands the key on", FROM_CAROL),
    ],
    refused: refusedEnvelopes(),
  };
}
