/**
 * How much a test does. Every day it is little and the same; long mode (EXCALIBUR_LONG=1) does so much that the whole run takes about 75
 * minutes on two quiet cores. EXCALIBUR_LONG_SCALE=0.1 asks for a tenth of that.
 */

export const IS_LONG = process.env["EXCALIBUR_LONG"] === "1";

/** Time limit of what runs long in long mode. */
export const LONGEST_MS = 7_200_000;

/** The scale that was asked for, 1 if none was. Throws on what is no positive number. */
export function chooseScale(asked: string | undefined): number {
  const scale = Number(asked ?? "1");
  if (!Number.isFinite(scale) || scale <= 0)
    throw new Error(`EXCALIBUR_LONG_SCALE has to be a number above 0, not "${asked}".`);
  return scale;
}

const SCALE = chooseScale(process.env["EXCALIBUR_LONG_SCALE"]);

/** How many cases, rounds or milliseconds: `everyday`, or in long mode `long` of them, scaled, and never fewer than every day. */
export function amount({ everyday, long }: { readonly everyday: number; readonly long: number }): number {
  return IS_LONG ? Math.max(everyday, Math.round(long * SCALE)) : everyday;
}

/** So many of `items`, evenly spread over them; all if there are not more. */
export function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, n) => items[Math.floor((n * items.length) / count)] as T);
}

declare module "vitest" {
  interface TaskMeta {
    /** What a test has survived, by the words that the table at the end of a run has for it. */
    counts?: Record<string, number>;
  }
}

/** Adds to what the running test has counted: for the table at the end of the run. */
export function count(
  { meta }: { readonly meta: { counts?: Record<string, number> } },
  counts: Readonly<Record<string, number>>,
): void {
  meta.counts ??= {};
  for (const [what, number] of Object.entries(counts)) meta.counts[what] = (meta.counts[what] ?? 0) + number;
}
