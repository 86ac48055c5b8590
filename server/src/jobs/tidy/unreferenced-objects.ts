import { toBase64Url } from "@excalibur/core/bytes";
import {
  deleteDroppedReferences,
  deleteForgottenLeaves,
  deleteUnneeded,
  findForgottenLeaves,
  findUnneeded,
  type Neediness,
  noId,
  objectIdAfter,
  type UnreferencedObject,
} from "../../db/stores/object-garbage.ts";
import type { Uploads } from "../../services/uploads/index.ts";
import type { BlobLocation } from "../../storage/blob-store.ts";
import type { Job, JobWork } from "../job.ts";
import type { TidyPorts } from "./tidy-ports.ts";

const objectsAtOnce = 1000;
const rowsAtOnce = 100;
const leafRunsAtOnce = 64;

interface GarbagePorts extends TidyPorts {
  readonly uploads: Uploads;
}

/**
 * Objects that no volume lists: those that all have dropped, after the retention period, and those that no commit has ever
 * named, some days after the server said that it has them. Rows go first, and only while still nobody names them, in the
 * same transaction in which their space is given back; a crash then leaves bytes without a row.
 */
export function unreferencedObjectsJob(ports: GarbagePorts): Job {
  return {
    name: "unreferenced-objects",
    lane: "tidy",
    everyMs: 6 * 3_600_000,
    run: async (work) => {
      const nowMs = work.nowMs();
      const { retentionMs, unnamedObjectMs } = ports.settings;
      const neediness = { createdBeforeMs: nowMs - unnamedObjectMs, droppedBeforeMs: nowMs - retentionMs };
      const removed = await removeObjects(ports, work, neediness);
      await forgetReferences(work, neediness.droppedBeforeMs);
      await forgetLeaves(ports, work);
      return { outcome: "done", result: removed };
    },
  };
}

async function removeObjects(ports: GarbagePorts, work: JobWork, neediness: Neediness) {
  const { read } = ports.database;
  const removed = { objects: 0, bytes: 0 };
  for (let after: Uint8Array = noId; ; ) {
    const upTo = await objectIdAfter(read, after, objectsAtOnce);
    const found = await findUnneeded(read, neediness, { after, upTo });
    for (let at = 0; at < found.length; at += rowsAtOnce) {
      const some = found.slice(at, at + rowsAtOnce);
      const gone = work.dryRun ? some : await removeSome(ports, work, { some, neediness });
      removed.objects += gone.length;
      removed.bytes += gone.reduce((sum, row) => sum + row.ciphertext_length, 0);
      await work.rest();
    }
    await work.rest();
    if (upTo === undefined) return removed;
    after = upTo;
  }
}

async function removeSome(
  { blobs, uploads }: GarbagePorts,
  work: JobWork,
  { some, neediness }: { readonly some: readonly UnreferencedObject[]; readonly neediness: Neediness },
): Promise<UnreferencedObject[]> {
  const ids = some.map((row) => row.object_id);
  const gone = await work.write((tx) => deleteUnneeded(tx, ids, neediness));
  for (const { object_id: objectId, location, ciphertext_length: sizeBytes } of gone) {
    const blob = { id: toBase64Url(objectId), location: location as BlobLocation };
    // Not when the same object has been begun or stored again in between.
    await uploads.removeUnnamed({ state: "stored", ...blob, sizeBytes, modifiedAtMs: 0 }, () => blobs.delete(blob));
    await removeLeaves(work, objectId);
  }
  return gone;
}

/** A large object has many: in slices, and what a crash leaves is found by `forgetLeaves`. */
async function removeLeaves(work: JobWork, objectId: Uint8Array): Promise<void> {
  while (await work.write((tx) => deleteForgottenLeaves(tx, objectId, leafRunsAtOnce))) await work.rest();
}

async function forgetReferences(work: JobWork, beforeMs: number): Promise<void> {
  if (work.dryRun) return;
  while ((await work.write((tx) => deleteDroppedReferences(tx, { beforeMs, limit: rowsAtOnce }))) > 0)
    await work.rest();
}

async function forgetLeaves({ database }: GarbagePorts, work: JobWork): Promise<void> {
  if (work.dryRun) return;
  for (let after: Uint8Array = noId; ; ) {
    const { last, forgotten } = await findForgottenLeaves(database.read, after, objectsAtOnce);
    for (const objectId of forgotten) await removeLeaves(work, objectId);
    if (last === undefined) return;
    after = last;
    await work.rest();
  }
}
