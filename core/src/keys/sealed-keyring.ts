import {
  type Bytes,
  concatBytes,
  equalBytes,
  FormatError,
  IntegrityError,
  isAllZero,
  uint32,
  uint64,
} from "../bytes/index.ts";
import { EXEF_KIND } from "../exef/public/index.ts";
import { openObject, sealObject } from "../exef/secret/index.ts";
import { deriveKey } from "../labels/index.ts";
import { sha256 } from "../primitives/index.ts";
import { ForkError, RollbackError } from "../volume/record/index.ts";
import { KeyringError } from "./errors.ts";
import { decodeKeyring, encodeKeyring, type KeyringPlaintext } from "./keyring-codec.ts";

const CONTEXT_MARK = 2;
const COUNTER_LIMIT = 2 ** 48;

/** chain_0. */
export const CHAIN_START: Bytes = new Uint8Array(32);

/** Which keyring this is; bound into the ciphertext (docs/spec/keys.md §4). */
export interface KeyringPlace {
  readonly userId: Uint8Array;
  /** The generation `a` of the account key. */
  readonly generation: number;
  /** 1 and up, + 1 at every write. */
  readonly version: number;
}

export interface SealKeyringOptions extends KeyringPlace, KeyringPlaintext {
  readonly accountKey: Uint8Array;
}

/** Seals a version of the keyring: an object of kind 5. `nextChain` of it belongs to the version after. */
export async function sealKeyring(options: SealKeyringOptions): Promise<Bytes> {
  const { userId, generation, accountKey } = options;
  requireChainStart(options);
  const sealed = await sealObject({
    key: deriveKey("keyring", accountKey, accountContext(userId, generation)),
    kind: EXEF_KIND.keyring,
    context: keyringContext(options),
    plaintext: encodeKeyring(options),
  });
  return sealed.bytes;
}

export interface OpenKeyringOptions extends KeyringPlace {
  readonly accountKey: Uint8Array;
  readonly sealed: Uint8Array;
}

/**
 * Opens a version of the keyring. Whether it follows the one this client knows is `acceptKeyring`'s question. Throws
 * KeyringError, FormatError or WeakKeyError.
 */
export async function openKeyring(options: OpenKeyringOptions): Promise<KeyringPlaintext> {
  const { userId, generation, version, accountKey, sealed } = options;
  const key = deriveKey("keyring", accountKey, accountContext(userId, generation));
  let plaintext: Bytes;
  try {
    plaintext = await openObject({ key, kind: EXEF_KIND.keyring, context: keyringContext(options), bytes: sealed });
  } catch (error) {
    throw error instanceof IntegrityError ? new KeyringError("sealed", error) : error;
  }
  const opened = decodeKeyring(plaintext);
  requireChainStart({ version, ...opened });
  return opened;
}

/** 02 ‖ userId16 ‖ a4 ‖ version8. */
function keyringContext({ userId, generation, version }: KeyringPlace): Bytes {
  if (version < 1 || version >= COUNTER_LIMIT) throw new FormatError("The keyring has an impossible version.");
  return concatBytes(Uint8Array.of(CONTEXT_MARK), accountContext(userId, generation), uint64(version));
}

/** userId16 ‖ a4. */
export function accountContext(userId: Uint8Array, generation: number): Bytes {
  if (userId.length !== 16) throw new FormatError("A userId has 16 bytes.");
  return concatBytes(userId, uint32(generation));
}

function requireChainStart({ version, previousChain }: { version: number; previousChain: Uint8Array }): void {
  if (version === 1 && !isAllZero(previousChain)) throw new KeyringError("chain_start");
}

/** chain_v = SHA-256(chain_{v-1} ‖ SHA-256(stored bytes of version v)). */
export function nextChain(previousChain: Uint8Array, storedHash: Uint8Array): Bytes {
  return sha256(previousChain, storedHash);
}

/** What a client remembers of the keyring it accepted last. */
export interface KeyringPosition {
  readonly version: number;
  readonly chain: Uint8Array;
}

interface KeyringHistory {
  /** What this client accepted last; null on a fresh device, which takes what it is given. */
  readonly remembered: KeyringPosition | null;
  readonly version: number;
  /** From `openKeyring`. */
  readonly previousChain: Uint8Array;
  /** The server's SHA-256(stored bytes) of every version between the remembered and the offered one, oldest first. */
  readonly hashesBetween: readonly Uint8Array[];
}

export interface OfferedKeyring extends KeyringHistory {
  /** The bytes as stored. */
  readonly sealed: Uint8Array;
}

/**
 * The position to remember, if the offered keyring is the remembered one or provably follows it. Throws RollbackError
 * (older) or ForkError (another history): then only the explicit ceremony that merges both may go on.
 */
export function acceptKeyring(offered: OfferedKeyring): KeyringPosition {
  return acceptKeyringHash({ ...offered, storedHash: sha256(offered.sealed) });
}

/** As `acceptKeyring`, for a keyring of which only SHA-256(stored bytes) is at hand. */
export function acceptKeyringHash(offered: KeyringHistory & { readonly storedHash: Uint8Array }): KeyringPosition {
  const { remembered, version, previousChain, storedHash, hashesBetween } = offered;
  const position = { version, chain: nextChain(previousChain, storedHash) };
  if (remembered === null) return position;
  if (version < remembered.version) throw new RollbackError("your keyring", remembered.version, version);
  if (version === remembered.version) {
    if (!equalBytes(position.chain, remembered.chain)) throw fork(remembered, position);
    return position;
  }
  if (hashesBetween.length !== version - remembered.version - 1) {
    throw new FormatError("The server's list of keyring versions has gaps.");
  }
  const expected = hashesBetween.reduce(nextChain, remembered.chain);
  if (!equalBytes(expected, previousChain)) throw fork(remembered, position);
  return position;
}

function fork(accepted: KeyringPosition, offered: KeyringPosition): ForkError {
  return new ForkError(
    "your keyring",
    { sequence: accepted.version, hash: accepted.chain },
    { sequence: offered.version, hash: offered.chain },
  );
}
