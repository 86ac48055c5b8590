// npm test [-- --only STAGE] [--long] [--seed N] [PATH…]
import path from "node:path";
import { parseArgs } from "node:util";
import { chooseScale } from "./long-mode.ts";
import {
  addUp,
  closingLine,
  exitCodeOf,
  formatCounts,
  formatCountTable,
  formatDuration,
  formatTable,
  type StageResult,
  withoutSkips,
} from "./report.ts";
import { makeRunFolder, type RunFolder } from "./run-folder.ts";
import { stopPrograms } from "./run-program.ts";
import { chooseSeed } from "./seed.ts";
import { type RunContext, STAGES, type Stage, stopPostgres } from "./stages.ts";

const root = path.resolve(import.meta.dirname, "../..");
const USAGE = `Usage: npm test [-- [--only STAGE[,STAGE]] [--long] [--seed N] [PATH…]]
Stages: ${STAGES.map((stage) => stage.name).join(" ")}
PATH limits the stages that run test files to files whose path contains it.`;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

class UsageError extends Error {}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        only: { type: "string", multiple: true },
        long: { type: "boolean", default: false },
        seed: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function chooseStages(only: readonly string[] | undefined, filters: readonly string[]): readonly Stage[] {
  const names = only?.flatMap((list) => list.split(","));
  const unknown = names?.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown !== undefined) throw new UsageError(`There is no stage "${unknown}".`);
  if (names !== undefined) return STAGES.filter((stage) => names.includes(stage.name));
  // Who names files wants those, not the checks of the whole tree.
  return filters.length === 0 ? STAGES : STAGES.filter((stage) => !["types", "lint", "imports"].includes(stage.name));
}

const out = (text: string): void => void process.stdout.write(text);

async function runStage(stage: Stage, context: RunContext): Promise<StageResult> {
  const write = context.print ?? out;
  write(`\n── ${stage.name} ${"─".repeat(Math.max(0, 76 - stage.name.length))}\n`);
  const began = performance.now();
  const done = (outcome: Omit<StageResult, "name" | "durationMs">): StageResult => {
    const result = { ...outcome, name: stage.name, durationMs: performance.now() - began };
    write(`\n${stage.name}: ${closingLine(result)} in ${formatDuration(result.durationMs)}\n`);
    const counted = formatCounts(result.counts ?? {});
    if (counted !== "") write(`${stage.name}: ${counted} (seed ${context.env["EXCALIBUR_SEED"]})\n`);
    return result;
  };
  try {
    const outcome = await stage.run(context);
    return done(context.isCi ? withoutSkips(outcome) : outcome);
  } catch (error) {
    write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return done({ passed: 0, failed: 1, skipped: 0, failures: [`${stage.name} could not run`], skips: [] });
  }
}

/**
 * Two stages at a time, so that whatever one of them waits for leaves no core idle: one row takes them from the front, the other begins with the
 * browser's, which waits most, and goes on from the end. What a stage of the second row prints comes when it is over, in one piece. Without the
 * browser's, as in long mode, one after the other.
 */
async function runStages(stages: readonly Stage[], context: RunContext): Promise<StageResult[]> {
  const left = [...stages];
  const results = new Map<Stage, StageResult>();
  const isLong = context.env["EXCALIBUR_LONG"] === "1";
  const place = isLong || stages.length === 1 ? -1 : left.findIndex(({ name }) => name === "browser");
  const browser = place < 0 ? [] : left.splice(place, 1);
  const inFront = async (): Promise<void> => {
    for (let stage = left.shift(); stage !== undefined; stage = left.shift())
      results.set(stage, await runStage(stage, context));
  };
  const aside = async (): Promise<void> => {
    for (let stage = browser.shift(); stage !== undefined; stage = left.pop())
      results.set(stage, await runAside(stage, context));
  };
  await Promise.all([inFront(), aside()]);
  return stages.flatMap((stage) => results.get(stage) ?? []);
}

async function runAside(stage: Stage, context: RunContext): Promise<StageResult> {
  const printed: string[] = [];
  try {
    return await runStage(stage, { ...context, print: (text) => printed.push(text) });
  } finally {
    out(printed.join(""));
  }
}

function printEnd(results: readonly StageResult[]): void {
  print(`\n${formatTable(results)}\n`);
  const counted = formatCountTable(results);
  if (counted !== undefined) print(`${counted}\n`);
  for (const name of results.flatMap((result) => result.skips)) print(`skipped: ${path.relative(root, name) || name}`);
  for (const name of results.flatMap((result) => result.failures))
    print(`FAILED: ${path.relative(root, name) || name}`);
}

let runFolder: RunFolder | undefined;

async function main(): Promise<number> {
  const { values, positionals: filters } = readArguments(process.argv.slice(2));
  if (values.help) {
    print(USAGE);
    return 0;
  }
  const stages = chooseStages(values.only, filters);
  const isLong = values.long || process.env["EXCALIBUR_LONG"] === "1";
  chooseScale(process.env["EXCALIBUR_LONG_SCALE"]);
  const seed = chooseSeed({ asked: values.seed ?? process.env["EXCALIBUR_SEED"], isLong });
  runFolder = await makeRunFolder();
  const env: NodeJS.ProcessEnv = { ...process.env, ...runFolder.env, EXCALIBUR_SEED: String(seed) };
  if (isLong) env["EXCALIBUR_LONG"] = "1";
  if (!process.stdout.isTTY) env["NO_COLOR"] = "1";
  const context: RunContext = { root, env, filters, isCi: Boolean(process.env["CI"]) };
  print(`Node ${process.versions.node}, seed ${seed}${isLong ? ", long mode" : ""}`);

  const began = performance.now();
  let results: StageResult[] = [];
  try {
    results = await runStages(
      stages.filter((stage) => !stage.isEmpty(context)),
      context,
    );
  } finally {
    await stopPostgres();
    await runFolder.remove();
  }
  printEnd(results);
  print(`\nthe whole run: ${formatDuration(performance.now() - began)}`);
  const total = addUp(results);
  if (total.failed > 0 && isLong) print(`\nTo see the same cases again: npm run test:long -- --seed ${seed}`);
  print(closingLine(total));
  return exitCodeOf(total);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopPrograms(signal);
    void stopPostgres()
      .then(() => runFolder?.remove())
      .finally(() => process.exit(130));
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 2;
}
