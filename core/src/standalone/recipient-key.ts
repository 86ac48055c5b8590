import {
  type Bytes,
  concatBytes,
  equalBytes,
  FormatError,
  fromBase64Url,
  toBase64Url,
  UnsupportedError,
  WeakKeyError,
} from "../bytes/index.ts";
import { hashLabelled } from "../labels/index.ts";
import {
  isStrongKemKey,
  KEM_PUBLIC_KEY_LENGTH,
  KEM_SEED_LENGTH,
  kemKeyPairFromSeed,
  randomBytes,
} from "../primitives/index.ts";

const FAMILY = "excalibur-recipient";
const PUBLIC_PREFIX = `${FAMILY}-1.`;
const SECRET_PREFIX = `${FAMILY}-secret-1.`;
const CHECK_LENGTH = 4;

export interface RecipientKey {
  /** X-Wing, 1216 bytes. */
  readonly publicKey: Bytes;
  readonly fingerprint: Bytes;
  /** The public key as people pass it on. */
  readonly publicText: string;
}

export interface RecipientKeyPair extends RecipientKey {
  readonly seed: Bytes;
  /** Whoever has it opens everything that is sealed to the public key. */
  readonly secretText: string;
}

/** A new key pair (spec/standalone.md §6). */
export async function createRecipientKey(): Promise<RecipientKeyPair> {
  return await pairOf(randomBytes(KEM_SEED_LENGTH));
}

/** Whether a text means to be a recipient key, public or secret, good or bad; other text is the name of a file. */
export function isRecipientText(text: string): boolean {
  return text.startsWith(FAMILY);
}

export function isRecipientSecretText(text: string): boolean {
  return text.startsWith(SECRET_PREFIX);
}

/** Throws FormatError for a mistyped or cut text, UnsupportedError, or WeakKeyError. */
export function parseRecipientKey(text: string): RecipientKey {
  const { key, check } = decode(text, PUBLIC_PREFIX, KEM_PUBLIC_KEY_LENGTH);
  const fingerprint = fingerprintOf(key);
  demandCheck(check, fingerprint);
  if (!isStrongKemKey(key))
    throw new WeakKeyError("The recipient key is one that must not be used. Nothing was sealed.");
  return { publicKey: key, fingerprint, publicText: text };
}

/** Throws FormatError or UnsupportedError. The text never stands in the error. */
export async function parseRecipientSecret(text: string): Promise<RecipientKeyPair> {
  const { key, check } = decode(text, SECRET_PREFIX, KEM_SEED_LENGTH);
  const pair = await pairOf(key);
  demandCheck(check, pair.fingerprint);
  return pair;
}

/** The one line of a key file that is not empty and no remark. Throws FormatError if there are none or several. */
export function keyLineOf(fileText: string): string {
  const lines = fileText.split("\n").map((line) => line.trim());
  const [line, ...others] = lines.filter((one) => one !== "" && !one.startsWith("#"));
  if (line === undefined || others.length > 0) throw new FormatError("A key file holds exactly one recipient key.");
  return line;
}

async function pairOf(seed: Bytes): Promise<RecipientKeyPair> {
  const { publicKey } = await kemKeyPairFromSeed(seed);
  const fingerprint = fingerprintOf(publicKey);
  return {
    publicKey,
    fingerprint,
    publicText: encode(PUBLIC_PREFIX, publicKey, fingerprint),
    seed,
    secretText: encode(SECRET_PREFIX, seed, fingerprint),
  };
}

function fingerprintOf(publicKey: Uint8Array): Bytes {
  return hashLabelled("recipient-key", publicKey);
}

function encode(prefix: string, key: Uint8Array, fingerprint: Uint8Array): string {
  return prefix + toBase64Url(concatBytes(key, fingerprint.subarray(0, CHECK_LENGTH)));
}

function decode(text: string, prefix: string, length: number): { key: Bytes; check: Uint8Array } {
  if (!text.startsWith(FAMILY)) throw new FormatError("This is no recipient key of Excalibur.");
  if (!text.startsWith(prefix)) {
    throw new UnsupportedError(
      prefix === PUBLIC_PREFIX
        ? "A public recipient key is needed here, of a version that this program knows."
        : "The secret half of a recipient key is needed here, of a version that this program knows.",
      { code: "recipient_key_unsupported" },
    );
  }
  const bytes = fromBase64Url(text.slice(prefix.length));
  if (bytes.length !== length + CHECK_LENGTH) throw mistyped();
  return { key: bytes.slice(0, length), check: bytes.subarray(length) };
}

function demandCheck(check: Uint8Array, fingerprint: Uint8Array): void {
  if (!equalBytes(check, fingerprint.subarray(0, CHECK_LENGTH))) throw mistyped();
}

function mistyped(): FormatError {
  return new FormatError("The recipient key was mistyped or cut. Copy it again, all of it.");
}
