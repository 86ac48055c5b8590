import { ExcaliburError, type ExcaliburErrorOptions, FormatError, IntegrityError } from "../bytes/index.ts";

/** A ciphertext failed its tag. Do not retry: it was altered, or it is not what the caller thinks it is. */
export class AuthenticationError extends IntegrityError {
  constructor(
    message = "The data failed its authentication check: it was altered, or another key sealed it.",
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, { code: "authentication_failed", ...options });
  }
}

/** OPAQUE failed: the password is wrong, the account does not exist, or the answer is not the real server's. */
export class PasswordRefusedError extends ExcaliburError {
  constructor() {
    super("password_refused", "The name or the password is wrong. Nothing was changed.");
  }
}

/** What was typed are not the twelve recovery words. `details.position` (from 1) names an unknown word. */
export class RecoveryWordsError extends ExcaliburError {
  constructor(message: string, options: ExcaliburErrorOptions = {}) {
    super("recovery_words_invalid", message, options);
  }
}

/** Guards a fixed length at the door, so that a mistake is a clear error and never a weak key. */
export function requireLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length) throw new FormatError(`${what} must have ${length} bytes, not ${bytes.length}.`);
}
