import { randomBytes } from "@excalibur/core/primitives";
import type { Database, WriteHandle } from "../db/index.ts";
import { holdsLease, leaseExpiresMs, releaseLease, takeLease } from "../db/stores/leases.ts";
import { LeaseLostError } from "./job.ts";

const LEASE = "jobs";
/** A process that is gone keeps others waiting so long. */
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;

/**
 * One process a database does the jobs. The row says which; every transaction of a job looks at it, so that one that was
 * asleep while another took over changes nothing any more.
 */
export class LeaseKeeper {
  readonly #database: Database;
  readonly #clock: () => number;
  readonly #holder = randomBytes(16);
  #renewedMs: number | undefined;

  constructor(database: Database, clock: () => number) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Takes the lease or renews it. False while another process has it. `onTaken` runs in the transaction of the first time. */
  async keep(onTaken: (tx: WriteHandle) => Promise<void>): Promise<boolean> {
    const nowMs = this.#clock();
    const isFresh = this.#renewedMs !== undefined && Math.abs(nowMs - this.#renewedMs) < RENEW_EVERY_MS;
    if (isFresh) return true;
    const isFirst = this.#renewedMs === undefined;
    // A SQLite database lies in a data folder that one process at a time has locked: whoever left the lease is gone.
    const force = isFirst && this.#database.dialect === "sqlite";
    const lease = { name: LEASE, holder: this.#holder, expiresMs: nowMs + LEASE_MS };
    const isHeld = await this.#database.write(async (tx) => {
      const taken = await takeLease(tx, lease, { nowMs, force });
      if (taken && isFirst) await onTaken(tx);
      return taken;
    });
    this.#renewedMs = isHeld ? nowMs : undefined;
    return isHeld;
  }

  /** A transaction that happens only while the lease is this process's. @throws LeaseLostError */
  write<T>(work: (tx: WriteHandle) => Promise<T>): Promise<T> {
    return this.#database.write(async (tx) => {
      if (!(await holdsLease(tx, LEASE, this.#holder))) throw new LeaseLostError();
      return work(tx);
    });
  }

  async release(): Promise<void> {
    if (this.#renewedMs === undefined) return;
    this.#renewedMs = undefined;
    await this.#database.write((tx) => releaseLease(tx, LEASE, this.#holder));
  }
}

/** Whether some process does the jobs of this database, as far as the clock tells. */
export async function someoneDoesJobs({ read }: Pick<Database, "read">, nowMs: number): Promise<boolean> {
  return ((await leaseExpiresMs(read, LEASE)) ?? 0) > nowMs;
}
