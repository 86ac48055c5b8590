import type { ReadHandle, WriteHandle } from "../database.ts";
import type { JobRequests, Jobs } from "../schema.ts";

export type JobRow = Readonly<Jobs>;
export type JobRequestRow = Readonly<JobRequests>;

export function listJobs(read: ReadHandle): Promise<JobRow[]> {
  return read.selectFrom("jobs").selectAll().orderBy("name").execute();
}

export function findJob(read: ReadHandle, name: string): Promise<JobRow | undefined> {
  return read.selectFrom("jobs").selectAll().where("name", "=", name).executeTakeFirst();
}

/** Makes the rows of jobs that this database does not know yet; those it knows stay as they are. */
export async function addJobs(
  tx: WriteHandle,
  jobs: readonly { readonly name: string; readonly nextRunMs: number | null }[],
): Promise<void> {
  if (jobs.length === 0) return;
  const blank = { last_started_ms: null, last_ended_ms: null, outcome: null, result: null, place: null };
  await tx
    .insertInto("jobs")
    .values(jobs.map(({ name, nextRunMs }) => ({ ...blank, name, next_run_ms: nextRunMs })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Names of the jobs whose time has come, the longest overdue first. */
export async function dueJobs(read: ReadHandle, nowMs: number): Promise<string[]> {
  const rows = await read
    .selectFrom("jobs")
    .select("name")
    .where("next_run_ms", "<=", nowMs)
    .orderBy("next_run_ms")
    .orderBy("name")
    .execute();
  return rows.map(({ name }) => name);
}

export async function updateJob(tx: WriteHandle, name: string, change: Partial<Omit<JobRow, "name">>): Promise<void> {
  await tx.updateTable("jobs").set(change).where("name", "=", name).execute();
}

export type NewJobRequest = Pick<JobRequestRow, "request_id" | "task" | "dry_run" | "repair" | "requested_ms">;

export async function insertJobRequest(tx: WriteHandle, request: NewJobRequest): Promise<void> {
  const open = { started_ms: null, progress: null, ended_ms: null, outcome: null, result: null };
  await tx
    .insertInto("job_requests")
    .values({ ...request, ...open })
    .execute();
}

export function findJobRequest(read: ReadHandle, requestId: Uint8Array): Promise<JobRequestRow | undefined> {
  return read.selectFrom("job_requests").selectAll().where("request_id", "=", requestId).executeTakeFirst();
}

/** Not yet begun, the oldest first. */
export function waitingJobRequests(read: ReadHandle): Promise<JobRequestRow[]> {
  return read
    .selectFrom("job_requests")
    .selectAll()
    .where("started_ms", "is", null)
    .where("ended_ms", "is", null)
    .orderBy("requested_ms")
    .execute();
}

export async function updateJobRequest(
  tx: WriteHandle,
  requestId: Uint8Array,
  change: Partial<Omit<JobRequestRow, "request_id">>,
): Promise<void> {
  await tx.updateTable("job_requests").set(change).where("request_id", "=", requestId).execute();
}

/** Whether it was still there and nobody had begun it. */
export async function withdrawJobRequest(tx: WriteHandle, requestId: Uint8Array): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("job_requests")
    .where("request_id", "=", requestId)
    .where("started_ms", "is", null)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** What a process that is gone had begun will not be ended by anybody; old answers were read long ago. */
export async function tidyJobRequests(tx: WriteHandle, nowMs: number, keptMs: number): Promise<void> {
  await tx
    .updateTable("job_requests")
    .set({ ended_ms: nowMs, outcome: "interrupted" })
    .where("started_ms", "is not", null)
    .where("ended_ms", "is", null)
    .execute();
  await tx
    .deleteFrom("job_requests")
    .where("requested_ms", "<", nowMs - keptMs)
    .execute();
}
