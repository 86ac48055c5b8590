import type { Command } from "commander";
import { surveyStorage } from "../../context.ts";
import type { Database } from "../../db/index.ts";
import { type JobRow, listJobs } from "../../db/stores/jobs.ts";
import { sumObjects } from "../../db/stores/objects.ts";
import { someoneDoesJobs, type TaskReport } from "../../jobs/index.ts";
import { DamageFoundError } from "../failure.ts";
import { withData } from "../open-data.ts";
import { addPlaceOptions, type PlaceOptions } from "../options.ts";
import { performTask, TaskError, type TaskWish } from "../perform-task.ts";
import { sayJson, sizeText, type Terminal, table } from "../terminal.ts";

interface StorageFlags extends PlaceOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly repair?: boolean;
}

/** What a record of a pack takes beside its object (spec/storage.md §2). */
const RECORD_BYTES = 64;

function timeText(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function describeJob(row: JobRow, isServed: boolean) {
  const isOpen = row.last_started_ms !== null && row.last_started_ms > (row.last_ended_ms ?? -1);
  return {
    name: row.name,
    running: isOpen && isServed,
    lastStartedAt: timeText(row.last_started_ms),
    lastEndedAt: timeText(row.last_ended_ms),
    outcome: isOpen && !isServed ? "interrupted" : row.outcome,
    result: row.result === null ? null : (JSON.parse(row.result) as Record<string, unknown>),
    nextRunAt: timeText(row.next_run_ms),
  };
}

async function surveyAll(database: Database, objectsFolder: string) {
  const sums = await sumObjects(database.read);
  const { packs, staged, quarantine, freeBytes } = await surveyStorage(objectsFolder);
  const living = sums.packedBytes + sums.packedCount * RECORD_BYTES;
  const isServed = await someoneDoesJobs(database, Date.now());
  return {
    objects: { count: sums.count, bytes: sums.bytes, inPacks: sums.packedCount },
    packs: { ...packs, deadBytes: Math.max(0, packs.bytes - living) },
    staged,
    quarantine,
    freeBytes,
    jobs: (await listJobs(database.read)).map((row) => describeJob(row, isServed)),
  };
}

function status(flags: StorageFlags, terminal: Terminal): Promise<void> {
  return withData(flags, async (database, folder) => {
    const report = await surveyAll(database, folder.objectsFolder);
    if (flags.json) return sayJson(terminal, report);
    const { objects, packs, staged, quarantine } = report;
    terminal.say(`Objects      ${objects.count}, ${sizeText(objects.bytes)}; ${objects.inPacks} of them in packs`);
    terminal.say(
      `Packs        ${packs.files}, ${sizeText(packs.bytes)}, of which ${sizeText(packs.deadBytes)} of no use`,
    );
    terminal.say(`On the way   ${staged.files}, ${sizeText(staged.bytes)}`);
    terminal.say(`Quarantine   ${quarantine.files}, ${sizeText(quarantine.bytes)}`);
    terminal.say(`Free         ${sizeText(report.freeBytes)}\n`);
    const cells = report.jobs.map((job) => [
      job.name,
      job.running ? "running" : (job.outcome ?? "not yet"),
      job.lastEndedAt ?? "",
      job.nextRunAt ?? "when asked",
      resultText(job.result ?? {}),
    ]);
    terminal.say(table([["JOB", "LAST", "ENDED", "NEXT", "WHAT IT DID"], ...cells]));
  });
}

/** Numbers by name; lists by their length; what is nothing is left out. */
function resultText(result: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(result).flatMap(([name, value]): string[] => {
    if (Array.isArray(value)) return value.length > 0 ? [`${name} ${value.length}`] : [];
    if (typeof value === "object" && value !== null) {
      const inner = resultText(value as Record<string, unknown>);
      return inner === "" ? [] : [`${name} (${inner})`];
    }
    if (value === 0 || value === null) return [];
    return [`${name} ${/bytes$/i.test(name) ? sizeText(Number(value)) : String(value)}`];
  });
  return parts.join(", ");
}

interface NamedDamage {
  readonly objectId: string;
  readonly problem: string;
  readonly volumes?: readonly string[];
  readonly accounts?: readonly string[];
}

function damageIn({ jobs }: TaskReport): NamedDamage[] {
  return Object.values(jobs).flatMap(({ result }) => {
    const damaged = (result["damaged"] ?? []) as readonly (NamedDamage | string)[];
    return damaged.map((one) => (typeof one === "string" ? { objectId: one, problem: "altered" } : one));
  });
}

async function perform(flags: StorageFlags, terminal: Terminal, wish: Omit<TaskWish, "onProgress">): Promise<void> {
  const onProgress = (progress: Readonly<Record<string, unknown>>) => {
    if (terminal.isTerminal && !flags.json) terminal.progress?.(resultText(progress).slice(0, 100));
  };
  const report = await performTask(flags, { ...wish, onProgress });
  terminal.progress?.();
  if (flags.json) sayJson(terminal, report);
  else sayReport(terminal, report);
  if (report.outcome === "damage") throw new DamageFoundError();
  if (report.outcome === "failed") {
    const messages = Object.values(report.jobs).map(({ result }) => result["message"]);
    throw new TaskError("task_failed", messages.filter((message) => typeof message === "string").join(" "));
  }
  if (report.outcome === "interrupted") {
    throw new TaskError(
      "task_interrupted",
      "It was cut off before it was done. What was done stays done; run the command again.",
    );
  }
}

function sayReport(terminal: Terminal, report: TaskReport): void {
  const rows = Object.entries(report.jobs).map(([name, { outcome, result }]) => [
    name,
    outcome,
    outcome === "failed" ? "" : resultText(result) || "nothing to do",
  ]);
  terminal.say(table(rows));
  for (const { objectId, problem, volumes = [], accounts = [] } of damageIn(report)) {
    const where = volumes.length > 0 ? ` in volume ${volumes.join(", ")}` : "";
    const whose = accounts.length > 0 ? ` of ${accounts.join(", ")}` : "";
    terminal.say(`Damaged: object ${objectId} (${problem})${where}${whose}`);
  }
}

const RESULT = "for programs: {outcome, jobs: {name: {outcome, result}}}";

export function addStorage(program: Command, terminal: Terminal): void {
  const storage = program.command("storage").description("What is stored, and housekeeping.");
  addPlaceOptions(storage.command("status").description("Objects, space, and how each job went and when it runs next."))
    .option("--json", "for programs: {objects, packs, staged, quarantine, freeBytes, jobs}")
    .action((flags: StorageFlags) => status(flags, terminal));
  addPlaceOptions(
    storage.command("gc").description("Remove now what nobody needs any more, as the jobs do by themselves."),
  )
    .option("--dry-run", "only say what would be removed")
    .option("--json", RESULT)
    .action((flags: StorageFlags) => perform(flags, terminal, { task: "gc", dryRun: flags.dryRun === true }));
  addPlaceOptions(
    storage.command("check").description("Read everything: whether every row has its bytes and every byte its row."),
  )
    .option("--repair", "move bytes without a row to quarantine; nothing is deleted")
    .option("--json", RESULT)
    .action((flags: StorageFlags) => perform(flags, terminal, { task: "check", repair: flags.repair === true }));
  addPlaceOptions(
    storage
      .command("scrub")
      .description("Read everything that rows mean and compare it with its hashes, now and without pauses."),
  )
    .option("--json", RESULT)
    .action((flags: StorageFlags) => perform(flags, terminal, { task: "scrub" }));
}
