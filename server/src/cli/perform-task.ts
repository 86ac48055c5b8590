import { setTimeout as wait } from "node:timers/promises";
import { ExcaliburError } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { pino } from "pino";
import { StartError } from "../config/start-error.ts";
import { openWorkshop, type Workshop } from "../context.ts";
import type { Database } from "../db/index.ts";
import { findJobRequest, insertJobRequest, withdrawJobRequest } from "../db/stores/jobs.ts";
import type { JobResult, TaskReport } from "../jobs/index.ts";
import { someoneDoesJobs } from "../jobs/index.ts";
import { withData } from "./open-data.ts";
import { type PlaceOptions, placeOf } from "./options.ts";

const LOOK_EVERY_MS = 200;
const RENEW_EVERY_MS = 5_000;
/** Longer than a lease lasts that nobody renews. */
const PATIENCE_MS = 45_000;

export interface TaskWish {
  readonly task: "gc" | "check" | "scrub";
  readonly dryRun?: boolean;
  readonly repair?: boolean;
  readonly onProgress: (progress: JobResult) => void;
  /** How long somebody who should answer may be silent. */
  readonly patienceMs?: number;
}

/** What was asked for was not done, or not to its end. What was done stays done. */
export class TaskError extends ExcaliburError {
  constructor(code: "task_unanswered" | "task_interrupted" | "task_failed", message: string) {
    super(code, message);
  }
}

/**
 * Has a task done by the one process that may touch the objects folder: the server when one runs, this one otherwise.
 * @throws TaskError, StartError, and what opening the data throws
 */
export function performTask(flags: PlaceOptions, wish: TaskWish): Promise<TaskReport> {
  return withData(flags, async (database) => {
    const config = placeOf(flags);
    const log = pino({ enabled: false });
    let workshop: Workshop;
    try {
      workshop = await openWorkshop({ config, database, log, clock: Date.now });
    } catch (error) {
      if (error instanceof StartError && error.code === "already_running") return askServer(database, wish);
      throw error;
    }
    await using opened = workshop;
    return await performHere(opened, wish);
  });
}

async function performHere({ jobs }: Workshop, { task, dryRun = false, repair = false, ...wish }: TaskWish) {
  const begunMs = performance.now();
  while (!(await jobs.keepLease())) {
    if (performance.now() - begunMs > (wish.patienceMs ?? PATIENCE_MS)) {
      const sentence =
        "Another Excalibur server on the same database does the housekeeping. Ask that one, or stop it first.";
      throw new TaskError("task_unanswered", sentence);
    }
    await wait(LOOK_EVERY_MS);
  }
  const abort = new AbortController();
  // Should it not work, the transactions of the task say so.
  const renew = () => void Promise.allSettled([jobs.keepLease()]);
  const renewing = setInterval(renew, RENEW_EVERY_MS);
  try {
    return await jobs.runTask(task, { signal: abort.signal, dryRun, repair, tell: wish.onProgress });
  } finally {
    clearInterval(renewing);
  }
}

async function askServer(database: Database, wish: TaskWish): Promise<TaskReport> {
  const requestId = randomBytes(16);
  const { task, dryRun = false, repair = false, onProgress } = wish;
  const request = { request_id: requestId, task, dry_run: dryRun ? 1 : 0, repair: repair ? 1 : 0 } as const;
  await database.write((tx) => insertJobRequest(tx, { ...request, requested_ms: Date.now() }));
  let told: string | null = null;
  for (let aliveMs = performance.now(); ; await wait(LOOK_EVERY_MS)) {
    const row = await findJobRequest(database.read, requestId);
    if (row?.ended_ms != null) return reportOf(row.result, row.outcome);
    if (row?.progress != null && row.progress !== told) {
      told = row.progress;
      onProgress(JSON.parse(told) as JobResult);
    }
    if (await someoneDoesJobs(database, Date.now())) aliveMs = performance.now();
    else if (performance.now() - aliveMs > (wish.patienceMs ?? PATIENCE_MS)) {
      return giveUp(database, requestId);
    }
  }
}

function reportOf(result: string | null, outcome: string | null): TaskReport {
  if (result !== null) return JSON.parse(result) as TaskReport;
  const sentence = `The server was stopped before it was done (${outcome}). What was done stays done; run the command again.`;
  throw new TaskError("task_interrupted", sentence);
}

async function giveUp(database: Database, requestId: Uint8Array): Promise<never> {
  if (await database.write((tx) => withdrawJobRequest(tx, requestId))) {
    const sentence =
      "What works on this data folder does not answer: another command, or a server that is starting or stopping. Nothing was done; try again.";
    throw new TaskError("task_unanswered", sentence);
  }
  throw new TaskError(
    "task_interrupted",
    "The server stopped before it was done. What was done stays done; run the command again.",
  );
}
