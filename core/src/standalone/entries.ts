import { type Bytes, concatBytes, FormatError, IntegrityError, UnsupportedError } from "../bytes/index.ts";
import { EXEF_KIND } from "../exef/public/index.ts";
import { openObject, sealObject } from "../exef/secret/index.ts";
import { sealInfo } from "../labels/index.ts";
import {
  ARGON2ID_SUITE_1,
  argon2id,
  encodePassword,
  hpkeOpen,
  hpkeSeal,
  KEM_ENCAPSULATION_LENGTH,
  randomBytes,
} from "../primitives/index.ts";
import { ENTRY_TYPES, SALT_LENGTH, type StandaloneEntry, type StandaloneKey } from "./head.ts";

const FILE_KEY_LENGTH = 32;
const PASSWORD_MARK = 6;
const NONE = new Uint8Array(0);

/** What can open an entry. */
export interface StandaloneKeys {
  /** Secret halves of recipient keys, 32 bytes each. */
  readonly recipientSeeds: readonly Uint8Array[];
  /** As they were typed. */
  readonly passwords: readonly string[];
}

export async function sealForPassword(
  password: string,
  { fileKey, objectId }: StandaloneKey,
): Promise<StandaloneEntry> {
  const salt = randomBytes(SALT_LENGTH);
  const slot = await sealObject({
    key: await passwordKey(password, salt),
    kind: EXEF_KIND.slot,
    context: passwordContext(objectId),
    plaintext: fileKey,
  });
  return { type: ENTRY_TYPES.password, body: concatBytes(salt, slot.bytes) };
}

export async function sealForRecipient(
  recipientPublicKey: Uint8Array,
  { fileKey, objectId }: StandaloneKey,
): Promise<StandaloneEntry> {
  const info = sealInfo("standalone", objectId);
  const { enc, ciphertext } = await hpkeSeal({ recipientPublicKey, info, aad: NONE, plaintext: fileKey });
  return { type: ENTRY_TYPES.recipient, body: concatBytes(enc, ciphertext) };
}

/** The file key in the first entry that opens (spec/standalone.md §5 step 3); undefined if none does. */
export async function openEntries(
  entries: readonly StandaloneEntry[],
  objectId: Uint8Array,
  keys: StandaloneKeys,
): Promise<Bytes | undefined> {
  for (const { type, body } of entries) {
    const candidates = type === ENTRY_TYPES.recipient ? keys.recipientSeeds : keys.passwords;
    for (const candidate of candidates) {
      const fileKey =
        typeof candidate === "string"
          ? await tryPassword(body, objectId, candidate)
          : await tryRecipient(body, objectId, candidate);
      if (fileKey !== undefined) return fileKey;
    }
  }
  return undefined;
}

async function tryPassword(body: Uint8Array, objectId: Uint8Array, password: string): Promise<Bytes | undefined> {
  const key = await passwordKey(password, body.subarray(0, SALT_LENGTH));
  return await unlessItDoesNotOpen(() =>
    openObject({
      key,
      kind: EXEF_KIND.slot,
      context: passwordContext(objectId),
      bytes: body.subarray(SALT_LENGTH),
      expectedSize: FILE_KEY_LENGTH,
    }),
  );
}

async function tryRecipient(body: Uint8Array, objectId: Uint8Array, seed: Uint8Array): Promise<Bytes | undefined> {
  return await unlessItDoesNotOpen(() =>
    hpkeOpen({
      recipientSeed: seed,
      enc: body.subarray(0, KEM_ENCAPSULATION_LENGTH),
      info: sealInfo("standalone", objectId),
      aad: NONE,
      ciphertext: body.subarray(KEM_ENCAPSULATION_LENGTH),
    }),
  );
}

// An entry that does not open is for somebody else, whatever its bytes are; the mac tells what was altered.
async function unlessItDoesNotOpen(open: () => Promise<Bytes>): Promise<Bytes | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof IntegrityError || error instanceof FormatError || error instanceof UnsupportedError) {
      return undefined;
    }
    throw error;
  }
}

async function passwordKey(password: string, salt: Uint8Array): Promise<Bytes> {
  return await argon2id({ ...ARGON2ID_SUITE_1, password: encodePassword(password), salt, length: 32 });
}

/** 06 ‖ objectId16. */
function passwordContext(objectId: Uint8Array): Bytes {
  return concatBytes(Uint8Array.of(PASSWORD_MARK), objectId);
}
