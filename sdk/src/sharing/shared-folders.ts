import { equalBytes } from "@excalibur/core/bytes";
import type { Files, Item } from "../files/index.ts";
import type { MountEntry, MountedVolumes } from "../mounts/index.ts";
import { VolumeMissingError } from "../volumes/index.ts";
import type { People } from "./people.ts";
import type { SharedFolder } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

export interface SharedFoldersContext {
  readonly volumes: MountedVolumes;
  readonly files: Files;
  readonly people: People;
  readonly userId: Uint8Array;
  /** Volumes that this person has made or accepted. */
  readonly accepted: readonly Uint8Array[];
}

export interface FoundFolders {
  readonly folders: readonly SharedFolder[];
  /** Volumes that the keyring knows, of which nothing is mounted, and which the server does not have any more. */
  readonly ended: readonly Uint8Array[];
}

/**
 * What is mounted in this person's drive, the trash aside, and what they have made or accepted inside other shared folders; what
 * cannot be opened is listed all the same, with the reason.
 */
export async function sharedFolders(context: SharedFoldersContext, options: Options): Promise<FoundFolders> {
  const { volumes, files } = context;
  await findMounts(context, options);
  const found: SharedFolder[] = [];
  for (const mount of [...volumes.mounts, ...nestedOnly(context)]) {
    const { items } = await files.list(mount.parentId, options);
    const item = items.find(({ childId }) => equalBytes(childId, mount.childId));
    if (item?.entry.mount !== undefined) found.push(await look(context, mount, item));
  }
  return { folders: found, ended: await findEnded(context) };
}

/** What this person opens in place by being in the folder around it is a part of that. */
function nestedOnly({ volumes, accepted }: SharedFoldersContext): MountEntry[] {
  const isAccepted = ({ volumeId }: MountEntry) => accepted.some((id) => equalBytes(id, volumeId));
  const isAtHome = ({ volumeId }: MountEntry) => volumes.mounts.some((mount) => equalBytes(mount.volumeId, volumeId));
  return volumes.nested.filter((mount) => isAccepted(mount) && !isAtHome(mount));
}

async function findEnded({ volumes, accepted }: SharedFoldersContext): Promise<Uint8Array[]> {
  const ended: Uint8Array[] = [];
  for (const volumeId of accepted) {
    if (equalBytes(volumeId, volumes.home.volumeId) || volumes.mountOf(volumeId) !== undefined) continue;
    const [opened] = await Promise.allSettled([volumes.volume(volumeId)]);
    if (opened.status === "rejected" && opened.reason instanceof VolumeMissingError) ended.push(volumeId);
  }
  return ended;
}

/** Listings tell where mounts are: as many are read as it takes to find those that the keyring knows. */
async function findMounts({ volumes, files, accepted }: SharedFoldersContext, options: Options): Promise<void> {
  const { home } = volumes;
  await files.list(home.volumeId, options);
  const isAnyMissing = (): boolean =>
    accepted.some((id) => !equalBytes(id, home.volumeId) && volumes.mountOf(id) === undefined);
  if (!isAnyMissing()) return;
  const queue = [home.volumeId];
  for (let at = queue.pop(); at !== undefined && isAnyMissing(); at = queue.pop()) {
    const { items } = await files.list(at, options);
    for (const { type, childId, entry } of items) {
      if (type === "folder" && entry.mount === undefined) queue.push(childId);
    }
  }
  if (isAnyMissing()) await volumes.discover(options);
}

async function look(
  { volumes, people, userId }: SharedFoldersContext,
  mount: MountEntry,
  item: Item,
): Promise<SharedFolder> {
  try {
    const { role, rows, owner } = (await volumes.follow(mount)).members();
    const { name, verified } = people.recognize(owner);
    const others = rows.filter((row) => !equalBytes(row.userId, userId)).map((row) => row.name);
    return { item, view: { role, owner: { name, verified }, others }, problem: undefined };
  } catch (problem) {
    return { item, view: undefined, problem };
  }
}
