import { equalBytes } from "@excalibur/core/bytes";
import { mayWrite, ROLES, type Role } from "@excalibur/core/volume/record";
import type { Database, ReadHandle } from "../../db/index.ts";
import { accessByVolumes } from "../../db/stores/object-references.ts";
import { findObject, type ObjectRow, uploaderOf } from "../../db/stores/objects.ts";
import { Refusal } from "../../refusal.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { InFlight } from "./in-flight.ts";
import type { Readings } from "./readings.ts";

/** What the operations on objects share. */
export interface ObjectsRoom {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly clock: () => number;
  readonly storing: InFlight;
  readonly readings: Readings;
}

export interface ObjectCaller {
  readonly userId: Uint8Array;
  readonly objectId: Uint8Array;
}

/** Members with these roles may read what their volume dropped and still keeps: undo and restore need it. */
export const writerRoles: readonly number[] = Object.values(ROLES).filter((role: Role) => mayWrite(role));

/**
 * An object that the account uploaded, or that a volume of his lists. @throws Refusal `not_found`, also for those that
 * exist elsewhere; `object_gone` for what a volume of his lists no more
 */
export async function requireReadable(read: ReadHandle, { objectId, userId }: ObjectCaller): Promise<ObjectRow> {
  const object = await findObject(read, objectId);
  if (object === undefined) throw new Refusal("not_found");
  if (equalBytes(uploaderOf(object), userId)) return object;
  const access = (await accessByVolumes(read, [objectId], { userId, writerRoles }))(objectId);
  if (access === "none") throw new Refusal("not_found");
  if (access === "dropped") throw new Refusal("object_gone");
  return object;
}
