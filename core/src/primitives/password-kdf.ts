import { platform } from "#platform";
import { type Bytes, FormatError, utf8Encode } from "../bytes/index.ts";
import type { Argon2idOptions } from "./platform/platform.ts";

/** "Suite 1" of cryptography.md §2: the only costs in use, constants of the client. */
export const ARGON2ID_SUITE_1 = { memoryKiB: 65_536, passes: 3, parallelism: 4 } as const;

/** Argon2id (RFC 9106). About 0.3 s with suite 1; in browsers it blocks its thread, so call it in a worker. */
export async function argon2id(options: Argon2idOptions): Promise<Bytes> {
  if (options.salt.length < 8) throw new FormatError("An Argon2id salt has at least 8 bytes.");
  return platform.argon2id(options);
}

/** A typed password as bytes: NFKC, otherwise untouched (cryptography.md §2). */
export function encodePassword(password: string): Bytes {
  return utf8Encode(password.normalize("NFKC"));
}
