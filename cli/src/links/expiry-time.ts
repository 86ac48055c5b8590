import { UsageError } from "../terminal/failure.ts";

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** "12h", "7d", "2w" from now, or a date or time as ISO 8601 writes them; a date ends with its day, here. Throws UsageError. */
export function toExpiry(text: string, nowMs: number): number {
  const span = /^(\d{1,4})([hdw])$/.exec(text);
  const unitMs = UNITS_MS[span?.[2] ?? ""];
  const timeMs = unitMs === undefined ? timeOf(text) : nowMs + Number(span?.[1]) * unitMs;
  if (Number.isNaN(timeMs)) throw new UsageError(`"${text}" is no time: write 12h, 7d, 2w or a date like 2027-01-31.`);
  if (timeMs <= nowMs) throw new UsageError(`"${text}" is over already, so nobody could use it.`);
  return timeMs;
}

function timeOf(text: string): number {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return new Date(`${text}T23:59:59.999`).getTime();
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
}

/** Throws UsageError. */
export function toMaxDownloads(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 1_000_000) throw new UsageError("--max-downloads is a number from 1 to 1000000.");
  return count;
}
