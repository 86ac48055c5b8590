/** Promises of every command. `cancelled` is what a shell gives a program that Ctrl-C ended. */
export const EXIT = { ok: 0, failed: 1, usage: 2, integrity: 3, notSignedIn: 4, cancelled: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const NOT_SIGNED_IN = new Set(["not_signed_in", "locked", "session_ended", "signature_required"]);

/** Arguments that nobody can follow, said by the sdk. */
const WRONG_ARGUMENTS = new Set([
  "bad_address",
  "bad_user_name",
  "bad_invitation",
  "standalone_entries",
  "bad_fingerprint",
  "bad_contact_link",
  "bad_link",
  "request_address",
  "request_text",
]);

/** Of an error of the sdk, by its code. */
export function exitCodeOf(code: string, isViolation: boolean): ExitCode {
  if (isViolation) return EXIT.integrity;
  if (WRONG_ARGUMENTS.has(code)) return EXIT.usage;
  return NOT_SIGNED_IN.has(code) ? EXIT.notSignedIn : EXIT.failed;
}

/** Of several outcomes, the one a command ends with: an integrity violation goes before everything else. */
export function worst(a: ExitCode, b: ExitCode): ExitCode {
  const order: readonly ExitCode[] = [
    EXIT.ok,
    EXIT.failed,
    EXIT.usage,
    EXIT.notSignedIn,
    EXIT.cancelled,
    EXIT.integrity,
  ];
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
