import type { FindQuery } from "../session/engine/types.ts";
import type { Age, SizeClass, Wanted } from "./search-words.ts";

const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<Exclude<Age, "older">, number>> = { day: 1, week: 7, month: 30, year: 365 };

/** Bytes, decimal as the default of sizes; the upper end is inclusive. */
const SIZES: Readonly<Record<SizeClass, { readonly minBytes?: number; readonly maxBytes?: number }>> = {
  small: { maxBytes: 999_999 },
  medium: { minBytes: 1_000_000, maxBytes: 99_999_999 },
  large: { minBytes: 100_000_000, maxBytes: 999_999_999 },
  huge: { minBytes: 1_000_000_000 },
};

/** undefined: nothing is wanted yet. */
export function queryOf({ text, kind, age, size }: Wanted, nowMs: number): FindQuery | undefined {
  const isNothing = text.trim() === "" && kind === undefined && age === undefined && size === undefined;
  if (isNothing) return undefined;
  return { text: text.trim(), ...(kind && { kind }), ...(age && timesOf(age, nowMs)), ...(size && SIZES[size]) };
}

function timesOf(age: Age, nowMs: number): Pick<FindQuery, "modifiedFromMs" | "modifiedUntilMs"> {
  if (age === "older") return { modifiedUntilMs: nowMs - DAYS.year * DAY_MS };
  return { modifiedFromMs: nowMs - DAYS[age] * DAY_MS };
}
