import { toBase64Url } from "@excalibur/core/bytes";
import { noId } from "../../db/stores/object-garbage.ts";
import { findObject, listObjects, type ObjectRow } from "../../db/stores/objects.ts";
import type { JobWork } from "../job.ts";
import { type Damage, type Verifying, verifyObject } from "./verify-object.ts";

const rowsAtOnce = 100;
/** So many are named; more are only counted. */
export const damagedNamed = 1000;

export interface DamagedObject {
  /** base64url */
  readonly objectId: string;
  readonly problem: Damage;
}

/** How far a walk over all objects is. */
export interface Tally {
  /** The object looked at last, base64url; empty at the beginning. */
  after: string;
  objects: number;
  bytes: number;
  damagedObjects: number;
  damaged: DamagedObject[];
}

export function newTally(): Tally {
  return { after: "", objects: 0, bytes: 0, damagedObjects: 0, damaged: [] };
}

export function noteDamage(tally: Tally, damaged: DamagedObject): void {
  tally.damagedObjects += 1;
  if (tally.damaged.length < damagedNamed) tally.damaged.push(damaged);
}

/** Verifies every object, from `tally.after` on, and says after each where it is. */
export async function* walkObjects(
  ports: Pick<Verifying, "database" | "blobs">,
  work: JobWork,
  tally: Tally,
): AsyncGenerator<Tally, void, undefined> {
  const verifying: Verifying = {
    ...ports,
    signal: work.signal,
    onRead: async (sizeBytes) => {
      tally.bytes += sizeBytes;
      await work.restAfterReading(sizeBytes);
    },
  };
  for (;;) {
    const after = tally.after === "" ? noId : Buffer.from(tally.after, "base64url");
    const rows = await listObjects(ports.database.read, { after, limit: rowsAtOnce });
    if (rows.length === 0) return;
    for (const row of rows) {
      const problem = await verifyTwice(verifying, row);
      const objectId = toBase64Url(row.object_id);
      if (problem !== undefined) noteDamage(tally, { objectId, problem });
      tally.after = objectId;
      tally.objects += 1;
      yield tally;
    }
  }
}

/** What seems damaged is looked at again: it may have been removed, or moved, while it was read. */
async function verifyTwice(verifying: Verifying, row: ObjectRow): Promise<Damage | undefined> {
  if ((await verifyObject(verifying, row)) === undefined) return undefined;
  const now = await findObject(verifying.database.read, row.object_id);
  const problem = now && (await verifyObject(verifying, now));
  const isStillThere =
    problem !== undefined && (await findObject(verifying.database.read, row.object_id)) !== undefined;
  return isStillThere ? problem : undefined;
}
