import type { HealthSettings } from "../../config/config.ts";
import type { Database } from "../../db/index.ts";
import { listJobs } from "../../db/stores/jobs.ts";
import type { BlobStore } from "../../storage/blob-store.ts";

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  /** For whoever runs the server; names no path and nobody's id, because anybody may ask. */
  readonly detail?: string;
}

export interface HealthReport {
  readonly status: "ok" | "failing";
  readonly checks: HealthCheck[];
}

export interface Health {
  /** Everything that whoever runs the server should look after. */
  check(): Promise<HealthReport>;
  /** Whether requests can be answered at all: not stopping, and the database answers. */
  isReady(): Promise<boolean>;
  /** Whether the server takes requests; it does not while it stops. */
  isOpen(): boolean;
  /** From now on the server is stopping. */
  stop(): void;
}

export interface HealthPorts {
  readonly database: Database;
  readonly blobs: Pick<BlobStore, "freeBytes">;
  readonly clock: () => number;
  readonly settings: HealthSettings;
  /** Told why a check could not be made; its answer does not say. */
  readonly report: (error: unknown) => void;
}

/** Anybody may ask, so a disk is looked at no more often than this. */
const REMEMBERED_MS = 1_000;

export function createHealth({ database, blobs, clock, settings, report }: HealthPorts): Health {
  let stopping = false;
  let last: { readonly atMs: number; readonly checks: Promise<HealthCheck[]> } | undefined;
  let failing: string | undefined;

  async function attempt(name: string, work: () => Promise<string | undefined>): Promise<HealthCheck> {
    try {
      const detail = await work();
      return detail === undefined ? { name, ok: true } : { name, ok: false, detail };
    } catch (error) {
      // Once for the same trouble, however often somebody asks.
      const trouble = `${name}: ${String(error)}`;
      if (trouble !== failing) report(error);
      failing = trouble;
      return { name, ok: false, detail: "It does not answer; the log says why." };
    }
  }

  async function databaseTrouble(): Promise<undefined> {
    await database.read.selectFrom("settings").select("key").limit(1).execute();
    return undefined;
  }

  async function storageTrouble(): Promise<string | undefined> {
    const freeBytes = await blobs.freeBytes();
    return freeBytes < settings.minFreeBytes ? "The disk for objects is nearly full." : undefined;
  }

  /** The last end of every job; one that was cut off goes on by itself. */
  async function jobsTrouble(): Promise<string | undefined> {
    const jobs = await listJobs(database.read);
    const named = (wanted: string) =>
      jobs
        .filter(({ outcome }) => outcome === wanted)
        .map(({ name }) => name)
        .join(", ");
    const [failed, damage] = [named("failed"), named("damage")];
    const sentences = [
      ...(failed === "" ? [] : [`Failed when it last ran: ${failed}. The log says why.`]),
      ...(damage === "" ? [] : [`Found something damaged: ${damage}.`]),
    ];
    return sentences.length === 0 ? undefined : sentences.join(" ");
  }

  function checks(): Promise<HealthCheck[]> {
    const nowMs = clock();
    if (!last || Math.abs(nowMs - last.atMs) > REMEMBERED_MS) {
      const all = [
        attempt("database", databaseTrouble),
        attempt("storage", storageTrouble),
        attempt("jobs", jobsTrouble),
      ];
      last = { atMs: nowMs, checks: Promise.all(all) };
    }
    return last.checks;
  }

  return {
    isOpen: () => !stopping,
    isReady: async () => !stopping && (await checks()).some(({ name, ok }) => name === "database" && ok),
    stop: () => {
      stopping = true;
    },
    check: async () => {
      const made = await checks();
      return { status: made.every(({ ok }) => ok) ? "ok" : "failing", checks: made };
    },
  };
}
