import path from "node:path";
import type { VitestOutcome } from "../test/read-vitest-report.ts";
import { runNode } from "../test/run-program.ts";
import { checkDependencyNotes } from "./dependency-notes.ts";
import { checkLinks } from "./links.ts";
import { checkLockfile } from "./lockfile.ts";
import { checkSourceFiles } from "./source-files.ts";
import { checkVersions } from "./versions.ts";

/** One thing that holds for the whole tree. Answers with a sentence for each place where it does not. */
export type Check = (root: string) => Promise<string[]>;

const CHECKS: readonly { name: string; check: Check }[] = [
  {
    name: "format and lint (npm run format mends most of it)",
    check: async (root) => {
      const biome = path.join("node_modules", "@biomejs", "biome", "bin", "biome");
      const code = await runNode([biome, "check", "--error-on-warnings"], { cwd: root });
      return code === 0 ? [] : ["Biome found problems (above)."];
    },
  },
  { name: "source files", check: checkSourceFiles },
  { name: "exact versions", check: checkVersions },
  { name: "lockfile", check: checkLockfile },
  { name: "links between documents", check: checkLinks },
  { name: "every dependency is explained in docs/dependencies.md", check: checkDependencyNotes },
];

/** Runs every check to its end, so that one problem does not hide the next. */
export async function runChecks(root: string): Promise<VitestOutcome> {
  const failures: string[] = [];
  for (const { name, check } of CHECKS) {
    const problems = await check(root);
    process.stdout.write(`${problems.length === 0 ? "ok  " : "FAIL"} ${name}\n`);
    for (const problem of problems) process.stdout.write(`       ${problem}\n`);
    if (problems.length > 0) failures.push(name);
  }
  return { passed: CHECKS.length - failures.length, failed: failures.length, skipped: 0, failures, skips: [] };
}
