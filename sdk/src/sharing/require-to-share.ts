import { type Files, type Item, NewerVersionError } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import { NotShareableError } from "./errors.ts";
import { requireManager } from "./member-changes.ts";

export interface Places {
  readonly volumes: MountedVolumes;
  readonly files: Files;
}

/**
 * Something that is shared, a folder in it, or what lies in this person's own drive; where they decide who is in it, and not in the trash.
 * Throws NotShareableError, NewerVersionError, RoleError.
 */
export async function requireToShare(
  { volumes, files }: Places,
  item: Item | null,
  withVersions: boolean | undefined,
): Promise<Item> {
  if (item === null) throw new NotShareableError("home");
  if (item.type === "unknown") throw new NewerVersionError();
  if (item.entry.mount !== undefined) {
    requireManager((await volumes.place(item.childId)).volume.members());
    if (withVersions) throw new NotShareableError("versions");
    return item;
  }
  const { volume } = await volumes.place(item.parentId);
  if (volume !== volumes.home) requireManager(volume.members());
  const lowest = item.type === "folder" ? item.childId : item.parentId;
  if ((await files.stepsTo(lowest)) === undefined) throw new NotShareableError("trash");
  return item;
}
