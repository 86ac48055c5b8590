import { ExcaliburError } from "@excalibur/core/bytes";
import type { Logger } from "pino";
import type { Database } from "../db/index.ts";
import { findJob, type JobRow, updateJob } from "../db/stores/jobs.ts";
import { type Job, type JobOutcome, type JobResult, type JobWork, LeaseLostError } from "./job.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { Pace, type Sleep } from "./pace.ts";

/** A job that failed is tried again after this long, if not sooner. */
const RETRY_MS = 3_600_000;

export interface RunPorts {
  readonly database: Database;
  readonly clock: () => number;
  readonly log: Logger;
  readonly sleep: Sleep;
  readonly lease: LeaseKeeper;
  /** What scheduled jobs read at most. */
  readonly readBytesPerSecond: number;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly dryRun: boolean;
  readonly repair: boolean;
  /** Asked for: begins at the beginning, and does not take its time. */
  readonly asked: boolean;
  readonly tell: (progress: JobResult) => void;
}

export interface JobRun {
  readonly outcome: JobOutcome;
  readonly result: JobResult;
}

/** Runs a job once and writes down how it went. @throws LeaseLostError, and when that could not be written down */
export async function runJob(ports: RunPorts, job: Job, options: RunOptions): Promise<JobRun> {
  const { lease, clock, log, database } = ports;
  const note = async (change: Partial<JobRow>) => {
    if (!options.dryRun) await lease.write((tx) => updateJob(tx, job.name, change));
  };
  const startedMs = clock();
  const earlier = options.asked ? undefined : (await findJob(database.read, job.name))?.place;
  await note({ last_started_ms: startedMs });
  const run = await attempt(job, workOf(ports, options, { note, place: earlier ?? undefined }));
  await note({
    last_ended_ms: Math.max(clock(), startedMs),
    outcome: run.outcome,
    result: JSON.stringify(run.result),
    next_run_ms: nextRunMs(job, run.outcome, clock()),
    ...(run.outcome === "done" || run.outcome === "damage" ? { place: null } : {}),
  });
  const level = run.outcome === "damage" || run.outcome === "failed" ? "error" : "info";
  log[level]({ job: job.name, ...run, dryRun: options.dryRun }, `job ${run.outcome}`);
  return run;
}

function workOf(
  { lease, clock, sleep, readBytesPerSecond }: RunPorts,
  { signal, dryRun, repair, asked, tell }: RunOptions,
  { note, place }: { readonly note: (change: Partial<JobRow>) => Promise<void>; readonly place: string | undefined },
): JobWork {
  const pace = new Pace({ signal, hurry: asked, bytesPerSecond: readBytesPerSecond, sleep });
  return {
    ...{ signal, dryRun, repair, place, tell, nowMs: clock },
    write: (work) => lease.write(work),
    keepPlace: (kept) => note({ place: kept }),
    rest: () => pace.rest(),
    restAfterReading: (sizeBytes) => pace.rest(sizeBytes),
  };
}

async function attempt(job: Job, work: JobWork): Promise<JobRun> {
  try {
    return await job.run(work);
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    if (work.signal.aborted) return { outcome: "interrupted", result: {} };
    const code = error instanceof ExcaliburError ? error.code : "internal";
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: "failed", result: { code, message } };
  }
}

function nextRunMs({ everyMs }: Job, outcome: JobOutcome, nowMs: number): number | null {
  if (everyMs === null) return null;
  if (outcome === "interrupted") return nowMs;
  return nowMs + (outcome === "failed" ? Math.min(everyMs, RETRY_MS) : everyMs);
}
