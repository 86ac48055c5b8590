import { PROGRAM_VERSION } from "@excalibur/core/protocol";
import { Gauge, type Registry } from "prom-client";
import type { Database } from "../db/index.ts";
import { listJobs } from "../db/stores/jobs.ts";
import { countAccounts, countAllUploads, countObjects } from "../db/stores/totals.ts";
import type { Health } from "../services/health/health.ts";
import type { BlobStore } from "../storage/blob-store.ts";

export interface GaugePorts {
  readonly database: Database;
  readonly blobs: Pick<BlobStore, "freeBytes">;
  readonly health: Pick<Health, "check">;
  readonly realtime: { readonly connected: number };
  readonly clock: () => number;
}

/** Counting a million objects takes a while, and they do not become other numbers so quickly. */
const OBJECTS_EVERY_MS = 5 * 60_000;
const OUTCOMES = ["done", "damage", "failed", "interrupted"] as const;

interface Figure {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What is looked up when somebody asks. What cannot be looked up is left out, so that one sick part does not blind for the others. */
export function addGauges(registry: Registry, ports: GaugePorts): void {
  const { database, blobs, health, realtime, clock } = ports;

  function gauge(
    name: string,
    about: { readonly help: string; readonly labels?: readonly string[] },
    look: () => Promise<readonly Figure[]>,
  ): void {
    const made: Gauge = new Gauge({
      name: `excalibur_${name}`,
      help: about.help,
      labelNames: [...(about.labels ?? [])],
      registers: [registry],
      collect: async () => {
        made.reset();
        const [figures] = await Promise.allSettled([look()]);
        if (figures.status === "fulfilled")
          for (const { labels, value } of figures.value) made.set(labels ?? {}, value);
        else made.remove();
      },
    });
  }
  const one = async (value: number | Promise<number>): Promise<readonly Figure[]> => [{ value: await value }];

  gauge("build_info", { help: "Always 1; the version is in the label.", labels: ["version"] }, async () => [
    { labels: { version: PROGRAM_VERSION }, value: 1 },
  ]);
  gauge("connected_clients", { help: "Open realtime connections that have proved who they are." }, () =>
    one(realtime.connected),
  );
  gauge("accounts", { help: "Accounts, by whether they are disabled.", labels: ["state"] }, async () => {
    const { enabled, disabled } = await countAccounts(database.read);
    return [
      { labels: { state: "enabled" }, value: enabled },
      { labels: { state: "disabled" }, value: disabled },
    ];
  });
  gauge("stored_bytes", { help: "Ciphertext counted against accounts: stored, and announced by uploads." }, async () =>
    one((await countAccounts(database.read)).usedBytes),
  );
  gauge("uploads_in_progress", { help: "Uploads that were begun and not completed." }, () =>
    one(countAllUploads(database.read)),
  );
  let objects: { readonly atMs: number; readonly count: Promise<number> } | undefined;
  gauge("objects", { help: "Stored objects; counted anew every five minutes." }, () => {
    const nowMs = clock();
    if (!objects || Math.abs(nowMs - objects.atMs) > OBJECTS_EVERY_MS)
      objects = { atMs: nowMs, count: countObjects(database.read) };
    return one(objects.count);
  });
  gauge("disk_free_bytes", { help: "Free on the disk for objects." }, () => one(blobs.freeBytes()));
  gauge("health", { help: "1 when a check of health is well, else 0.", labels: ["check"] }, async () => {
    const { checks } = await health.check();
    return checks.map(({ name, ok }) => ({ labels: { check: name }, value: ok ? 1 : 0 }));
  });
  gauge("database_size_bytes", { help: "Size of the database." }, () => one(database.sizeBytes()));
  gauge(
    "database_statements",
    { help: "Statements that run or wait for their turn, by use.", labels: ["use"] },
    async () => Object.entries(database.load()).map(([use, value]) => ({ labels: { use }, value })),
  );
  const jobs = () => listJobs(database.read);
  gauge("job_outcome", { help: "1 for how a job ended when it last ran.", labels: ["job", "outcome"] }, async () =>
    (await jobs()).flatMap(({ name, outcome }) =>
      OUTCOMES.map((each) => ({ labels: { job: name, outcome: each }, value: outcome === each ? 1 : 0 })),
    ),
  );
  const times = (column: "last_ended_ms" | "next_run_ms") => async () =>
    (await jobs()).flatMap((job) => {
      const timeMs = job[column];
      return timeMs === null ? [] : [{ labels: { job: job.name }, value: timeMs / 1000 }];
    });
  const ended = { help: "When a job last ended, in seconds since 1970.", labels: ["job"] };
  gauge("job_last_end_timestamp_seconds", ended, times("last_ended_ms"));
  const next = { help: "When a job runs next, in seconds since 1970.", labels: ["job"] };
  gauge("job_next_run_timestamp_seconds", next, times("next_run_ms"));
}
