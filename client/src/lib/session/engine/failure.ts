import type { EngineFailure } from "./types.ts";

/** How Chromium, Firefox, Safari and the bundler's helper say that a file of the program did not come; they have no code for it. */
const PART_MISSING = /dynamically imported module|^Importing a module script failed|^Unable to preload CSS/;

/** What the page is told of an error. Everything of ours has a code; what has none is a defect, and named as one. */
export function failureOf(error: unknown): EngineFailure {
  const { code, message, name } = error as Partial<Error & { readonly code: unknown }>;
  if (name === "AbortError") return { code: "cancelled", message: "Cancelled." };
  if (typeof code === "string") return { code, message: message ?? code };
  if (message !== undefined && PART_MISSING.test(message)) return { code: "part_missing", message };
  // biome-ignore lint/suspicious/noConsole: a defect is worth a line in the console of whoever meets it.
  console.error(error);
  return { code: "unknown", message: message ?? String(error) };
}

/** The way to the server is not there: nobody answers, or something in between that is not it. */
export function isAway({ code }: Pick<EngineFailure, "code">): boolean {
  return code === "network" || code === "gateway";
}

/** Of what goes on by itself: news only that there is no connection, which the page says anyhow. */
export function isAwayAnyhow(failure: Pick<EngineFailure, "code">, isConnected: boolean): boolean {
  // While the server speaks to us, something that answers in its place is no lack of a connection.
  return failure.code === "network" || (isAway(failure) && !isConnected);
}

/** A failure on the page's side of the wall. */
export class EngineError extends Error implements EngineFailure {
  readonly code: string;

  constructor({ code, message }: EngineFailure) {
    super(message);
    this.code = code;
  }
}

/** What was fetched is not what was stored (core/exef, sdk/download): not a failure of the way, and trying again may not help. */
export function isDamage({ code }: EngineFailure): boolean {
  return code.startsWith("exef_") || ["integrity", "proof_wrong", "object_wrong_length"].includes(code);
}
