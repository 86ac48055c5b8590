import { addCounts, type Counts, type Tally } from "./report.ts";

interface VitestAssertion {
  readonly fullName: string;
  readonly status: string;
  /** See long-mode.ts. */
  readonly meta?: { readonly counts?: Counts };
}

interface VitestFile {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly VitestAssertion[];
}

/** The part of Vitest's JSON report that counting needs. */
export interface VitestReport {
  readonly testResults: readonly VitestFile[];
}

export interface VitestOutcome extends Tally {
  readonly failures: readonly string[];
  readonly skips: readonly string[];
  readonly counts?: Counts;
}

const SKIPPED = new Set(["skipped", "pending", "todo", "disabled"]);

/**
 * Counts single tests. Three things that are not tests count as one failure each, so that no red can hide: a file that could not be
 * loaded, a report that is missing, and a run that ended badly although every test in it passed (an error outside any test).
 */
export function readVitestReport(report: VitestReport | undefined, exitCode: number): VitestOutcome {
  if (report === undefined)
    return { passed: 0, failed: 1, skipped: 0, failures: ["vitest ended without a report"], skips: [] };
  let passed = 0;
  const failures: string[] = [];
  const skips: string[] = [];
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      const name = `${file.name} › ${test.fullName}`;
      if (test.status === "passed") passed += 1;
      else if (SKIPPED.has(test.status)) skips.push(name);
      else failures.push(name);
    }
    const isBroken = file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed");
    if (isBroken) failures.push(`${file.name} (the file itself)`);
  }
  if (exitCode !== 0 && failures.length === 0) failures.push("an error outside any test (see above)");
  const counts = addCounts(
    report.testResults.flatMap((file) => file.assertionResults.map(({ meta }) => meta?.counts ?? {})),
  );
  return { passed, failed: failures.length, skipped: skips.length, failures, skips, counts };
}
