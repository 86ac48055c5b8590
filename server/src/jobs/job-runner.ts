import {
  addJobs,
  dueJobs,
  type JobRequestRow,
  tidyJobRequests,
  updateJobRequest,
  waitingJobRequests,
} from "../db/stores/jobs.ts";
import { type Job, type JobOutcome, type JobResult, type Lane, LeaseLostError } from "./job.ts";
import { type RunOptions, type RunPorts, runJob } from "./run-job.ts";

/** How soon what a command asks for is noticed. */
const LOOK_EVERY_MS = 500;
/** After the very first start of a server, so that starting is not slowed down. */
const FIRST_RUN_AFTER_MS = 10 * 60_000;
const ANSWERS_KEPT_MS = 86_400_000;
const TELL_EVERY_MS = 500;

/** What can be asked for: some jobs, one after the other. */
export interface Task {
  readonly name: string;
  readonly jobs: readonly Job[];
}

export interface TaskReport {
  readonly outcome: JobOutcome;
  /** By job. */
  readonly jobs: Readonly<Record<string, { readonly outcome: JobOutcome; readonly result: JobResult }>>;
}

interface Running {
  readonly abort: AbortController;
  readonly isScheduled: boolean;
  readonly ended: Promise<void>;
}

/** Runs jobs when their time has come, and tasks when a command asks for them; at most one job of a lane at a time. */
export class JobRunner {
  readonly #ports: RunPorts;
  readonly #jobs: ReadonlyMap<string, Job>;
  readonly #tasks: ReadonlyMap<string, Task>;
  readonly #lanes = new Map<Lane, Running>();
  readonly #stop = new AbortController();
  #looking: Promise<void> = Promise.resolve();
  #lastTrouble: string | undefined;

  constructor(ports: RunPorts, jobs: readonly Job[], tasks: readonly Task[]) {
    this.#ports = ports;
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    this.#tasks = new Map(tasks.map((task) => [task.name, task]));
  }

  /** Looks around now and then, until `stop`. */
  start(): void {
    this.#looking = this.#lookAround();
  }

  /** Cuts off what runs (it goes on at the next start) and waits until it has ended. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error("The server stops."));
    this.#cutOff(() => true);
    await this.#looking;
    await this.idle();
    await this.#ports.lease.release();
  }

  /** Waits for what runs now. */
  async idle(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map(({ ended }) => ended));
  }

  /** One look: begins what is asked for or due and has a free lane. Does not wait for its end. */
  async look(): Promise<void> {
    if (!(await this.keepLease())) {
      this.#cutOff(() => true);
      return;
    }
    for (const request of await waitingJobRequests(this.#ports.database.read)) this.#beginRequest(request);
    for (const name of await dueJobs(this.#ports.database.read, this.#ports.clock())) {
      const job = this.#jobs.get(name);
      if (job !== undefined && !this.#lanes.has(job.lane)) this.#beginJob(job);
    }
  }

  /** Takes or renews the right to do jobs. False while another process has it. */
  keepLease(): Promise<boolean> {
    const { lease, clock } = this.#ports;
    return lease.keep(async (tx) => {
      const nowMs = clock();
      const rows = [...this.#jobs.values()].map(({ name, everyMs }) => ({
        name,
        nextRunMs: everyMs === null ? null : nowMs + FIRST_RUN_AFTER_MS,
      }));
      await addJobs(tx, rows);
      await tidyJobRequests(tx, nowMs, ANSWERS_KEPT_MS);
    });
  }

  /** Runs a task here and now. The lease must be held. */
  async runTask(name: string, options: Omit<RunOptions, "asked">): Promise<TaskReport> {
    const task = this.#tasks.get(name);
    if (task === undefined) throw new TypeError(`There is no task ${name}.`);
    const jobs: Record<string, { outcome: JobOutcome; result: JobResult }> = {};
    let outcome: JobOutcome = "done";
    for (const job of task.jobs) {
      const tell = (progress: JobResult) => options.tell({ job: job.name, ...progress });
      const run = await runJob(this.#ports, job, { ...options, asked: true, tell });
      jobs[job.name] = run;
      outcome = worse(outcome, run.outcome);
      if (run.outcome === "interrupted") break;
    }
    return { outcome, jobs };
  }

  async #lookAround(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.look();
        this.#lastTrouble = undefined;
      } catch (error) {
        this.#complain(error);
      }
      // Cut short by `stop`, and that is all there is to it.
      await Promise.allSettled([this.#ports.sleep(LOOK_EVERY_MS, signal)]);
    }
  }

  #beginJob(job: Job): void {
    this.#begin(job.lane, true, async (signal) => {
      await runJob(this.#ports, job, { signal, dryRun: false, repair: false, asked: false, tell: () => undefined });
    });
  }

  #beginRequest(request: JobRequestRow): void {
    const lane = this.#tasks.get(request.task)?.jobs[0]?.lane;
    const running = lane && this.#lanes.get(lane);
    // Somebody waits for this one; what runs by schedule goes on afterwards.
    if (running?.isScheduled) running.abort.abort(new Error("Something was asked for."));
    if (running) return;
    this.#begin(lane ?? "tidy", false, (signal) => this.#answer(request, signal));
  }

  async #answer(request: JobRequestRow, signal: AbortSignal): Promise<void> {
    const { lease, clock } = this.#ports;
    const id = request.request_id;
    const note = (change: Partial<JobRequestRow>) => lease.write((tx) => updateJobRequest(tx, id, change));
    await note({ started_ms: clock() });
    if (!this.#tasks.has(request.task)) {
      return note({ ended_ms: clock(), outcome: "failed", result: JSON.stringify({ outcome: "failed", jobs: {} }) });
    }
    let toldMs = 0;
    let telling: Promise<unknown> = Promise.resolve();
    const tell = (progress: JobResult) => {
      if (Math.abs(performance.now() - toldMs) < TELL_EVERY_MS) return;
      toldMs = performance.now();
      // How far it is matters to nobody when it cannot be written down.
      telling = Promise.allSettled([note({ progress: JSON.stringify(progress) })]);
    };
    const report = await this.runTask(request.task, {
      ...{ signal, tell, dryRun: request.dry_run === 1, repair: request.repair === 1 },
    });
    await telling;
    await note({ ended_ms: clock(), outcome: report.outcome, result: JSON.stringify(report) });
  }

  #begin(lane: Lane, isScheduled: boolean, work: (signal: AbortSignal) => Promise<void>): void {
    // A look that was under way when the server stopped begins nothing any more.
    if (this.#stop.signal.aborted) return;
    const abort = new AbortController();
    const ended = work(abort.signal)
      .catch((error: unknown) => this.#complain(error))
      .finally(() => this.#lanes.delete(lane));
    this.#lanes.set(lane, { abort, isScheduled, ended });
  }

  #cutOff(which: (running: Running) => boolean): void {
    for (const running of this.#lanes.values()) {
      if (which(running)) running.abort.abort(new Error("Jobs stop."));
    }
  }

  /** Once for the same trouble: the next look comes soon. */
  #complain(error: unknown): void {
    if (error instanceof LeaseLostError) return;
    const text = String(error);
    if (text !== this.#lastTrouble) this.#ports.log.error({ err: error }, "jobs cannot be run");
    this.#lastTrouble = text;
  }
}

const BAD: readonly JobOutcome[] = ["done", "interrupted", "damage", "failed"];

function worse(a: JobOutcome, b: JobOutcome): JobOutcome {
  return BAD.indexOf(a) >= BAD.indexOf(b) ? a : b;
}
