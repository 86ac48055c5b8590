import { globSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { IViolation } from "dependency-cruiser";
import type { VitestOutcome } from "../test/read-vitest-report.ts";
import { cruiseTree, type Rules } from "./cruise-tree.ts";
import { withFixture } from "./fixture-tree.ts";
import { findDeadRules } from "./live-rules.ts";

/** Far fewer than there are: a cruise that saw less was looking at something else, and its silence means nothing. */
const FEWEST_MODULES = 400;

export function loadRules(root: string): Rules {
  return createRequire(import.meta.url)(path.join(root, ".dependency-cruiser.cjs")) as Rules;
}

/**
 * A fixture is right if exactly its own rule fires, and on exactly the files whose name says that they are bad. The others show what is
 * allowed, so that a rule which forbids everything does not pass either.
 */
function judgeFixture(rule: string, violations: readonly IViolation[], files: readonly string[]): string | undefined {
  const others = violations.find((violation) => violation.rule.name !== rule);
  if (others !== undefined) return `${others.rule.name} fired as well, on ${others.from}`;
  const blamed = new Set(violations.map((violation) => violation.from));
  const slipped = files.find((file) => isBad(file) && !blamed.has(file));
  if (slipped !== undefined) return `${slipped} slipped through`;
  const innocent = [...blamed].find((file) => !isBad(file));
  return innocent === undefined ? undefined : `${innocent} is allowed, and it fired`;
}

function isBad(file: string): boolean {
  return path.basename(file).includes("bad");
}

async function checkFixture(root: string, rules: Rules, rule: string): Promise<string | undefined> {
  const fixture = path.join(root, "scripts/imports/fixtures", rule);
  const files = globSync("**/*.ts", { cwd: fixture });
  if (!files.some(isBad)) return "has no bad file";
  return withFixture(root, fixture, async (folder) => {
    const result = await cruiseTree(await realpath(folder), rules);
    return judgeFixture(rule, result.summary.violations, files);
  });
}

async function checkFixtures(root: string, rules: Rules): Promise<Map<string, string | undefined>> {
  const outcomes = new Map<string, string | undefined>();
  const fixtures = (await readdir(path.join(root, "scripts/imports/fixtures"))).sort();
  for (const fixture of fixtures.filter((name) => !rules.forbidden.some((rule) => rule.name === name))) {
    outcomes.set(fixture, "is a fixture of a rule that does not exist");
  }
  for (const { name } of rules.forbidden) {
    if (!fixtures.includes(name)) {
      outcomes.set(name, "has no known-bad fixture in scripts/imports/fixtures");
      continue;
    }
    outcomes.set(name, await checkFixture(root, rules, name));
  }
  return outcomes;
}

async function checkProject(root: string, rules: Rules): Promise<string[]> {
  const result = await cruiseTree(root, rules);
  const count = result.modules.filter((module) => !module.source.includes("node_modules") && !module.coreModule).length;
  const violations = result.summary.violations.map((violation) => {
    const comment = rules.forbidden.find((rule) => rule.name === violation.rule.name)?.comment ?? "";
    const via = violation.via ?? violation.cycle ?? [];
    const through = via.length === 0 ? "" : `\n         by ${via.map((step) => step.name).join(" → ")}`;
    return `${violation.rule.name}: ${violation.from} → ${violation.to}${through}\n         ${comment}`;
  });
  const few = count < FEWEST_MODULES ? [`only ${count} modules were seen; there are more than ${FEWEST_MODULES}`] : [];
  const files = result.modules.map((module) => module.source);
  return [...few, ...violations, ...findDeadRules(rules.forbidden, files)];
}

/** The project against the rules, and the rules against their known-bad fixtures. */
export async function checkImports(root: string): Promise<VitestOutcome> {
  const rules = loadRules(root);
  const problems = await checkProject(root, rules);
  process.stdout.write(
    `${problems.length === 0 ? "ok  " : "FAIL"} the project keeps its ${rules.forbidden.length} import rules\n`,
  );
  for (const problem of problems) process.stdout.write(`       ${problem}\n`);
  const failures = problems.length === 0 ? [] : ["import rules of the project"];
  const outcomes = await checkFixtures(root, rules);
  for (const [name, problem] of outcomes) {
    process.stdout.write(problem === undefined ? `ok   fixture ${name}\n` : `FAIL fixture ${name}: ${problem}\n`);
    if (problem !== undefined) failures.push(`import rule fixture ${name}`);
  }
  return { passed: 1 + outcomes.size - failures.length, failed: failures.length, skipped: 0, failures, skips: [] };
}
