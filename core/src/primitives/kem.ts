import { x25519 } from "@noble/curves/ed25519.js";
import { type Bytes, copyBytes, isAllZero } from "../bytes/index.ts";
import { AuthenticationError, requireLength } from "./errors.ts";

export const KEM_SEED_LENGTH = 32;
export const KEM_PUBLIC_KEY_LENGTH = 1216;
export const KEM_ENCAPSULATION_LENGTH = 1120;

const MLKEM_VECTOR_LENGTH = 1152;
const MLKEM_KEY_LENGTH = 1184;
const MLKEM_MODULUS = 3329;
// X25519 clamps it, so any scalar sends a point of small order, and only such a point, to zero.
const PROBE_SCALAR = new Uint8Array(32).fill(8);

export interface KemKeyPair {
  readonly publicKey: Bytes;
  readonly seed: Uint8Array;
}

// Loaded on first use: a command that shares nothing should not pay for a KEM in JavaScript at every start.
async function loadSuite() {
  const [{ Aes256Gcm, CipherSuite, HkdfSha256 }, { XWing }] = await Promise.all([
    import("@hpke/core"),
    import("@hpke/hybridkem-x-wing"),
  ]);
  // X-Wing is KEM 0x647a.
  const kem = new XWing();
  return { kem, suite: new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() }) };
}

let loaded: ReturnType<typeof loadSuite> | undefined;

function hpke(): ReturnType<typeof loadSuite> {
  loaded ??= loadSuite();
  return loaded;
}

/** The X-Wing key pair of a 32-byte seed (the seed is the private key). */
export async function kemKeyPairFromSeed(seed: Uint8Array): Promise<KemKeyPair> {
  requireLength(seed, KEM_SEED_LENGTH, "A KEM seed");
  const { kem } = await hpke();
  // A copy of its own: the library hands on the whole underlying buffer.
  const pair = await kem.generateKeyPairDerand(copyBytes(seed));
  return { publicKey: new Uint8Array(await kem.serializePublicKey(pair.publicKey)), seed };
}

export interface HpkeSealOptions {
  readonly recipientPublicKey: Uint8Array;
  readonly info: Uint8Array;
  readonly aad: Uint8Array;
  readonly plaintext: Uint8Array;
}

export interface HpkeSealed {
  readonly enc: Bytes;
  readonly ciphertext: Bytes;
}

/** HPKE base mode, one message: X-Wing, HKDF-SHA-256, AES-256-GCM. It proves no sender. */
export async function hpkeSeal(options: HpkeSealOptions): Promise<HpkeSealed> {
  requireLength(options.recipientPublicKey, KEM_PUBLIC_KEY_LENGTH, "A KEM public key");
  const { kem, suite } = await hpke();
  const recipientPublicKey = await kem.importKey("raw", copyBytes(options.recipientPublicKey).buffer, true);
  const sender = await suite.createSenderContext({ recipientPublicKey, info: copyBytes(options.info) });
  const ciphertext = await sender.seal(copyBytes(options.plaintext), copyBytes(options.aad));
  return { enc: new Uint8Array(sender.enc), ciphertext: new Uint8Array(ciphertext) };
}

export interface HpkeOpenOptions {
  readonly recipientSeed: Uint8Array;
  readonly enc: Uint8Array;
  readonly info: Uint8Array;
  readonly aad: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Opens what `hpkeSeal` made. Throws AuthenticationError if anything differs. */
export async function hpkeOpen(options: HpkeOpenOptions): Promise<Bytes> {
  requireLength(options.recipientSeed, KEM_SEED_LENGTH, "A KEM seed");
  requireLength(options.enc, KEM_ENCAPSULATION_LENGTH, "A KEM encapsulation");
  const { kem, suite } = await hpke();
  const recipientKey = await kem.importKey("raw", copyBytes(options.recipientSeed).buffer, false);
  try {
    const recipient = await suite.createRecipientContext({
      recipientKey,
      enc: copyBytes(options.enc),
      info: copyBytes(options.info),
    });
    return new Uint8Array(await recipient.open(copyBytes(options.ciphertext), copyBytes(options.aad)));
  } catch (cause) {
    throw new AuthenticationError("The sealed message does not open: it was altered, or meant for somebody else.", {
      cause,
    });
  }
}

/** Whether a KEM key may be accepted into an identity: FIPS 203 §7.2 modulus check, and no X25519 point of small order. */
export function isStrongKemKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== KEM_PUBLIC_KEY_LENGTH || isAllZero(publicKey.subarray(0, MLKEM_VECTOR_LENGTH))) return false;
  for (let i = 0; i < MLKEM_VECTOR_LENGTH; i += 3) {
    const middle = publicKey[i + 1] as number;
    const first = (publicKey[i] as number) | ((middle & 0x0f) << 8);
    const second = (middle >> 4) | ((publicKey[i + 2] as number) << 4);
    if (first >= MLKEM_MODULUS || second >= MLKEM_MODULUS) return false;
  }
  try {
    return !isAllZero(x25519.scalarMult(PROBE_SCALAR, publicKey.subarray(MLKEM_KEY_LENGTH)));
  } catch {
    return false;
  }
}
