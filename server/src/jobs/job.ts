import { ExcaliburError } from "@excalibur/core/bytes";
import type { WriteHandle } from "../db/index.ts";

/** What a run did, as JSON: counts and bytes, and ids of what is damaged. */
export type JobResult = Readonly<Record<string, unknown>>;

export type JobOutcome = "done" | "damage" | "failed" | "interrupted";

export interface JobReport {
  /** "damage": something stored is not as it was. */
  readonly outcome: "done" | "damage";
  readonly result: JobResult;
}

/** Jobs of one lane never run at the same time: "tidy" changes what is stored, "scrub" only reads it. */
export type Lane = "tidy" | "scrub";

/** Something the server does by itself from time to time. */
export interface Job {
  /** A stable word. */
  readonly name: string;
  readonly lane: Lane;
  /** From the end of one run to the begin of the next; null: only when asked for. */
  readonly everyMs: number | null;
  /**
   * Works in slices of some milliseconds and rests after each. May be cut off between any two of them, or killed, and is
   * then run again: what it did stays done, the rest it finds again.
   */
  run(work: JobWork): Promise<JobReport>;
}

/** What a job is given for one run. */
export interface JobWork {
  readonly signal: AbortSignal;
  /** Looks and counts, and changes nothing. */
  readonly dryRun: boolean;
  /** Asked for by a person: moves what is out of place to quarantine. */
  readonly repair: boolean;
  /** Where an interrupted run had said it was. */
  readonly place: string | undefined;
  readonly nowMs: () => number;
  /** A transaction, as long as this process is the one that does jobs. @throws LeaseLostError */
  write<T>(work: (tx: WriteHandle) => Promise<T>): Promise<T>;
  /** An interrupted run goes on from here. */
  keepPlace(place: string): Promise<void>;
  /** How far it is, for whoever waits. */
  tell(progress: JobResult): void;
  /** Between two slices: rests as long as it worked, so that it takes at most half of anything. @throws the signal's reason */
  rest(): Promise<void>;
  /** As `rest`, and so long that reading stays below the bytes per second that are set. */
  restAfterReading(sizeBytes: number): Promise<void>;
}

/** Another process does the jobs now. What was done stays done; it will do the rest. */
export class LeaseLostError extends ExcaliburError {
  constructor() {
    super(
      "lease_lost",
      "Another Excalibur on the same database does the housekeeping now. Nothing was left half done.",
    );
  }
}
