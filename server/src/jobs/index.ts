/** What a server does by itself: a table of jobs, run when their time has come or when a command asks. */

import type { Logger } from "pino";
import type { JobSettings } from "../config/config.ts";
import type { Database } from "../db/index.ts";
import type { Objects } from "../services/objects/index.ts";
import type { Uploads } from "../services/uploads/index.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Job } from "./job.ts";
import { JobRunner } from "./job-runner.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { type Sleep, sleep as sleepByTimer } from "./pace.ts";
import { checkJob } from "./reading/check.ts";
import { scrubJob } from "./reading/scrub.ts";
import { auditJob, endedLinksJob, invitationsJob, pendingPagesJob, sessionsJob } from "./tidy/expired-rows.ts";
import { expiredUploadsJob } from "./tidy/expired-uploads.ts";
import { orphanBytesJob } from "./tidy/orphan-bytes.ts";
import { packsJob } from "./tidy/packs.ts";
import { pendingVolumesJob } from "./tidy/pending-volumes.ts";
import { removedAccountsJob } from "./tidy/removed-accounts.ts";
import { replacedPagesJob } from "./tidy/replaced-pages.ts";
import { unfinishedItemsJob } from "./tidy/unfinished-items.ts";
import { unreferencedObjectsJob } from "./tidy/unreferenced-objects.ts";

export type { JobOutcome, JobResult } from "./job.ts";
export type { JobRunner, TaskReport } from "./job-runner.ts";
export { someoneDoesJobs } from "./lease-keeper.ts";
export { type Damage, verifyObject } from "./reading/verify-object.ts";

export interface JobsPorts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly clock: () => number;
  readonly log: Logger;
  readonly settings: JobSettings;
  readonly sleep?: Sleep;
}

export function createJobs(ports: JobsPorts): JobRunner {
  const { database, clock, log, settings, sleep = sleepByTimer } = ports;
  const lease = new LeaseKeeper(database, clock);
  const runPorts = { database, clock, log, sleep, lease, readBytesPerSecond: settings.readBytesPerSecond };
  const tidy: readonly Job[] = [
    removedAccountsJob(database),
    expiredUploadsJob(ports),
    unfinishedItemsJob(ports),
    unreferencedObjectsJob(ports),
    orphanBytesJob(ports),
    packsJob(ports),
    pendingPagesJob(database),
    pendingVolumesJob(database),
    invitationsJob(database),
    endedLinksJob(database),
    sessionsJob(database),
    replacedPagesJob(database, settings.retentionMs),
    auditJob(database, settings.auditRetentionMs),
  ];
  const scrub = scrubJob({ ...ports, everyMs: settings.scrubEveryMs });
  const check = checkJob(ports);
  return new JobRunner(
    runPorts,
    [...tidy, scrub, check],
    [
      { name: "gc", jobs: tidy },
      { name: "scrub", jobs: [scrub] },
      { name: "check", jobs: [check] },
    ],
  );
}
