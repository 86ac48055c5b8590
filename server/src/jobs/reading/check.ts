import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { concernedBy, findObjects } from "../../db/stores/objects.ts";
import type { Uploads } from "../../services/uploads/index.ts";
import type { ListedBlob } from "../../storage/blob-store.ts";
import type { Job, JobWork } from "../job.ts";
import { type SeenBlob, seeBlobs, type UnnamedPorts } from "../unnamed-bytes.ts";
import { type DamagedObject, damagedNamed, newTally, noteDamage, type Tally, walkObjects } from "./walk-objects.ts";

export interface CheckPorts extends UnnamedPorts {
  readonly uploads: Uploads;
}

interface Unnamed {
  files: number;
  bytes: number;
  /** Moved to quarantine. */
  movedFiles: number;
}

/**
 * Every row has its bytes, and every byte its row: reads and compares everything that rows mean, then lists everything that
 * lies there. With `repair`, what no row means is moved to quarantine; nothing is ever deleted, and what is damaged stays
 * where it is, because most of it may still be good.
 */
export function checkJob(ports: CheckPorts): Job {
  return {
    name: "check",
    lane: "tidy",
    everyMs: null,
    run: async (work) => {
      const tally = newTally();
      for await (const { objects, bytes, damagedObjects } of walkObjects(ports, work, tally)) {
        work.tell({ objects, bytes, damagedObjects });
      }
      const shelf = work.repair ? shelfName(work.nowMs()) : undefined;
      const unnamed = await checkBytes(ports, work, { tally, shelf });
      const result = {
        objects: tally.objects,
        bytes: tally.bytes,
        damagedObjects: tally.damagedObjects,
        damaged: await withConcerned(ports, tally.damaged),
        unnamed: { ...unnamed, ...(unnamed.movedFiles > 0 ? { shelf } : {}) },
      };
      return { outcome: tally.damagedObjects > 0 ? "damage" : "done", result };
    },
  };
}

function shelfName(nowMs: number): string {
  return `check-${new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-")}`;
}

async function checkBytes(
  ports: CheckPorts,
  work: JobWork,
  { tally, shelf }: { readonly tally: Tally; readonly shelf: string | undefined },
): Promise<Unnamed> {
  const unnamed: Unnamed = { files: 0, bytes: 0, movedFiles: 0 };
  const known = new Set(tally.damaged.map(({ objectId }) => objectId));
  for await (const slice of seeBlobs(ports, work)) {
    for (const objectId of await oversized(ports, slice)) {
      if (!known.has(objectId)) noteDamage(tally, { objectId, problem: "size" });
    }
    for (const { blob } of slice.filter(({ isUnnamed }) => isUnnamed)) {
      unnamed.files += 1;
      unnamed.bytes += blob.sizeBytes;
      if (shelf !== undefined && (await moveAway(ports, blob, shelf))) unnamed.movedFiles += 1;
    }
  }
  return unnamed;
}

/** Reading stops at the end that the row tells, so what lies beyond it shows only here. */
async function oversized({ database }: CheckPorts, slice: readonly SeenBlob[]): Promise<string[]> {
  const named = slice.filter(({ location }) => location !== undefined).map(({ blob }) => blob);
  const sizes = new Map(named.map(({ id, sizeBytes }) => [id, sizeBytes]));
  const rows = await findObjects(
    database.read,
    named.map(({ id }) => fromBase64Url(id)),
  );
  return rows
    .filter((row) => (sizes.get(toBase64Url(row.object_id)) ?? 0) > row.ciphertext_length)
    .map((row) => toBase64Url(row.object_id));
}

async function moveAway({ blobs, objects, uploads }: CheckPorts, blob: ListedBlob, shelf: string): Promise<boolean> {
  if (objects.isStoring(blob.id)) return false;
  return uploads.removeUnnamed(blob, (unnamed) => blobs.setAside(unnamed, shelf));
}

/** Whom to tell: the volumes that list an object, and the accounts that own these or have uploaded it. */
async function withConcerned({ database }: CheckPorts, damaged: readonly DamagedObject[]) {
  const described = [];
  for (const one of damaged.slice(0, damagedNamed)) {
    const { volumeIds, accounts } = await concernedBy(database.read, fromBase64Url(one.objectId));
    described.push({ ...one, volumes: volumeIds.map(toBase64Url), accounts });
  }
  return described;
}
