import type { ReadHandle, WriteHandle } from "../database.ts";

const idsAtOnce = 500;

export interface ReferencePermission {
  readonly volumeId: Uint8Array;
  /** Who sends the commit. */
  readonly userId: Uint8Array;
  /** Who wrote it. */
  readonly writerUserId: Uint8Array;
}

/**
 * Which of these objects the commit may list: those its writer or sender uploaded, those a volume that the sender reads
 * lists, and those this volume has dropped but still keeps (undo). The rest, or those that do not exist, come back.
 */
export async function findUnlistable(
  read: ReadHandle,
  objectIds: readonly Uint8Array[],
  { volumeId, userId, writerUserId }: ReferencePermission,
): Promise<Uint8Array[]> {
  const unlistable: Uint8Array[] = [];
  for (let at = 0; at < objectIds.length; at += idsAtOnce) {
    const some = objectIds.slice(at, at + idsAtOnce);
    const rows = await read
      .selectFrom("objects")
      .select("object_id")
      .where("object_id", "in", some)
      .where((eb) =>
        eb.or([
          eb.and([eb("uploader_user_id", "in", [writerUserId, userId]), eb("link_id", "is", null)]),
          eb("link_id", "in", [writerUserId, userId]),
          eb.exists(
            eb
              .selectFrom("object_references as r")
              .innerJoin("members as m", "m.volume_id", "r.volume_id")
              .select("r.object_id")
              .whereRef("r.object_id", "=", "objects.object_id")
              .where("m.subject_id", "=", userId)
              .where((inner) => inner.or([inner("r.dropped_ms", "is", null), inner("r.volume_id", "=", volumeId)])),
          ),
        ]),
      )
      .execute();
    const listable = new Set(rows.map((row) => keyOf(row.object_id)));
    unlistable.push(...some.filter((id) => !listable.has(keyOf(id))));
  }
  return unlistable;
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString("latin1");
}

export interface ReferenceChange {
  readonly objectId: Uint8Array;
  /** Entries that begin (positive) or cease (negative) to list the object; never 0. */
  readonly count: number;
}

/** Changes the counts of a volume; an object that no entry lists any more is dropped. False when one would go below zero. */
export async function changeReferences(
  tx: WriteHandle,
  volumeId: Uint8Array,
  { changes, nowMs }: { readonly changes: readonly ReferenceChange[]; readonly nowMs: number },
): Promise<boolean> {
  for (let at = 0; at < changes.length; at += idsAtOnce) {
    const some = changes.slice(at, at + idsAtOnce);
    const ids = some.map((change) => change.objectId);
    const known = await tx
      .selectFrom("object_references")
      .select(["object_id", "count", "added_ms"])
      .where("volume_id", "=", volumeId)
      .where("object_id", "in", ids)
      .execute();
    const before = new Map(known.map((row) => [keyOf(row.object_id), row]));
    const rows = some.map(({ objectId, count }) => {
      const row = before.get(keyOf(objectId));
      const after = (row?.count ?? 0) + count;
      return {
        volume_id: volumeId,
        object_id: objectId,
        count: after,
        added_ms: row !== undefined && row.count > 0 ? row.added_ms : nowMs,
        dropped_ms: after === 0 ? nowMs : null,
      };
    });
    if (rows.some((row) => row.count < 0)) return false;
    await tx
      .insertInto("object_references")
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(["volume_id", "object_id"]).doUpdateSet((eb) => ({
          count: eb.ref("excluded.count"),
          added_ms: eb.ref("excluded.added_ms"),
          dropped_ms: eb.ref("excluded.dropped_ms"),
        })),
      )
      .execute();
  }
  return true;
}

export type ObjectAccess = "readable" | "dropped" | "none";

/** Whether the account may read an object through a volume: one that lists it, or (writers) one that still keeps it. */
export async function accessByVolumes(
  read: ReadHandle,
  objectIds: readonly Uint8Array[],
  { userId, writerRoles }: { readonly userId: Uint8Array; readonly writerRoles: readonly number[] },
): Promise<(objectId: Uint8Array) => ObjectAccess> {
  const access = new Map<string, ObjectAccess>();
  for (let at = 0; at < objectIds.length; at += idsAtOnce) {
    const rows = await read
      .selectFrom("object_references as r")
      .innerJoin("members as m", "m.volume_id", "r.volume_id")
      .select(["r.object_id", "r.dropped_ms", "m.role"])
      .where("r.object_id", "in", objectIds.slice(at, at + idsAtOnce))
      .where("m.subject_id", "=", userId)
      .execute();
    for (const row of rows) {
      const readable = row.dropped_ms === null || writerRoles.includes(row.role);
      if (readable || !access.has(keyOf(row.object_id))) {
        access.set(keyOf(row.object_id), readable ? "readable" : "dropped");
      }
    }
  }
  return (objectId) => access.get(keyOf(objectId)) ?? "none";
}
