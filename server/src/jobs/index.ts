/** What a server does by itself: a table of jobs, run when their time has come or when a command asks. */

import type { Logger } from "pino";
import type { JobSettings } from "../config/config.ts";
import type { Database } from "../db/index.ts";
import type { Job } from "./job.ts";
import { JobRunner } from "./job-runner.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { type Sleep, sleep as sleepByTimer } from "./pace.ts";
import { invitationsJob, pendingPagesJob, sessionsJob } from "./tidy/expired-rows.ts";
import { replacedPagesJob } from "./tidy/replaced-pages.ts";

export type { JobOutcome, JobResult } from "./job.ts";
export type { JobRunner, TaskReport } from "./job-runner.ts";

export interface JobsPorts {
  readonly database: Database;
  readonly clock: () => number;
  readonly log: Logger;
  readonly settings: JobSettings;
  readonly sleep?: Sleep;
}

export function createJobs({ database, clock, log, settings, sleep = sleepByTimer }: JobsPorts): JobRunner {
  const lease = new LeaseKeeper(database, clock);
  const ports = { database, clock, log, sleep, lease, readBytesPerSecond: settings.readBytesPerSecond };
  const tidy: readonly Job[] = [
    pendingPagesJob(database),
    invitationsJob(database),
    sessionsJob(database),
    replacedPagesJob(database, settings.retentionMs),
  ];
  return new JobRunner(ports, tidy, [{ name: "gc", jobs: tidy }]);
}
