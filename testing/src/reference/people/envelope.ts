/** Share envelopes (spec/people.md §3). */

import { ascii, type Bytes, be, concat, equal, fromBe, hex, isZero, Reader, zeros } from "../foundations/bytes.ts";
import { demandSignature, sign } from "../foundations/ed25519.ts";
import { sha256 } from "../foundations/hashes.ts";
import { demand } from "../foundations/refusal.ts";
import { type Manifest, rowOf, type SignatureKeys, vkCommitmentOf } from "../volume/manifest.ts";
import { ENC_BYTES, hpkeOpen, hpkeSeal } from "./x-wing.ts";

export interface EnvelopeFields {
  readonly volumeId: Uint8Array;
  readonly g: number;
  readonly manifestVersion: number;
  readonly senderFingerprint: Uint8Array;
  readonly recipientFingerprint: Uint8Array;
}

export interface EnvelopePayload {
  readonly vk: Uint8Array;
  readonly headSequence: number;
  readonly headHash: Uint8Array;
}

const ENVELOPE_BYTES = 92 + ENC_BYTES + 152;

function infoOf(header: Uint8Array): Bytes {
  return concat(ascii("excalibur/v3/share"), zeros(1), header.subarray(4));
}

function signedMessage(info: Uint8Array, manifestHash: Uint8Array, payload: Uint8Array): Bytes {
  return concat(info, manifestHash, sha256(payload));
}

export interface EnvelopeSealOptions {
  readonly fields: EnvelopeFields;
  readonly payload: EnvelopePayload;
  readonly manifestHash: Uint8Array;
  readonly senderSeed: Uint8Array;
  readonly recipientKey: Uint8Array;
  readonly randomness: Uint8Array;
}

export function sealEnvelope(options: EnvelopeSealOptions): Bytes {
  const { fields, payload, manifestHash } = options;
  const header = concat(
    ascii("EXS3"),
    fields.volumeId,
    be(4, fields.g),
    be(4, fields.manifestVersion),
    fields.senderFingerprint,
    fields.recipientFingerprint,
  );
  const info = infoOf(header);
  const inner = concat(payload.vk, be(8, payload.headSequence), payload.headHash);
  const signature = sign("envelope", options.senderSeed, signedMessage(info, manifestHash, inner));
  const sealed = hpkeSeal(
    options.recipientKey,
    options.randomness,
    { info, aad: manifestHash },
    concat(inner, signature),
  );
  return concat(header, sealed.enc, sealed.ciphertext);
}

export interface EnvelopeOpenOptions {
  /** The verified manifest that the envelope names. */
  readonly manifest: Manifest;
  readonly keys: SignatureKeys;
  readonly ownFingerprint: Uint8Array;
  readonly ownXWingSeed: Uint8Array;
}

export function openEnvelope(bytes: Uint8Array, options: EnvelopeOpenOptions): EnvelopePayload {
  const { manifest } = options;
  demand(bytes.length === ENVELOPE_BYTES, "malformed", "An envelope has 1364 bytes.");
  const reader = new Reader(bytes);
  demand(equal(reader.take(4), ascii("EXS3")), "malformed", "Not an envelope.");
  const volumeId = reader.take(16);
  const g = reader.uint(4);
  const manifestVersion = reader.uint(4);
  const sender = reader.take(32);
  const recipient = reader.take(32);
  const enc = reader.take(ENC_BYTES);
  const ciphertext = reader.take(152);

  demand(equal(volumeId, manifest.volumeId), "integrity", "It is of another volume.");
  demand(manifestVersion === manifest.version && g === manifest.g, "integrity", "It names another manifest or key.");
  demand(equal(recipient, options.ownFingerprint), "integrity", "It is for somebody else.");
  demand(rowOf(manifest, recipient) !== undefined, "integrity", "The recipient is no member.");
  demand(rowOf(manifest, sender) !== undefined, "integrity", "The sender is no member.");
  const senderKey = options.keys.get(hex(sender));
  demand(senderKey !== undefined, "signature", "The sender's key is not known.");

  const info = infoOf(bytes.subarray(0, 92));
  const plaintext = hpkeOpen(options.ownXWingSeed, enc, { info, aad: manifest.hash }, ciphertext);
  const inner = plaintext.subarray(0, 72);
  demandSignature("envelope", senderKey, signedMessage(info, manifest.hash, inner), plaintext.subarray(72));
  const vk = inner.slice(0, 32);
  demand(!isZero(vk), "weak-key", "A volume key of zeros.");
  demand(
    equal(vkCommitmentOf(volumeId, g, vk), manifest.vkCommitment),
    "integrity",
    "The volume key is not the manifest's.",
  );
  return { vk, headSequence: fromBe(inner.slice(32, 40)), headHash: inner.slice(40) };
}
