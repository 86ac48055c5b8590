import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Objects } from "../schema.ts";

export type ObjectRow = Readonly<Objects>;

/** Who uploaded it: an account, or a link on behalf of the account that pays. */
export function uploaderOf({ link_id, uploader_user_id }: Pick<ObjectRow, "link_id" | "uploader_user_id">): Uint8Array {
  return link_id ?? uploader_user_id;
}

/** A commit lists what came through a link: from then on it is that of the account that pays. */
export async function settleLinkObjects(
  tx: WriteHandle,
  objectIds: readonly Uint8Array[],
  linkId: Uint8Array,
): Promise<void> {
  for (let at = 0; at < objectIds.length; at += idsAtOnce) {
    await tx
      .updateTable("objects")
      .set({ link_id: null })
      .where("object_id", "in", objectIds.slice(at, at + idsAtOnce))
      .where("link_id", "=", linkId)
      .execute();
  }
}

const idsAtOnce = 500;

/** As it comes: through a link, or by the account itself. */
export type NewObjectRow = Omit<ObjectRow, "link_id"> & Partial<Pick<ObjectRow, "link_id">>;

export interface LeafRun {
  readonly chunk: number;
  readonly leaves: Uint8Array;
  readonly tree_hash: Uint8Array;
}

export function findObject(read: ReadHandle, objectId: Uint8Array): Promise<ObjectRow | undefined> {
  return read.selectFrom("objects").selectAll().where("object_id", "=", objectId).executeTakeFirst();
}

/** In the order of their ids, from behind `after` on; what a check or a copy of all of them goes by. */
export function listObjects(
  read: ReadHandle,
  { after, limit }: { readonly after: Uint8Array; readonly limit: number },
): Promise<ObjectRow[]> {
  return read
    .selectFrom("objects")
    .selectAll()
    .where("object_id", ">", after)
    .orderBy("object_id")
    .limit(limit)
    .execute();
}

/** Those of them that exist, in no order; at most a thousand or so at once. */
export function findObjects(read: ReadHandle, objectIds: readonly Uint8Array[]): Promise<ObjectRow[]> {
  if (objectIds.length === 0) return Promise.resolve([]);
  return read.selectFrom("objects").selectAll().where("object_id", "in", objectIds).execute();
}

/** Whether the row was new. */
export async function insertObject(tx: WriteHandle, row: NewObjectRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("objects")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function insertObjects(tx: WriteHandle, rows: readonly NewObjectRow[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto("objects").values(rows).execute();
}

export async function saveLeafRuns(tx: WriteHandle, objectId: Uint8Array, runs: readonly LeafRun[]): Promise<void> {
  if (runs.length === 0) return;
  await tx
    .insertInto("object_leaves")
    .values(runs.map((run) => ({ object_id: objectId, ...run })))
    .onConflict((conflict) =>
      conflict.columns(["object_id", "chunk"]).doUpdateSet((eb) => ({
        leaves: eb.ref("excluded.leaves"),
        tree_hash: eb.ref("excluded.tree_hash"),
      })),
    )
    .execute();
}

export async function insertLeafRuns(
  tx: WriteHandle,
  runs: readonly (LeafRun & { readonly object_id: Uint8Array })[],
): Promise<void> {
  if (runs.length > 0) await tx.insertInto("object_leaves").values(runs).execute();
}

export async function deleteLeafRuns(tx: WriteHandle, objectId: Uint8Array): Promise<void> {
  await tx.deleteFrom("object_leaves").where("object_id", "=", objectId).execute();
}

export function findLeafRuns(
  read: ReadHandle,
  objectId: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<LeafRun[]> {
  return read
    .selectFrom("object_leaves")
    .select(["chunk", "leaves", "tree_hash"])
    .where("object_id", "=", objectId)
    .where("chunk", ">=", from)
    .where("chunk", "<", to)
    .orderBy("chunk")
    .execute();
}

/** Tree hashes of runs from `from` on, in order, at most `limit`. */
export function listRunHashes(
  read: ReadHandle,
  objectId: Uint8Array,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<Pick<LeafRun, "chunk" | "tree_hash">[]> {
  return read
    .selectFrom("object_leaves")
    .select(["chunk", "tree_hash"])
    .where("object_id", "=", objectId)
    .where("chunk", ">=", from)
    .orderBy("chunk")
    .limit(limit)
    .execute();
}

/**
 * The server says once more that it has these: what no commit has named is kept for a while from now on. Answers which of
 * them are (still) there.
 */
export async function promiseAgain(
  tx: WriteHandle,
  objectIds: readonly Uint8Array[],
  nowMs: number,
): Promise<Uint8Array[]> {
  if (objectIds.length === 0) return [];
  const rows = await tx
    .updateTable("objects")
    .set({ created_ms: nowMs })
    .where("object_id", "in", objectIds)
    .returning("object_id")
    .execute();
  return rows.map((row) => row.object_id);
}

/** Where objects lie, in slices by id. */
export function listLocations(
  read: ReadHandle,
  after: Uint8Array,
  limit: number,
): Promise<Pick<ObjectRow, "object_id" | "location">[]> {
  return read
    .selectFrom("objects")
    .select(["object_id", "location"])
    .where("object_id", ">", after)
    .orderBy("object_id")
    .limit(limit)
    .execute();
}

export interface ObjectMove {
  readonly objectId: Uint8Array;
  readonly from: string;
  readonly to: string;
}

/** For each: whether its row still said `from`, and now says `to`. */
export async function moveObjects(tx: WriteHandle, moves: readonly ObjectMove[]): Promise<boolean[]> {
  const moved: boolean[] = [];
  for (const { objectId, from, to } of moves) {
    const { numUpdatedRows } = await tx
      .updateTable("objects")
      .set({ location: to })
      .where("object_id", "=", objectId)
      .where("location", "=", from)
      .executeTakeFirst();
    moved.push(numUpdatedRows === 1n);
  }
  return moved;
}

/** Volumes that list an object or keep it, and names of the accounts that own these or uploaded it. */
export async function concernedBy(
  read: ReadHandle,
  objectId: Uint8Array,
): Promise<{ readonly volumeIds: Uint8Array[]; readonly accounts: string[] }> {
  const owned = await read
    .selectFrom("object_references as r")
    .innerJoin("volumes as v", "v.volume_id", "r.volume_id")
    .innerJoin("accounts as a", "a.user_id", "v.owner_user_id")
    .select(["r.volume_id", "a.name"])
    .where("r.object_id", "=", objectId)
    .orderBy("r.volume_id")
    .execute();
  const uploaders = await read
    .selectFrom("objects as o")
    .innerJoin("accounts as a", "a.user_id", "o.uploader_user_id")
    .select("a.name")
    .where("o.object_id", "=", objectId)
    .execute();
  const accounts = [...new Set([...owned, ...uploaders].map(({ name }) => name))].toSorted();
  return { volumeIds: owned.map((row) => row.volume_id), accounts };
}

export interface ObjectSums {
  readonly count: number;
  readonly bytes: number;
  /** Of these, in packs (spec/storage.md). */
  readonly packedCount: number;
  readonly packedBytes: number;
}

/** Reads the whole table: for a person who asks, not for a server at work. */
export async function sumObjects(read: ReadHandle): Promise<ObjectSums> {
  const sums = (packed: boolean) => {
    const query = read
      .selectFrom("objects")
      .select((eb) => [
        eb.fn.countAll<number>().as("count"),
        eb.fn.sum<number | null>("ciphertext_length").as("bytes"),
      ]);
    return (packed ? query.where("location", "like", "pack:%") : query).executeTakeFirstOrThrow();
  };
  const [all, packed] = [await sums(false), await sums(true)];
  return {
    count: Number(all.count),
    bytes: Number(all.bytes ?? 0),
    packedCount: Number(packed.count),
    packedBytes: Number(packed.bytes ?? 0),
  };
}
