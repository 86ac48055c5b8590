import { uploadsBefore } from "../../db/stores/object-garbage.ts";
import { senderOf } from "../../db/stores/uploads.ts";
import { abandonedAfterMs, type Uploads } from "../../services/uploads/index.ts";
import type { Job } from "../job.ts";
import type { TidyPorts } from "./tidy-ports.ts";

const uploadsAtOnce = 50;

/** Uploads that were begun a month ago and never completed: their parts go, and their quota is given back. */
export function expiredUploadsJob({ database, uploads }: TidyPorts & { readonly uploads: Uploads }): Job {
  return {
    name: "expired-uploads",
    lane: "tidy",
    everyMs: 3_600_000,
    run: async (work) => {
      const beforeMs = work.nowMs() - abandonedAfterMs;
      const removed = { uploads: 0, reservedBytes: 0 };
      for (let after = 0; ; ) {
        const rows = await uploadsBefore(database.read, { beforeMs, after, limit: uploadsAtOnce });
        for (const row of rows) {
          const key = { objectId: row.object_id, userId: senderOf(row) };
          const { write } = work;
          if (!work.dryRun && !(await uploads.forgetUpload(key, { beforeMs, write }))) continue;
          removed.uploads += 1;
          removed.reservedBytes += row.ciphertext_length;
          await work.rest();
        }
        const last = rows.at(-1);
        if (last === undefined || rows.length < uploadsAtOnce) return { outcome: "done", result: removed };
        after = last.created_ms + 1;
      }
    },
  };
}
