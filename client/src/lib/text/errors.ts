import { hasText, type TextKey, text } from "./language.ts";

/** What is known of a failure on this side of the worker: its stable code, and the sentence of the library. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** A sentence for people. Codes that have none of their own keep the library's, which is whole, but English. */
export function errorText(error: unknown): string {
  const { code = "unknown", message } = error as Partial<Failure>;
  if (hasText(`errors.${code}`)) return text(`errors.${code}` as TextKey);
  return message === undefined || code === "unknown" ? text("errors.unknown") : message;
}
