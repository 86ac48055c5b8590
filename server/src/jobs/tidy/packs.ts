import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { Database } from "../../db/index.ts";
import { noId, placesOf } from "../../db/stores/object-garbage.ts";
import { listLocations, moveObjects } from "../../db/stores/objects.ts";
import type { BlobLocation, BlobPacks, RewriteOptions } from "../../storage/blob-store.ts";
import type { Job, JobWork } from "../job.ts";
import type { TidyPorts } from "./tidy-ports.ts";

const rowsAtOnce = 2000;

/** Packs of small objects of which rows mean less than half: the rest is copied to another pack, and the pack goes. */
export function packsJob({ database, blobs }: Pick<TidyPorts, "database" | "blobs">): Job {
  return {
    name: "packs",
    lane: "tidy",
    everyMs: 86_400_000,
    run: async (work) => {
      const done = { packs: 0, objects: 0, bytes: 0, freedBytes: 0, damaged: [] as string[] };
      const { packs } = blobs;
      if (packs === undefined) return { outcome: "done", result: done };
      for (const { name, sizeBytes, deadBytes } of await halfDead(database, packs, work)) {
        if (work.dryRun) {
          done.packs += 1;
          done.bytes += sizeBytes - deadBytes;
          done.freedBytes += deadBytes;
          continue;
        }
        const { moved, movedBytes, damaged, removed } = await packs.rewrite(
          name,
          rewriteOptions(database, packs, work),
        );
        done.objects += moved;
        done.bytes += movedBytes;
        done.damaged.push(...damaged);
        work.tell({ ...done, damaged: done.damaged.length });
        if (!removed) continue;
        done.packs += 1;
        done.freedBytes += deadBytes;
      }
      return { outcome: done.damaged.length > 0 ? "damage" : "done", result: done };
    },
  };
}

/** From the rows, not from the packs: that is a thousand times less to read. */
async function halfDead(database: Database, packs: BlobPacks, work: JobWork) {
  // Before the rows: what is stored from now on goes to a pack that grows.
  const closed = (await packs.list()).filter(({ isGrowing }) => !isGrowing);
  const livingBytes = new Map<string, number>();
  for await (const rows of locations(database, work)) {
    for (const { object_id: objectId, location } of rows) {
      const place = packs.placeOf(toBase64Url(objectId), location as BlobLocation);
      if (place) livingBytes.set(place.packName, (livingBytes.get(place.packName) ?? 0) + place.takesBytes);
    }
  }
  return closed
    .map(({ name, sizeBytes }) => ({ name, sizeBytes, deadBytes: sizeBytes - (livingBytes.get(name) ?? 0) }))
    .filter(({ sizeBytes, deadBytes }) => deadBytes * 2 >= sizeBytes);
}

async function* locations({ read }: Database, work: JobWork) {
  for (let after: Uint8Array = noId; ; ) {
    const rows = await listLocations(read, after, rowsAtOnce);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.object_id;
    await work.rest();
  }
}

function rewriteOptions(database: Database, packs: BlobPacks, work: JobWork): RewriteOptions {
  return {
    rows: {
      named: async (records) => {
        const ids = records.map(({ id }) => fromBase64Url(id));
        const places = await placesOf(database.read, ids);
        return records.map(({ location }, n) => places.location(ids[n] as Uint8Array) === location);
      },
      move: (moves) =>
        work.write((tx) =>
          moveObjects(
            tx,
            moves.map(({ id, from, to }) => ({ objectId: fromBase64Url(id), from, to })),
          ),
        ),
      anyIn: async (packName) => {
        for await (const rows of locations(database, work)) {
          const isIn = rows.some(
            (row) => packs.placeOf(toBase64Url(row.object_id), row.location as BlobLocation)?.packName === packName,
          );
          if (isIn) return true;
        }
        return false;
      },
    },
    rest: (readBytes) => work.restAfterReading(readBytes),
  };
}
