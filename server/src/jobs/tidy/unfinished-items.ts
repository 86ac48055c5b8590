import { LIMITS } from "@excalibur/core/protocol";
import { deleteIdleSenders, findItem, listUnfinishedBefore } from "../../db/stores/request-items.ts";
import { release } from "../../services/requests/index.ts";
import type { Uploads } from "../../services/uploads/index.ts";
import type { Job } from "../job.ts";
import type { TidyPorts } from "./tidy-ports.ts";

const itemsAtOnce = 50;

/**
 * What senders began a week ago and never put into the inbox: the request has its room back, an unfinished upload goes, and
 * an object that nobody lists is swept like all such. Senders who were not seen for a month are forgotten.
 */
export function unfinishedItemsJob({ database, uploads }: TidyPorts & { readonly uploads: Uploads }): Job {
  return {
    name: "unfinished-items",
    lane: "tidy",
    everyMs: 3_600_000,
    run: async (work) => {
      const beforeMs = work.nowMs() - LIMITS.requestUploadMs;
      const removed = { items: 0, reservedBytes: 0, senders: 0 };
      for (;;) {
        const rows = await listUnfinishedBefore(database.read, { beforeMs, limit: itemsAtOnce });
        for (const row of rows) {
          removed.items += 1;
          removed.reservedBytes += row.ciphertext_length;
          if (work.dryRun) continue;
          const key = { objectId: row.object_id, userId: row.owner_user_id };
          await uploads.forgetUpload(key, { beforeMs: work.nowMs(), write: work.write });
          await work.write(async (tx) => {
            // Not when it has arrived in this very moment.
            if ((await findItem(tx, row.object_id))?.arrived_ms === null) await release(tx, row);
          });
          await work.rest();
        }
        if (work.dryRun || rows.length < itemsAtOnce) break;
      }
      const idleBeforeMs = work.nowMs() - LIMITS.senderIdleMs;
      if (!work.dryRun) removed.senders = await work.write((tx) => deleteIdleSenders(tx, idleBeforeMs));
      return { outcome: "done", result: removed };
    },
  };
}
