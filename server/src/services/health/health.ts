import type { Database } from "../../db/index.ts";
import type { BlobStore } from "../../storage/blob-store.ts";

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  /** For whoever runs the server; names no path, because anybody may ask. */
  readonly detail?: string;
}

export interface Health {
  check(): Promise<{ status: "ok" | "failing"; checks: HealthCheck[] }>;
  isReady(): boolean;
  /** From now on the server is stopping. */
  stop(): void;
}

/** Below this a server should be looked after: uploads in flight may fail soon. */
const LOW_SPACE_BYTES = 256 * 1024 * 1024;
/** Anybody may ask, so a disk is looked at no more often than this. */
const REMEMBERED_MS = 1_000;

async function attempt(name: string, work: () => Promise<string | undefined>): Promise<HealthCheck> {
  try {
    const detail = await work();
    return detail === undefined ? { name, ok: true } : { name, ok: false, detail };
  } catch {
    return { name, ok: false, detail: "It does not answer; the log says why." };
  }
}

export function createHealth(options: { database: Database; blobs: BlobStore; clock: () => number }): Health {
  let stopping = false;
  let last: { readonly atMs: number; readonly checks: Promise<HealthCheck[]> } | undefined;

  function runChecks(): Promise<HealthCheck[]> {
    return Promise.all([
      attempt("database", async () => {
        await options.database.read.selectFrom("settings").select("key").limit(1).execute();
        return undefined;
      }),
      attempt("storage", async () => {
        const freeBytes = await options.blobs.freeBytes();
        return freeBytes < LOW_SPACE_BYTES ? "The disk for objects is almost full." : undefined;
      }),
    ]);
  }

  return {
    isReady: () => !stopping,
    stop: () => {
      stopping = true;
    },
    check: async () => {
      const nowMs = options.clock();
      if (!last || Math.abs(nowMs - last.atMs) > REMEMBERED_MS) last = { atMs: nowMs, checks: runChecks() };
      const checks = await last.checks;
      return { status: checks.every(({ ok }) => ok) ? "ok" : "failing", checks };
    },
  };
}
