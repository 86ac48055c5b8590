import { randomBytes } from "@excalibur/core/primitives";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findJob, findJobRequest, insertJobRequest, listJobs } from "../db/stores/jobs.ts";
import { type TestDatabase, testDatabase, testDialect } from "../testing/database.ts";
import type { Job, JobWork } from "./job.ts";
import { JobRunner, type Task } from "./job-runner.ts";
import { LeaseKeeper } from "./lease-keeper.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const log = pino({ enabled: false });

let test: TestDatabase;
let nowMs: number;
let runners: JobRunner[];

beforeEach(async () => {
  test = await testDatabase();
  nowMs = 1_700_000_000_000;
  runners = [];
});
afterEach(async () => {
  for (const runner of runners) await runner.stop();
  await test[Symbol.asyncDispose]();
});

/** Another process on the same database. */
function runnerOf(jobs: readonly Job[], tasks: readonly Task[] = []): JobRunner {
  const { database } = test;
  const clock = () => nowMs;
  const sleep = async (_ms: number, signal: AbortSignal) => signal.throwIfAborted();
  const ports = { database, clock, log, sleep, lease: new LeaseKeeper(database, clock), readBytesPerSecond: 1e9 };
  const runner = new JobRunner(ports, jobs, tasks);
  runners.push(runner);
  return runner;
}

function job(run: (work: JobWork) => Promise<object>, more: Partial<Job> = {}): Job {
  return {
    ...{ name: "sweep", lane: "tidy", everyMs: 6 * HOUR },
    run: async (work) => ({ outcome: "done", result: { ...(await run(work)) } }),
    ...more,
  };
}

/** Looks, and waits until what began has ended. */
async function turn(runner: JobRunner): Promise<void> {
  await runner.look();
  await runner.idle();
}

async function sweep() {
  const row = await findJob(test.database.read, "sweep");
  return row && { ...row, result: JSON.parse(row.result ?? "null") };
}

/** A job that goes on until it is cut off. */
function endless(begun: () => void = () => undefined): Job {
  return job(async (work) => {
    begun();
    for (;;) await work.rest();
  });
}

async function ask(task: string) {
  const requestId = randomBytes(16);
  const request = { request_id: requestId, task, dry_run: 0, repair: 0, requested_ms: nowMs } as const;
  await test.database.write((tx) => insertJobRequest(tx, request));
  return () => findJobRequest(test.database.read, requestId);
}

describe("a job", () => {
  it("runs when its time has come, and the table tells what it did and when it runs next", async () => {
    let runs = 0;
    const runner = runnerOf([job(async () => ({ runs: ++runs }))]);
    await turn(runner);
    expect(await sweep()).toMatchObject({ last_started_ms: null, next_run_ms: nowMs + 10 * MINUTE });
    nowMs += 10 * MINUTE;
    await turn(runner);
    const ended = { last_started_ms: nowMs, last_ended_ms: nowMs, outcome: "done", result: { runs: 1 } };
    expect(await sweep()).toMatchObject({ ...ended, next_run_ms: nowMs + 6 * HOUR });
    await turn(runner);
    nowMs += 6 * HOUR - 1;
    await turn(runner);
    expect(runs).toBe(1);
    nowMs += 1;
    await turn(runner);
    expect(runs).toBe(2);
  });

  it("that fails says why, is tried again within the hour, and holds up no other", async () => {
    let others = 0;
    const failing = job(async () => {
      throw new Error("no such luck");
    });
    const runner = runnerOf([failing, job(async () => ({ others: ++others }), { name: "other" })]);
    await turn(runner);
    nowMs += 10 * MINUTE;
    await turn(runner);
    await turn(runner);
    const why = { code: "internal", message: "no such luck" };
    expect(await sweep()).toMatchObject({ outcome: "failed", result: why, next_run_ms: nowMs + HOUR });
    expect(others).toBe(1);
  });

  it("runs alone in its lane, and beside the other lane", async () => {
    const inTidy: string[] = [];
    const { promise: scrubbing, resolve } = Promise.withResolvers<void>();
    const tidy = (name: string) =>
      job(
        async () => {
          inTidy.push(`+${name}`);
          await scrubbing;
          inTidy.push(`-${name}`);
          return {};
        },
        { name },
      );
    const scrub = job(async () => ({ done: resolve() }), { name: "c", lane: "scrub" });
    const runner = runnerOf([tidy("a"), tidy("b"), scrub]);
    await turn(runner);
    nowMs += HOUR;
    await turn(runner);
    expect(inTidy).toEqual(["+a", "-a"]);
    await turn(runner);
    expect(inTidy).toEqual(["+a", "-a", "+b", "-b"]);
  });

  it("is cut off when the server stops, and goes on where it was at the next start", async () => {
    const places: (string | undefined)[] = [];
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const walking = job(async (work) => {
      places.push(work.place);
      await work.keepPlace("half way");
      resolve();
      while (places.length === 1) await work.rest();
      return {};
    });
    const first = runnerOf([walking]);
    await turn(first);
    nowMs += HOUR;
    await first.look();
    await begun;
    await first.stop();
    expect(await sweep()).toMatchObject({ outcome: "interrupted", place: "half way", next_run_ms: nowMs });
    await turn(runnerOf([walking]));
    expect(places).toEqual([undefined, "half way"]);
    expect(await sweep()).toMatchObject({ outcome: "done", place: null });
  });
});

describe("two servers on one database", () => {
  it("do not run a job twice; when the one is gone the other takes over", async () => {
    const ran: string[] = [];
    const first = runnerOf([job(async () => ({ n: ran.push("first") }))]);
    await turn(first);
    nowMs += HOUR;
    await turn(first);
    const second = runnerOf([job(async () => ({ n: ran.push("second") }))]);
    if (testDialect === "postgres") {
      nowMs += 6 * HOUR;
      // The first one is alive: it has just renewed its lease.
      await first.keepLease();
      await turn(second);
      expect(ran).toEqual(["first"]);
      nowMs += 31_000;
    }
    nowMs += 6 * HOUR;
    await turn(second);
    expect(ran).toEqual(["first", "second"]);
  });

  it("do nothing to each other: who was taken over changes nothing any more and stops", async () => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const first = runnerOf([endless(resolve)]);
    await turn(first);
    nowMs += HOUR;
    await first.look();
    await begun;
    nowMs += HOUR;
    const second = runnerOf([job(async () => ({ who: "second" }))]);
    await turn(second);
    expect(await sweep()).toMatchObject({ outcome: "done", result: { who: "second" } });
    await first.look();
    await first.idle();
    expect(await sweep()).toMatchObject({ outcome: "done", result: { who: "second" } });
  });

  it("sees a transaction of the one refused as soon as the other has the lease", async () => {
    const first = new LeaseKeeper(test.database, () => nowMs);
    const taken: string[] = [];
    expect(await first.keep(async () => void taken.push("first"))).toBe(true);
    expect(await first.keep(async () => void taken.push("again"))).toBe(true);
    nowMs += 31_000;
    const second = new LeaseKeeper(test.database, () => nowMs);
    expect(await second.keep(async () => void taken.push("second"))).toBe(true);
    await expect(first.write(async () => 1)).rejects.toMatchObject({ code: "lease_lost" });
    expect(await second.write(async () => 1)).toBe(1);
    expect(await first.keep(async () => undefined)).toBe(false);
    expect(taken).toEqual(["first", "second"]);
  });
});

describe("what a command asks for", () => {
  it("is done at once, answered in its row, and written down as a run of the job", async () => {
    const sweeping = job(async (work) => {
      work.tell({ at: 7 });
      return { asked: work.place === undefined, repair: work.repair };
    });
    const runner = runnerOf([sweeping], [{ name: "gc", jobs: [sweeping] }]);
    const answer = await ask("gc");
    await turn(runner);
    const row = await answer();
    expect(row).toMatchObject({ started_ms: nowMs, ended_ms: nowMs, outcome: "done" });
    expect(JSON.parse(row?.progress ?? "null")).toEqual({ job: "sweep", at: 7 });
    const run = { outcome: "done", result: { asked: true, repair: false } };
    expect(JSON.parse(row?.result ?? "null")).toEqual({ outcome: "done", jobs: { sweep: run } });
    expect(await sweep()).toMatchObject({ outcome: "done", last_ended_ms: nowMs });
  });

  it("does not wait for what runs by schedule, which goes on afterwards", async () => {
    const quick = job(async () => ({}), { name: "quick" });
    const runner = runnerOf([endless()], [{ name: "gc", jobs: [quick] }]);
    await turn(runner);
    nowMs += HOUR;
    await runner.look();
    const answer = await ask("gc");
    await turn(runner);
    expect(await sweep()).toMatchObject({ outcome: "interrupted", next_run_ms: nowMs });
    await runner.look();
    while ((await answer())?.ended_ms === null) await runner.look();
    expect(await answer()).toMatchObject({ outcome: "done" });
  });

  it("and begun by a process that is gone is marked as interrupted; answers go after a day", async () => {
    const first = runnerOf([], [{ name: "gc", jobs: [endless()] }]);
    const answer = await ask("gc");
    await first.look();
    while ((await answer())?.started_ms === null) await first.look();
    nowMs += 31_000;
    await turn(runnerOf([]));
    expect(await answer()).toMatchObject({ outcome: "interrupted", ended_ms: nowMs });
    nowMs += 25 * HOUR;
    await turn(runnerOf([]));
    expect(await answer()).toBeUndefined();
  });

  it("and is not known is answered as failed", async () => {
    const answer = await ask("dance");
    await turn(runnerOf([]));
    expect(await answer()).toMatchObject({ outcome: "failed" });
  });
});

it("a table of all jobs is there after the first look, and stays as it is", async () => {
  const jobs = ["a", "b"].map((name) => job(async () => ({}), { name }));
  await turn(runnerOf(jobs));
  const before = await listJobs(test.database.read);
  nowMs += 31_000;
  await turn(runnerOf(jobs));
  expect(await listJobs(test.database.read)).toEqual(before);
});
