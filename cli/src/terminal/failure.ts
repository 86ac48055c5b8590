import { ExcaliburError } from "@excalibur/core/protocol";
import { OutputClosedError } from "./terminal.ts";

/** Promises of every command. `cancelled` is what a shell gives a program that Ctrl-C ended. */
export const EXIT = { ok: 0, failed: 1, usage: 2, integrity: 3, notSignedIn: 4, cancelled: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The command was written wrongly; the sentence says how to write it. */
export class UsageError extends ExcaliburError {
  constructor(message: string) {
    super("usage", message);
  }
}

/** Ctrl-C, or a request to end. What was finished stays. */
export class CancelledError extends ExcaliburError {
  constructor() {
    super("cancelled", "Stopped. What was finished stays; what was under way can be begun again.");
  }
}

export function isCancelled(error: unknown): boolean {
  return error instanceof CancelledError || (error instanceof Error && error.name === "AbortError");
}

/** What a program or a person is told about an error. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: ExitCode;
}

const NOT_SIGNED_IN = new Set(["not_signed_in", "locked", "session_ended", "signature_required"]);

/** Loads the sdk: for when something has gone wrong. */
export async function failureOf(error: unknown): Promise<Failure> {
  if (error instanceof OutputClosedError) return { code: "output_closed", message: "", exitCode: EXIT.ok };
  if (!(error instanceof ExcaliburError)) return unexpected(error);
  const { isViolation } = await import("@excalibur/sdk/violations");
  return { code: error.code, message: error.message, exitCode: exitCodeOf(error, isViolation) };
}

export function exitCodeOf(error: ExcaliburError, isViolation: (error: unknown) => boolean): ExitCode {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof CancelledError) return EXIT.cancelled;
  if (isViolation(error)) return EXIT.integrity;
  return NOT_SIGNED_IN.has(error.code) ? EXIT.notSignedIn : EXIT.failed;
}

function unexpected(error: unknown): Failure {
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = `Excalibur failed in a way it should not. What was stored before is safe. The cause: ${cause}`;
  return { code: "unexpected", message, exitCode: EXIT.failed };
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
