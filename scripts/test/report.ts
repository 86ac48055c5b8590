/** What one stage, or all of them, came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What tests have counted while they ran (kills, seeds, requests …), by the words they have for it. */
export type Counts = Readonly<Record<string, number>>;

export interface StageResult extends Tally {
  readonly name: string;
  readonly durationMs: number;
  /** Names of what failed or was skipped, for the end of the output, where people look. */
  readonly failures: readonly string[];
  readonly skips: readonly string[];
  readonly counts?: Counts;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

export function addUp(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, one) => ({
      passed: sum.passed + one.passed,
      failed: sum.failed + one.failed,
      skipped: sum.skipped + one.skipped,
    }),
    NOTHING,
  );
}

/** A run in which nothing passed proves nothing, so it is not a success. */
export function exitCodeOf(total: Tally): number {
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** On a build machine everything has to run: what was skipped counts as failed there. */
export function withoutSkips(outcome: Omit<StageResult, "name" | "durationMs">): typeof outcome {
  const { failed, skipped, failures, skips } = outcome;
  const named = skips.map((name) => `${name} (skipped)`);
  return { ...outcome, failed: failed + skipped, skipped: 0, failures: [...failures, ...named], skips: [] };
}

export function closingLine(total: Tally): string {
  return `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`;
}

export function formatDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export function formatTable(results: readonly StageResult[]): string {
  const rows = results.map((result) => [
    result.name,
    String(result.passed),
    String(result.failed),
    String(result.skipped),
    formatDuration(result.durationMs),
  ]);
  return aligned([["stage", "passed", "failed", "skipped", "time"], ...rows]);
}

export function addCounts(all: readonly Counts[]): Counts {
  const sums: Record<string, number> = {};
  for (const [what, number] of all.flatMap((counts) => Object.entries(counts))) sums[what] = (sums[what] ?? 0) + number;
  return sums;
}

export function formatNumber(number: number): string {
  return number.toLocaleString("en").replaceAll(",", " ");
}

/** "12 000 power cuts, 240 kills"; empty if nothing was counted. */
export function formatCounts(counts: Counts): string {
  return Object.entries(counts)
    .map(([what, number]) => `${formatNumber(number)} ${what}`)
    .join(", ");
}

/** Everything that was counted, in all stages and in each; undefined if there is nothing. */
export function formatCountTable(results: readonly StageResult[]): string | undefined {
  const stages = results.filter(({ counts }) => Object.keys(counts ?? {}).length > 0);
  if (stages.length === 0) return undefined;
  const sums = Object.entries(addCounts(stages.map(({ counts }) => counts ?? {})));
  const cell = (number: number | undefined) => (number === undefined ? "" : formatNumber(number));
  return aligned([
    ["counted", "all", ...stages.map(({ name }) => name)],
    ...sums.map(([what, sum]) => [what, cell(sum), ...stages.map(({ counts }) => cell(counts?.[what]))]),
  ]);
}

/** The first column to the left, the others to the right. */
function aligned(table: readonly (readonly string[])[]): string {
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map((cells) => cells.join("   "))
    .join("\n");
}
