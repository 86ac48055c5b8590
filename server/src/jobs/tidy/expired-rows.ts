import { LIMITS } from "@excalibur/core/protocol";
import type { Database } from "../../db/index.ts";
import { countBefore, deleteSomeBefore, type Expiring } from "../../db/stores/expired.ts";
import { countDeadInvites, deleteDeadInvites } from "../../db/stores/invites.ts";
import { countIdleSessions, endIdleSessions, type SessionIdleness } from "../../db/stores/sessions.ts";
import type { Job, JobWork } from "../job.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const rowsAtOnce = 500;

/** Whoever looks into what happened still finds them. */
const OVER_KEPT_MS = 30 * DAY_MS;
/** An address lies in somebody's mail for long. */
const ENDED_LINKS_MS = 365 * DAY_MS;
/** As in services/volumes: pages that no commit named in this time are forgotten. */
const PENDING_MS = DAY_MS;
/** As in auth/attempts: left alone this long, whoever guessed begins anew. */
const ATTEMPTS_MS = DAY_MS;

async function removeBefore(
  { read }: Database,
  work: JobWork,
  { rows, beforeMs }: { readonly rows: Expiring; readonly beforeMs: number },
): Promise<number> {
  if (work.dryRun) return countBefore(read, rows, beforeMs);
  let removed = 0;
  for (;;) {
    const some = await work.write((tx) => deleteSomeBefore(tx, rows, { beforeMs, limit: rowsAtOnce }));
    removed += some;
    if (some === 0) return removed;
    await work.rest();
  }
}

/** A job that removes rows a time after what one of their columns says. */
function removeOldJob(
  database: Database,
  { name, everyMs, rows, keptMs }: Pick<Job, "name" | "everyMs"> & { readonly rows: Expiring; readonly keptMs: number },
): Job {
  return {
    ...{ name, everyMs, lane: "tidy" },
    run: async (work) => {
      const removed = await removeBefore(database, work, { rows, beforeMs: work.nowMs() - keptMs });
      return { outcome: "done", result: { removed } };
    },
  };
}

/** Page records that were sent ahead of a commit which never came. */
export function pendingPagesJob(database: Database): Job {
  const rows: Expiring = ["pending_pages", "received_ms"];
  return removeOldJob(database, { name: "pending-pages", everyMs: HOUR_MS, rows, keptMs: PENDING_MS });
}

/** Invitations that were used, were revoked or have expired. */
export function invitationsJob(database: Database): Job {
  return {
    name: "invitations",
    lane: "tidy",
    everyMs: DAY_MS,
    run: async (work) => {
      const beforeMs = work.nowMs() - OVER_KEPT_MS;
      const removed = work.dryRun
        ? await countDeadInvites(database.read, beforeMs)
        : await work.write((tx) => deleteDeadInvites(tx, beforeMs));
      return { outcome: "done", result: { removed } };
    },
  };
}

/** What is left of links whose volumes have gone. */
export function endedLinksJob(database: Database): Job {
  const rows: Expiring = ["ended_links", "ended_ms"];
  return removeOldJob(database, { name: "ended-links", everyMs: DAY_MS, rows, keptMs: ENDED_LINKS_MS });
}

/** Entries of the audit log that are older than it is to be kept. */
export function auditJob(database: Database, retentionMs: number): Job {
  const rows: Expiring = ["audit", "at_ms"];
  return removeOldJob(database, { name: "audit", everyMs: DAY_MS, rows, keptMs: retentionMs });
}

/** Sessions that ended or were left unused, logins that were begun, attempts, nonces and answers that are over. */
export function sessionsJob(database: Database): Job {
  return {
    name: "sessions",
    lane: "tidy",
    everyMs: HOUR_MS,
    run: async (work) => {
      const nowMs = work.nowMs();
      const removeOld = (rows: Expiring, beforeMs: number) => removeBefore(database, work, { rows, beforeMs });
      const result = {
        ended: await endIdle(database, work, nowMs),
        removedSessions: await removeOld(["sessions", "ended_ms"], nowMs - OVER_KEPT_MS),
        removedLogins: await removeOld(["logins", "expires_ms"], nowMs),
        removedAttempts: await removeOld(["login_attempts", "last_ms"], nowMs - ATTEMPTS_MS),
        removedNonces: await removeOld(["nonces", "expires_ms"], nowMs),
        removedReplies: await removeOld(["idempotency", "expires_ms"], nowMs),
      };
      return { outcome: "done", result };
    },
  };
}

async function endIdle({ read }: Database, work: JobWork, nowMs: number): Promise<number> {
  let ended = 0;
  const kinds: readonly SessionIdleness[] = [
    { web: true, lastUsedBeforeMs: nowMs - LIMITS.sessionIdleWebMs },
    { web: false, lastUsedBeforeMs: nowMs - LIMITS.sessionIdleDeviceMs },
  ];
  for (const idleness of kinds) {
    ended += work.dryRun
      ? await countIdleSessions(read, idleness)
      : await work.write((tx) => endIdleSessions(tx, idleness, nowMs));
  }
  return ended;
}
