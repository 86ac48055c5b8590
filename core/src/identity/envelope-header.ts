import { ByteReader, type Bytes, ByteWriter, concatBytes, FormatError } from "../bytes/index.ts";
import { sealInfo } from "../labels/index.ts";
import { KEM_ENCAPSULATION_LENGTH, sha256 } from "../primitives/index.ts";

const MAGIC = "EXS3";
const HEADER_LENGTH = 88;
// VK32 ‖ headSequence8 ‖ headHash32 ‖ signature64 and the AEAD tag.
const CIPHERTEXT_LENGTH = 32 + 8 + 32 + 64 + 16;

export const ENVELOPE_LENGTH = MAGIC.length + HEADER_LENGTH + KEM_ENCAPSULATION_LENGTH + CIPHERTEXT_LENGTH;

/** What everybody may read of a share envelope (cryptography.md §6). */
export interface EnvelopeHeader {
  readonly volumeId: Uint8Array;
  readonly g: number;
  /** The manifest in force when it was sent; its g is the same. */
  readonly manifestVersion: number;
  readonly senderFingerprint: Uint8Array;
  readonly recipientFingerprint: Uint8Array;
}

export interface Envelope extends EnvelopeHeader {
  readonly bytes: Uint8Array;
  /** The 88 bytes after the magic. */
  readonly headerBytes: Uint8Array;
  readonly encapsulation: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** The 88 bytes after the magic. */
export function encodeEnvelopeHeader(header: EnvelopeHeader): Bytes {
  const bytes = new ByteWriter(HEADER_LENGTH)
    .bytes(header.volumeId)
    .u32(header.g)
    .u32(header.manifestVersion)
    .bytes(header.senderFingerprint)
    .bytes(header.recipientFingerprint)
    .finish();
  if (bytes.length !== HEADER_LENGTH)
    throw new FormatError("An id or a fingerprint of the envelope is too long or short.");
  return bytes;
}

/** Puts the parts of an envelope together. */
export function encodeEnvelope(headerBytes: Uint8Array, encapsulation: Uint8Array, ciphertext: Uint8Array): Bytes {
  const bytes = new ByteWriter(ENVELOPE_LENGTH)
    .text(MAGIC)
    .bytes(headerBytes)
    .bytes(encapsulation)
    .bytes(ciphertext)
    .finish();
  if (bytes.length !== ENVELOPE_LENGTH) throw new FormatError("A part of the envelope is too long or too short.");
  return bytes;
}

/** Splits an envelope without opening it. Throws FormatError. */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  const reader = new ByteReader(bytes, "share envelope");
  reader.expectAscii(MAGIC);
  const headerBytes = reader.bytes(HEADER_LENGTH);
  const encapsulation = reader.bytes(KEM_ENCAPSULATION_LENGTH);
  const ciphertext = reader.bytes(CIPHERTEXT_LENGTH);
  reader.finish();
  const header = new ByteReader(headerBytes);
  return {
    volumeId: header.bytes(16),
    g: header.u32(),
    manifestVersion: header.u32(),
    senderFingerprint: header.bytes(32),
    recipientFingerprint: header.bytes(32),
    bytes,
    headerBytes,
    encapsulation,
    ciphertext,
  };
}

/** The HPKE info of an envelope. */
export function envelopeInfo(headerBytes: Uint8Array): Bytes {
  return sealInfo("share", headerBytes);
}

/** What the sender signs: info ‖ manifestHash ‖ SHA-256(VK_g ‖ headSequence8 ‖ headHash32). */
export function envelopeMessage(info: Uint8Array, manifestHash: Uint8Array, secretPart: Uint8Array): Bytes {
  return concatBytes(info, manifestHash, sha256(secretPart));
}
