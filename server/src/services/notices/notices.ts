/**
 * How commands beside a running server reach its memory: they leave notices in the database, in the transaction of their
 * effect, and every server looks for new ones. When there is none that costs one look into an index.
 */

import type { Database } from "../../db/index.ts";
import { listNoticesAfter, type Notice, newestNoticeId } from "../../db/stores/notices.ts";

/** An effect has to be there within a second. */
const LOOK_EVERY_MS = 400;
const NOTICES_AT_ONCE = 500;

export interface NoticesPorts {
  readonly database: Database;
  /** Called for each notice in order; what it cannot do is reported and does not hold up the next. */
  readonly deliver: (notice: Notice) => void | Promise<void>;
  readonly report: (error: unknown) => void;
}

export interface Notices {
  /** From now on: what was left before is for servers that ran then. */
  begin(): Promise<void>;
  /** Reads and delivers what is new, at once. */
  look(): Promise<void>;
  close(): Promise<void>;
}

export function createNotices({ database, deliver, report }: NoticesPorts): Notices {
  let seen: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let closed = false;
  let failing = false;

  async function deliverNew(): Promise<void> {
    if (seen === undefined) return;
    for (;;) {
      const notices = await listNoticesAfter(database.read, seen, NOTICES_AT_ONCE);
      for (const notice of notices) {
        seen = notice.noticeId;
        try {
          await deliver(notice);
        } catch (error) {
          report(error);
        }
      }
      if (notices.length < NOTICES_AT_ONCE) return;
    }
  }

  function look(): Promise<void> {
    looking = looking.then(deliverNew, deliverNew);
    return looking;
  }

  function lookAgainLater(): void {
    if (closed) return;
    timer = setTimeout(() => {
      look()
        .then(
          () => {
            failing = false;
          },
          (error: unknown) => {
            // Said once: a database that is away for an hour need not be named nine thousand times.
            if (!failing) report(error);
            failing = true;
          },
        )
        .finally(lookAgainLater);
    }, LOOK_EVERY_MS);
    timer.unref();
  }

  return {
    begin: async () => {
      seen = await newestNoticeId(database.read);
      lookAgainLater();
    },
    look,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      // What went wrong was reported to whoever asked.
      await Promise.allSettled([looking]);
    },
  };
}
