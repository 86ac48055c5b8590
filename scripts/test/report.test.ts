import { describe, expect, it } from "vitest";
import { chooseScale, spread } from "./long-mode.ts";
import { readVitestReport } from "./read-vitest-report.ts";
import {
  addUp,
  closingLine,
  exitCodeOf,
  formatCounts,
  formatCountTable,
  formatDuration,
  formatTable,
  withoutSkips,
} from "./report.ts";
import { chooseSeed, EVERYDAY_SEED } from "./seed.ts";

describe("the sum of a run", () => {
  it("adds up its stages into one closing line", () => {
    const total = addUp([
      { passed: 3, failed: 0, skipped: 1 },
      { passed: 4, failed: 2, skipped: 0 },
    ]);
    expect(closingLine(total)).toBe("7 passed, 2 failed, 1 skipped");
  });

  it("succeeds only if something ran and nothing failed", () => {
    expect(exitCodeOf({ passed: 1, failed: 0, skipped: 5 })).toBe(0);
    expect(exitCodeOf({ passed: 9, failed: 1, skipped: 0 })).toBe(1);
    expect(exitCodeOf(addUp([]))).toBe(1);
    expect(exitCodeOf({ passed: 0, failed: 0, skipped: 5 })).toBe(1);
  });

  it("takes a skip for a failure where everything has to run", () => {
    const outcome = { passed: 3, failed: 1, skipped: 1, failures: ["one"], skips: ["two"] };
    expect(withoutSkips(outcome)).toEqual({
      passed: 3,
      failed: 2,
      skipped: 0,
      failures: ["one", "two (skipped)"],
      skips: [],
    });
  });

  it("is shown as a table with aligned columns", () => {
    const one = { passed: 12, failed: 0, skipped: 0, durationMs: 1500, failures: [], skips: [] };
    const lines = formatTable([
      { ...one, name: "unit" },
      { ...one, name: "server-postgres", durationMs: 61_000 },
    ]).split("\n");
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[1]).toMatch(/^unit +12 +0 +0 +1\.5 s$/);
  });

  it("tells times as people do", () => {
    expect(formatDuration(950)).toBe("0.9 s");
    expect(formatDuration(125_000)).toBe("2 min 5 s");
  });
});

describe("a report of Vitest", () => {
  const passing = { name: "a.test.ts", status: "passed", assertionResults: [{ fullName: "works", status: "passed" }] };

  it("is counted test by test", () => {
    const mixed = {
      name: "b.test.ts",
      status: "failed",
      assertionResults: [
        { fullName: "breaks", status: "failed" },
        { fullName: "later", status: "todo" },
        { fullName: "not here", status: "skipped" },
      ],
    };
    expect(readVitestReport({ testResults: [passing, mixed] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 2,
      failures: ["b.test.ts › breaks"],
      skips: ["b.test.ts › later", "b.test.ts › not here"],
      counts: {},
    });
  });

  it("counts a file that could not be loaded as a failure", () => {
    const broken = { name: "c.test.ts", status: "failed", assertionResults: [] };
    expect(readVitestReport({ testResults: [passing, broken] }, 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  it("counts a file that broke after its tests passed", () => {
    expect(readVitestReport({ testResults: [{ ...passing, status: "failed" }] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });

  it("counts an error outside any test, and a report that never came", () => {
    expect(readVitestReport({ testResults: [passing] }, 1)).toMatchObject({ passed: 1, failed: 1 });
    expect(readVitestReport(undefined, 0)).toMatchObject({ passed: 0, failed: 1 });
  });

  it("of a good run has no failures", () => {
    expect(readVitestReport({ testResults: [passing] }, 0)).toMatchObject({ passed: 1, failed: 0, skipped: 0 });
  });
});

describe("the seed", () => {
  it("is the same every day, the one asked for, or a fresh one in long mode", () => {
    expect(chooseSeed({ isLong: false })).toBe(EVERYDAY_SEED);
    expect(chooseSeed({ asked: "7", isLong: true })).toBe(7);
    expect(Number.isSafeInteger(chooseSeed({ isLong: true }))).toBe(true);
    expect(() => chooseSeed({ asked: "seven", isLong: false })).toThrow("whole number");
  });
});

describe("what was counted", () => {
  const stage = { passed: 1, failed: 0, skipped: 0, durationMs: 1, failures: [], skips: [] };

  it("is gathered from the tests, added up, and shown for all stages and each", () => {
    const counted = (name: string, counts: Record<string, number>) => ({
      name,
      status: "passed",
      assertionResults: [{ fullName: "counts", status: "passed", meta: { counts } }],
    });
    const report = {
      testResults: [counted("a.test.ts", { kills: 1200, seeds: 3 }), counted("b.test.ts", { kills: 4 })],
    };
    const { counts } = readVitestReport(report, 0);
    expect(formatCounts(counts ?? {})).toBe("1 204 kills, 3 seeds");
    const lines = formatCountTable([
      { ...stage, name: "behaviour", counts: counts ?? {} },
      { ...stage, name: "unit" },
      { ...stage, name: "attacks", counts: { kills: 2 } },
    ])?.split("\n");
    expect(lines?.map((line) => line.split(/\s{2,}/))).toEqual([
      ["counted", "all", "behaviour", "attacks"],
      ["kills", "1 206", "1 204", "2"],
      ["seeds", "3", "3", ""],
    ]);
  });

  it("is not mentioned when nothing was", () => {
    expect(formatCounts({})).toBe("");
    expect(formatCountTable([{ ...stage, name: "unit", counts: {} }])).toBeUndefined();
  });

  it("does not hide a skip", () => {
    const skipped = { passed: 1, failed: 0, skipped: 1, failures: [], skips: ["x"], counts: { kills: 2 } };
    expect(withoutSkips(skipped)).toMatchObject({ failed: 1, counts: { kills: 2 } });
  });
});

describe("how much a test does", () => {
  it("is scaled by a number above 0", () => {
    expect([chooseScale(undefined), chooseScale("0.1")]).toEqual([1, 0.1]);
    for (const wrong of ["0", "-1", "much", ""]) expect(() => chooseScale(wrong)).toThrow("EXCALIBUR_LONG_SCALE");
  });

  it("is a choice that is spread over everything there is", () => {
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
    expect(spread([1, 2], 5)).toEqual([1, 2]);
  });
});
