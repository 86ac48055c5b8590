import {
  ByteReader,
  type Bytes,
  concatBytes,
  equalBytes,
  FormatError,
  isAllZero,
  uint64,
  WeakKeyError,
} from "../bytes/index.ts";
import {
  type Envelope,
  encodeEnvelope,
  encodeEnvelopeHeader,
  envelopeInfo,
  envelopeMessage,
  type SignatureKeys,
} from "../identity/index.ts";
import { signLabelled, verifyLabelled } from "../labels/index.ts";
import { AuthenticationError, hpkeOpen, hpkeSeal, SIGNATURE_LENGTH } from "../primitives/index.ts";
import {
  commitToVolumeKey,
  type HistoryPosition,
  type Manifest,
  mayChangeMembers,
  memberByFingerprint,
} from "../volume/record/index.ts";
import { EnvelopeError } from "./errors.ts";

const VOLUME_KEY_LENGTH = 32;
const SECRET_PART_LENGTH = VOLUME_KEY_LENGTH + 8 + 32;
const NO_HEAD: HistoryPosition = { sequence: 0, hash: new Uint8Array(32) };

export interface SealEnvelopeOptions {
  /** The manifest in force, whose key this is. */
  readonly manifest: Manifest;
  readonly volumeKey: Uint8Array;
  /** The commit before the members commit that carries the manifest; left out for a volume's first manifest. */
  readonly head?: HistoryPosition | undefined;
  readonly sender: { readonly fingerprint: Uint8Array; readonly signatureSeed: Uint8Array };
  /** The recipient's fingerprint and X-Wing public key, both from an accepted identity. */
  readonly recipient: { readonly fingerprint: Uint8Array; readonly sealingKey: Uint8Array };
}

/**
 * Brings a volume key to one member (docs/spec/people.md §3). Throws EnvelopeError before anything is sealed if the
 * manifest does not name both people or commits to another key.
 */
export async function sealEnvelope(options: SealEnvelopeOptions): Promise<Bytes> {
  const { manifest, volumeKey, sender, recipient, head = NO_HEAD } = options;
  // cryptography.md attack A3, A4: never seal for somebody whom the signed manifest does not name.
  if (memberByFingerprint(manifest, recipient.fingerprint) === null) throw new EnvelopeError("recipient");
  if (memberByFingerprint(manifest, sender.fingerprint) === null) throw new EnvelopeError("sender_unknown");
  requireVolumeKey(manifest, volumeKey);
  const headerBytes = encodeEnvelopeHeader({
    volumeId: manifest.volumeId,
    g: manifest.g,
    manifestVersion: manifest.version,
    senderFingerprint: sender.fingerprint,
    recipientFingerprint: recipient.fingerprint,
  });
  const info = envelopeInfo(headerBytes);
  const secretPart = concatBytes(volumeKey, uint64(head.sequence), head.hash);
  if (secretPart.length !== SECRET_PART_LENGTH) throw new FormatError("The head of the envelope has a wrong length.");
  const signature = signLabelled("envelope", sender.signatureSeed, envelopeMessage(info, manifest.hash, secretPart));
  const { enc, ciphertext } = await hpkeSeal({
    recipientPublicKey: recipient.sealingKey,
    info,
    aad: manifest.hash,
    plaintext: concatBytes(secretPart, signature),
  });
  return encodeEnvelope(headerBytes, enc, ciphertext);
}

export interface OpenEnvelopeOptions {
  readonly envelope: Envelope;
  /** The verified manifest that the envelope names. */
  readonly manifest: Manifest;
  /** The person's own fingerprint and X-Wing seed, of now or of an earlier identity. */
  readonly recipient: { readonly fingerprint: Uint8Array; readonly sealingSeed: Uint8Array };
  readonly signatureKeys: SignatureKeys;
  /**
   * "invitation": the first key of a volume new to this account; the sender must be manager or owner, and the head is
   * a floor. "generation": a later key of a volume already accepted; any member may send it, and the head is ignored.
   */
  readonly purpose: "invitation" | "generation";
}

export interface OpenedEnvelope {
  readonly volumeKey: Bytes;
  /** The floor of an invitation: the history must contain it. Null if there is none. */
  readonly floor: HistoryPosition | null;
}

/** The volume key, after every check. Throws EnvelopeError, or WeakKeyError for a key of zeros. */
export async function openEnvelope(options: OpenEnvelopeOptions): Promise<OpenedEnvelope> {
  const { envelope, manifest, purpose } = options;
  verifyHeader(options);
  const info = envelopeInfo(envelope.headerBytes);
  const payload = new ByteReader(await openSealed(options, info), "envelope");
  const secretPart = payload.bytes(SECRET_PART_LENGTH);
  const signature = payload.bytes(SIGNATURE_LENGTH);
  payload.finish();

  const senderKey = options.signatureKeys(envelope.senderFingerprint);
  const message = envelopeMessage(info, manifest.hash, secretPart);
  if (senderKey === undefined || !verifyLabelled("envelope", senderKey, message, signature)) {
    throw new EnvelopeError("signature");
  }
  const secrets = new ByteReader(secretPart);
  const volumeKey = secrets.bytes(VOLUME_KEY_LENGTH).slice() as Bytes;
  requireVolumeKey(manifest, volumeKey);
  const head = { sequence: secrets.u64(), hash: secrets.bytes(32).slice() };
  const isFloor = purpose === "invitation" && !isAllZero(head.hash);
  return { volumeKey, floor: isFloor ? head : null };
}

function verifyHeader({ envelope, manifest, recipient, purpose }: OpenEnvelopeOptions): void {
  if (!equalBytes(envelope.volumeId, manifest.volumeId)) throw new EnvelopeError("volume");
  if (envelope.manifestVersion !== manifest.version) throw new EnvelopeError("manifest_version");
  if (envelope.g !== manifest.g) throw new EnvelopeError("generation");
  const isMine = equalBytes(envelope.recipientFingerprint, recipient.fingerprint);
  if (!isMine || memberByFingerprint(manifest, envelope.recipientFingerprint) === null) {
    throw new EnvelopeError("recipient");
  }
  const sender = memberByFingerprint(manifest, envelope.senderFingerprint);
  if (sender === null) throw new EnvelopeError("sender_unknown");
  if (purpose === "invitation" && !mayChangeMembers(sender.role)) throw new EnvelopeError("sender_may_not");
}

async function openSealed({ envelope, manifest, recipient }: OpenEnvelopeOptions, info: Uint8Array): Promise<Bytes> {
  try {
    return await hpkeOpen({
      recipientSeed: recipient.sealingSeed,
      enc: envelope.encapsulation,
      info,
      aad: manifest.hash,
      ciphertext: envelope.ciphertext,
    });
  } catch (error) {
    throw error instanceof AuthenticationError ? new EnvelopeError("sealed", error) : error;
  }
}

function requireVolumeKey(manifest: Manifest, volumeKey: Uint8Array): void {
  if (isAllZero(volumeKey)) throw new WeakKeyError("A volume key of zero bytes was refused. Nothing was changed.");
  if (!equalBytes(commitToVolumeKey(manifest, volumeKey), manifest.vkCommitment)) throw new EnvelopeError("commitment");
}
