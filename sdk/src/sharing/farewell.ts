import { equalBytes } from "@excalibur/core/bytes";
import type { MountedVolumes } from "../mounts/index.ts";
import type { ListedVolume } from "./api.ts";
import type { Farewell, SharedFolder } from "./types.ts";

export interface FarewellContext {
  readonly volumes: MountedVolumes;
  /** Volumes that the server says this person is in. */
  readonly listed: readonly ListedVolume[];
  /** For what this person calls them. */
  readonly folders: readonly SharedFolder[];
}

/** What deleting the account means for shared folders, whether they are still mounted or not. Changes nothing. */
export async function reckonFarewell({ volumes, listed, folders }: FarewellContext): Promise<Farewell> {
  const lost: Farewell["lost"][number][] = [];
  const left: Farewell["left"][number][] = [];
  const problems: unknown[] = [];
  const shared = listed.filter(({ volumeId, pending }) => !(pending || equalBytes(volumeId, volumes.home.volumeId)));
  for (const { volumeId } of shared) {
    const mounted = folders.find(({ item }) => item.entry.mount && equalBytes(item.entry.mount.volumeId, volumeId));
    try {
      const volume = await volumes.volume(volumeId);
      const { role, rows, owner } = volume.members();
      const name = mounted?.item.name ?? (await volume.readFolder(volumeId)).attributes?.label ?? "";
      const people = rows.filter((row) => row.role !== "owner").map((row) => row.name);
      if (role !== "owner") left.push({ name, owner: owner.name });
      else if (people.length > 0) lost.push({ name, people });
    } catch (problem) {
      problems.push(problem);
    }
  }
  return { lost, left, problems };
}
