import { EXIT, type ExitCode } from "./exit-code.ts";
import { OutputClosedError, OutputLostError } from "./terminal.ts";

export { EXIT, type ExitCode, worst } from "./exit-code.ts";

/**
 * Said by the command line itself, where the sdk has no say. `code` is stable and for programs, the message for people:
 * what happened, whether the data is safe, what to do. Not an ExcaliburError, so that --help need not load the sdk.
 */
export class CommandError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
  }
}

/** The command was written wrongly; the sentence says how to write it. */
export class UsageError extends CommandError {
  constructor(message: string) {
    super("usage", message);
  }
}

/** Ctrl-C, or a request to end. What was finished stays. */
export class CancelledError extends CommandError {
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

/** Loads the sdk: for when something of its has gone wrong. */
export async function failureOf(error: unknown): Promise<Failure> {
  if (error instanceof OutputClosedError) return { code: "output_closed", message: "", exitCode: EXIT.ok };
  if (error instanceof OutputLostError) return { code: "output_lost", message: error.message, exitCode: EXIT.failed };
  if (error instanceof CommandError) return failureOfCommand(error);
  const { sdkFailure } = await import("./sdk-failure.ts");
  return sdkFailure(error) ?? unexpected(error);
}

export function failureOfCommand(error: CommandError): Failure {
  const { code, message } = error;
  if (error instanceof UsageError) return { code, message, exitCode: EXIT.usage };
  return { code, message, exitCode: error instanceof CancelledError ? EXIT.cancelled : EXIT.failed };
}

export function unexpected(error: unknown): Failure {
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = `Excalibur failed in a way it should not. What was stored before is safe. The cause: ${cause}`;
  return { code: "unexpected", message, exitCode: EXIT.failed };
}
