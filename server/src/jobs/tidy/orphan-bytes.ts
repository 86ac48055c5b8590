import { ExcaliburError } from "@excalibur/core/bytes";
import type { Uploads } from "../../services/uploads/index.ts";
import type { BlobStore, ListedBlob } from "../../storage/blob-store.ts";
import type { Job, JobWork } from "../job.ts";
import { seeBlobs, type UnnamedPorts } from "../unnamed-bytes.ts";

const MIB = 1024 * 1024;
/** Of one run; the next one finds the rest. */
const orphansAtOnce = 100_000;
/** A crash leaves a few batches. More than this, and more than a tenth of all, is not the work of crashes. */
const fewBytes = 16 * MIB;

/** More is without a row than crashes explain: the database is not the one that these objects belong to, or is an old copy. */
export class MuchUnnamedError extends ExcaliburError {
  constructor(details: { readonly unnamedBytes: number; readonly storedBytes: number }) {
    super(
      "much_unnamed",
      `Of ${details.storedBytes} stored bytes the database knows nothing of ${details.unnamedBytes}: more than crashes leave behind. It may be an older copy, or not the ` +
        "one of this data folder. Nothing was removed. Put the right database back; if this one is right, «excalibur-server storage check --repair» moves those bytes to quarantine.",
      { details },
    );
  }
}

export interface OrphanPorts extends UnnamedPorts {
  readonly uploads: Uploads;
}

/**
 * Bytes without a row, as a crash leaves them: a day old, neither an object's nor an upload's nor on their way. Counted
 * first, and removed only when they are few.
 */
export function orphanBytesJob(ports: OrphanPorts): Job {
  return {
    name: "orphan-bytes",
    lane: "tidy",
    everyMs: 7 * 86_400_000,
    run: async (work) => {
      const { orphans, orphanBytes, storedBytes, namedCount } = await collect(ports, work);
      const isMuch = orphanBytes > fewBytes && orphanBytes > storedBytes / 10;
      const isAll = namedCount === 0 && orphans.some(({ state }) => state === "stored");
      if (isMuch || isAll) throw new MuchUnnamedError({ unnamedBytes: orphanBytes, storedBytes });
      const removed = { files: 0, bytes: 0 };
      for (const blob of orphans) {
        if (!(work.dryRun || (await remove(ports, blob)))) continue;
        removed.files += 1;
        removed.bytes += blob.sizeBytes;
        await work.rest();
      }
      return { outcome: "done", result: removed };
    },
  };
}

async function collect(ports: OrphanPorts, work: JobWork) {
  const orphans: ListedBlob[] = [];
  let orphanBytes = 0;
  let storedBytes = 0;
  let namedCount = 0;
  for await (const slice of seeBlobs(ports, work)) {
    for (const { blob, isUnnamed, location } of slice) {
      storedBytes += blob.sizeBytes;
      if (location !== undefined) namedCount += 1;
      if (!isUnnamed) continue;
      orphanBytes += blob.sizeBytes;
      if (orphans.length < orphansAtOnce) orphans.push(blob);
    }
  }
  return { orphans, orphanBytes, storedBytes, namedCount };
}

async function remove({ blobs, objects, uploads }: OrphanPorts, blob: ListedBlob): Promise<boolean> {
  if (objects.isStoring(blob.id)) return false;
  return uploads.removeUnnamed(blob, (unnamed) => removeBytes(blobs, unnamed));
}

function removeBytes(blobs: BlobStore, blob: ListedBlob): Promise<void> {
  return blob.state === "staged" ? blobs.discardStaged(blob.id) : blobs.delete(blob);
}
