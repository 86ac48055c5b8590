import { LIMITS } from "@excalibur/core/protocol";
import type { Database } from "../../db/index.ts";
import { deleteSomeOfVolume } from "../../db/stores/removal.ts";
import { listPendingBefore, shutPending } from "../../db/stores/sharing.ts";
import type { Job } from "../job.ts";

const volumesAtOnce = 100;

/** Volumes that were made to be mounted, and were not. What they list stays for as long as other volumes list it. */
export function pendingVolumesJob({ read }: Pick<Database, "read">): Job {
  return {
    name: "pending-volumes",
    lane: "tidy",
    everyMs: 6 * 3_600_000,
    run: async (work) => {
      const beforeMs = work.nowMs() - LIMITS.pendingVolumeMs;
      let removed = 0;
      for (;;) {
        const some = await listPendingBefore(read, { beforeMs, limit: volumesAtOnce });
        if (work.dryRun || some.length === 0) return { outcome: "done", result: { removed: removed + some.length } };
        for (const volumeId of some) {
          if (!(await work.write((tx) => shutPending(tx, { volumeId, beforeMs })))) continue;
          while (await work.write((tx) => deleteSomeOfVolume(tx, volumeId))) await work.rest();
          removed += 1;
        }
        await work.rest();
      }
    },
  };
}
