import { text } from "../../lib/text/index.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Rounded up, in the largest unit of which there are more than one and a half. */
export function leftText(seconds: number): string {
  if (seconds < 1.5 * MINUTE) return text("transfers.seconds", { count: Math.max(1, Math.ceil(seconds)) });
  if (seconds < 1.5 * HOUR) return text("transfers.minutes", { count: Math.ceil(seconds / MINUTE) });
  return text("transfers.hours", { count: Math.ceil(seconds / HOUR) });
}
