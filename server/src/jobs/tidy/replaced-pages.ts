import type { Database } from "../../db/index.ts";
import {
  deleteReplacedPages,
  firstReplacedMs,
  pagesReplacedBefore,
  pagesWithin,
  type ReplacedPage,
  sumReplacedBefore,
} from "../../db/stores/replaced-pages.ts";
import type { Job, JobWork } from "../job.ts";

const pagesAtOnce = 100;
/** Of one stretch, by a dry run, which cannot see the next ones without removing these. */
const pagesCounted = 10_000;
const DAY_MS = 86_400_000;
/** Of what was replaced longer than a day ago, one state in so much time is kept. */
const THINNED_TO_MS = 10 * 60_000;

interface Removed {
  pages: number;
  bytes: number;
}

/**
 * Folder pages that were replaced: gone after the retention period, and after a day thinned to what stood every ten
 * minutes. Undo and rewind use what stays.
 */
export function replacedPagesJob(database: Database, retentionMs: number): Job {
  return {
    name: "replaced-pages",
    lane: "tidy",
    everyMs: DAY_MS / 4,
    run: async (work) => {
      const nowMs = work.nowMs();
      const expired = await removeExpired(database, work, nowMs - retentionMs);
      const thinned = await thinOut(database, work, { fromMs: nowMs - retentionMs, beforeMs: nowMs - DAY_MS });
      return { outcome: "done", result: { expired, thinned } };
    },
  };
}

async function removeExpired({ read }: Database, work: JobWork, beforeMs: number): Promise<Removed> {
  if (work.dryRun) return sumReplacedBefore(read, beforeMs);
  const removed: Removed = { pages: 0, bytes: 0 };
  for (;;) {
    const pages = await pagesReplacedBefore(read, beforeMs, pagesAtOnce);
    if (pages.length === 0) return removed;
    await remove(work, pages, removed);
    await work.rest();
  }
}

async function thinOut(
  { read }: Database,
  work: JobWork,
  { fromMs, beforeMs }: { readonly fromMs: number; readonly beforeMs: number },
): Promise<Removed> {
  const removed: Removed = { pages: 0, bytes: 0 };
  let at = fromMs;
  // Only whole stretches: one that is still growing would lose its first page to one that is replaced later.
  const endMs = Math.floor(beforeMs / THINNED_TO_MS) * THINNED_TO_MS;
  for (;;) {
    const firstMs = await firstReplacedMs(read, { fromMs: at, beforeMs: endMs });
    if (firstMs === undefined) return removed;
    const stretch = Math.floor(firstMs / THINNED_TO_MS) * THINNED_TO_MS;
    const within = { fromMs: stretch, beforeMs: stretch + THINNED_TO_MS };
    const pages = await pagesWithin(read, { ...within, limit: work.dryRun ? pagesCounted : pagesAtOnce });
    await remove(work, pages, removed);
    if (work.dryRun || pages.length < pagesAtOnce) at = within.beforeMs;
    await work.rest();
  }
}

async function remove(work: JobWork, pages: readonly ReplacedPage[], removed: Removed): Promise<void> {
  if (!work.dryRun && pages.length > 0) await work.write((tx) => deleteReplacedPages(tx, pages));
  removed.pages += pages.length;
  removed.bytes += pages.reduce((sum, page) => sum + page.size_bytes, 0);
}
