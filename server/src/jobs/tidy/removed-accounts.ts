import type { Database } from "../../db/index.ts";
import { eraseAccount, listShutForGood, REMOVED_ACCOUNTS_JOB } from "../../services/people/index.ts";
import type { Job } from "../job.ts";

const HOUR_MS = 3_600_000;

/** What is left of accounts that were deleted by their owners, or whose removal by an operator was interrupted. */
export function removedAccountsJob({ read }: Pick<Database, "read">): Job {
  return {
    name: REMOVED_ACCOUNTS_JOB,
    lane: "tidy",
    // A deletion asks for it at once; this finds what a process that was killed left.
    everyMs: HOUR_MS,
    run: async (work) => {
      const accounts = await listShutForGood(read);
      let volumes = 0;
      if (!work.dryRun) {
        const eraser = { read, write: work.write, rest: () => work.rest() };
        for (const account of accounts) {
          volumes += (await eraseAccount(eraser, account, { nowMs: work.nowMs(), actor: "server" })).volumes;
        }
      }
      return { outcome: "done", result: { accounts: accounts.length, volumes } };
    },
  };
}
