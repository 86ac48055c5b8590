import { existsSync, globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { runChecks } from "../checks/run-checks.ts";
import { checkImports } from "../imports/check-imports.ts";
import { findChromium } from "./chromium.ts";
import { findPostgresBinaries, type PostgresCluster, startPostgres } from "./postgres.ts";
import { COMPILED, excludedGlobs, VITEST_STAGES, type VitestStage } from "./projects.ts";
import { readVitestReport, type VitestOutcome, type VitestReport } from "./read-vitest-report.ts";
import { runNode } from "./run-program.ts";

export interface RunContext {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Only test files whose path contains one of these; empty means all. */
  readonly filters: readonly string[];
  /** On a build machine whatever is skipped is a failure. */
  readonly isCi: boolean;
  /** Where a stage prints that runs beside others; undefined: straight to the output. */
  readonly print?: (text: string) => void;
}

export interface Stage {
  readonly name: string;
  /** A stage without anything to run is left out. */
  readonly isEmpty: (context: RunContext) => boolean;
  readonly run: (context: RunContext) => Promise<VitestOutcome>;
}

function oneCheck(name: string, isGood: boolean): VitestOutcome {
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0, failures: isGood ? [] : [name], skips: [] };
}

/** A named, loud skip of a whole stage. */
function missing(what: string, print?: (text: string) => void): VitestOutcome {
  (print ?? ((text) => process.stdout.write(text)))(`\n  NOT RUN: ${what}\n`);
  return { passed: 0, failed: 0, skipped: 1, failures: [], skips: [what] };
}

const types: Stage = {
  name: "types",
  isEmpty: () => false,
  run: async ({ root }) => {
    const code = await runNode(["node_modules/tsc-native/bin/tsc", "-p", "tsconfig.json"], { cwd: root });
    return oneCheck("types", code === 0);
  },
};

const lint: Stage = { name: "lint", isEmpty: () => false, run: ({ root }) => runChecks(root) };

const imports: Stage = { name: "imports", isEmpty: () => false, run: ({ root }) => checkImports(root) };

function testFiles(stage: VitestStage, context: RunContext): string[] {
  return globSync([...stage.include], { cwd: context.root, exclude: excludedGlobs(stage, context.env) }).filter(
    (file) => context.filters.length === 0 || context.filters.some((filter) => file.includes(filter)),
  );
}

let cluster: Promise<PostgresCluster> | undefined;

/** One cluster serves all the stages of a run. A DATABASE_URL in the environment is used instead. */
async function postgresUrl(env: NodeJS.ProcessEnv): Promise<string> {
  if (env["DATABASE_URL"] !== undefined) return env["DATABASE_URL"];
  cluster ??= startPostgres();
  return (await cluster).url;
}

export async function stopPostgres(): Promise<void> {
  if (cluster !== undefined) await (await cluster).stop();
  cluster = undefined;
}

async function runVitest(stage: VitestStage, context: RunContext, extra: NodeJS.ProcessEnv): Promise<VitestOutcome> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "excalibur-report-"));
  const file = path.join(folder, "report.json");
  const env = { ...context.env, ...extra, EXCALIBUR_TEST_STAGE: stage.name, NODE_COMPILE_CACHE: COMPILED };
  // A server under test must not find somebody's real database in the environment.
  Reflect.deleteProperty(env, "DATABASE_URL");
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ];
  try {
    const code = await runNode([...args, ...context.filters], { cwd: context.root, env, print: context.print });
    const report = existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as VitestReport) : undefined;
    return readVitestReport(report, code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function vitestStage(stage: VitestStage): Stage {
  return {
    name: stage.name,
    isEmpty: (context) => testFiles(stage, context).length === 0,
    run: async (context) => {
      if (stage.database === "postgres") {
        if (context.env["DATABASE_URL"] === undefined && findPostgresBinaries() === undefined) {
          return missing(`${stage.name}: no PostgreSQL for this system; set DATABASE_URL to one`);
        }
        return runVitest(stage, context, { EXCALIBUR_TEST_POSTGRES: await postgresUrl(context.env) });
      }
      if (stage.name === "browser") {
        const chromium = findChromium(context.env);
        if (chromium === undefined)
          return missing("browser: no Chromium found; install one or set EXCALIBUR_CHROMIUM", context.print);
        return runVitest(stage, context, { EXCALIBUR_CHROMIUM: chromium });
      }
      return runVitest(stage, context, {});
    },
  };
}

/** In the order in which they run: what is quick and finds most comes first. */
export const STAGES: readonly Stage[] = [types, lint, imports, ...VITEST_STAGES.map(vitestStage)];
