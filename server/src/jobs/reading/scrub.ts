import type { Database } from "../../db/index.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { Job } from "../job.ts";
import { newTally, type Tally, walkObjects } from "./walk-objects.ts";

/** What a killed scrub has to read again at most. */
const keepEveryBytes = 256 * 1024 * 1024;
const keepEveryObjects = 500;

/**
 * Reads everything that is stored, slowly, and compares it with the hashes of its upload: disks forget without telling. Goes
 * on where it was when the server was stopped, with what it had found.
 */
export function scrubJob(ports: {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly everyMs: number;
}): Job {
  return {
    name: "scrub",
    lane: "scrub",
    everyMs: ports.everyMs,
    run: async (work) => {
      const tally: Tally = work.place === undefined ? newTally() : (JSON.parse(work.place) as Tally);
      let kept = { bytes: tally.bytes, objects: tally.objects };
      try {
        for await (const { objects, bytes, damagedObjects } of walkObjects(ports, work, tally)) {
          work.tell({ objects, bytes, damagedObjects });
          const isTime = bytes - kept.bytes >= keepEveryBytes || objects - kept.objects >= keepEveryObjects;
          if (!isTime) continue;
          kept = { bytes, objects };
          await work.keepPlace(JSON.stringify(tally));
        }
      } catch (error) {
        if (work.signal.aborted) await work.keepPlace(JSON.stringify(tally));
        throw error;
      }
      const { after: _after, ...result } = tally;
      return { outcome: tally.damagedObjects > 0 ? "damage" : "done", result };
    },
  };
}
