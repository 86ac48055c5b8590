import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { type PlotRow, plotRatios } from "./plot.ts";

const RESULTS = join(import.meta.dirname, "..", "results");

export interface Verdict {
  readonly what: string;
  readonly measured: number;
  readonly goal: number;
  readonly unit: string;
}

export interface Report {
  readonly name: string;
  readonly title: string;
  readonly verdicts: readonly Verdict[];
  /** Instead of `rows`: a plot of its own. */
  readonly plot?: string;
  readonly rows: readonly PlotRow[];
  /** Everything measured, as it was. */
  readonly details: unknown;
}

/** Writes NAME.json and NAME.svg into bench/results and says what was found against the goal. */
export async function writeReport(report: Report): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const machine = {
    node: process.version,
    platform: process.platform,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
  const { plot: _plot, ...kept } = report;
  const json = { ...kept, machine, measuredAt: new Date().toISOString() };
  await writeFile(join(RESULTS, `${report.name}.json`), `${JSON.stringify(json, null, 2)}\n`);
  await writeFile(join(RESULTS, `${report.name}.svg`), report.plot ?? plotRatios(report.title, report.rows));
  process.stdout.write(`\n${report.title}\n`);
  for (const { what, measured, goal, unit } of report.verdicts) {
    const met = measured <= goal ? "met" : "MISSED";
    process.stdout.write(
      `  ${met.padEnd(7)} ${what}: ${measured.toFixed(2)} ${unit} (goal ≤ ${Number(goal.toFixed(2))} ${unit})\n`,
    );
  }
}
