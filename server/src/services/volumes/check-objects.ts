import { findUnlistable } from "../../db/stores/object-references.ts";
import { isWriterRole } from "./pages.ts";
import { requireMember, type VolumeCaller, type VolumesRoom } from "./volumes-room.ts";

/**
 * Those objects that a commit of the caller could not list now, by the very rule that commits are held to. Who may not
 * write is told of all of them. @throws Refusal `not_found`
 */
export async function checkObjects(
  { database }: VolumesRoom,
  caller: VolumeCaller & { readonly objectIds: readonly Uint8Array[] },
): Promise<Uint8Array[]> {
  const { volumeId, userId, objectIds } = caller;
  const { role } = await requireMember(database.read, caller);
  if (!isWriterRole(role)) return [...objectIds];
  return await findUnlistable(database.read, objectIds, { volumeId, userId, writerUserId: userId });
}
