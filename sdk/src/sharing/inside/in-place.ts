/** Shared folders that this person has in place: inside another one that they are in. */

import { equalBytes, toHex } from "@excalibur/core/bytes";
import type { Files } from "../../files/index.ts";
import { type MountedVolumes, mountsIn } from "../../mounts/index.ts";
import type { Volume, VolumeMemberRow } from "../../volumes/index.ts";
import type { SharingApi } from "../api.ts";
import { aroundOf } from "./outer-members.ts";

/** Parts of listings: as many entries as fifty thousand. */
const PAGES_READ = 200;

type Options = { readonly signal?: AbortSignal | undefined };

export interface PlaceInside {
  readonly path: string;
  readonly folderId: Uint8Array;
  readonly name: string;
  /** Whoever is in the folder around it is led into it without being asked (spec/volumes.md §10). */
  readonly isLedInto: boolean;
}

/** Where a volume stands in another one of this person's; undefined: nowhere, as far as they can read. */
export async function placeInside(
  { volumes, files }: { readonly volumes: MountedVolumes; readonly files: Files },
  volume: Volume,
  options: Options,
): Promise<PlaceInside | undefined> {
  const { owner } = volume.members();
  // Others cannot share what is in it, and what they put there is no place for anything.
  const where = (outer: Volume) => outer.members().rows.some((row) => isSharer(row, owner));
  await volumes.discover({ where, isFresh: true, ...options });
  for (const mount of volumes.nested.filter(({ outer }) => where(outer))) {
    const { volumeId, genesisCommitHash, parentId: folderId, childId } = mount;
    if (!equalBytes(volumeId, volume.volumeId) || !equalBytes(genesisCommitHash, volume.genesisHash)) continue;
    const { items } = await files.list(folderId, options.signal ? { signal: options.signal } : {});
    const item = items.find((each) => equalBytes(each.childId, childId));
    const above = await files.pathOf(folderId);
    if (item !== undefined && above !== undefined)
      return { path: `${above}/${item.name}`, folderId, name: item.name, isLedInto: isSameOwners(mount.outer, volume) };
  }
  return undefined;
}

function isSharer({ userId, role }: VolumeMemberRow, owner: VolumeMemberRow): boolean {
  return equalBytes(userId, owner.userId) && (role === "owner" || role === "manager");
}

function isSameOwners(one: Volume, other: Volume): boolean {
  return equalBytes(one.members().owner.fingerprint, other.members().owner.fingerprint);
}

/** Without those that stand inside another one of the same owner's among them: whoever accepts that one has them. */
export async function outermost<T extends { readonly volumeId: Uint8Array }>(
  volumes: MountedVolumes,
  offered: readonly T[],
  options: Options,
): Promise<T[]> {
  const opened = await Promise.all(offered.map(({ volumeId }) => volumes.volume(volumeId)));
  const inside: Volume[] = [];
  for (const outer of opened) {
    const others = opened.filter((each) => each !== outer && isSameOwners(each, outer));
    // Listings are read only where there may be something in them, and not of a huge folder that nobody has accepted yet.
    const isRead = others.length > 0 && [...outer.pages().all()].length <= PAGES_READ;
    const { mounts } = isRead ? await mountsIn(outer, options) : { mounts: [] };
    inside.push(...others.filter(({ volumeId }) => mounts.some((mount) => equalBytes(mount.volumeId, volumeId))));
  }
  return offered.filter(({ volumeId }) => !inside.some((each) => equalBytes(each.volumeId, volumeId)));
}

/** Of a volume that stands in another one of the same owner: who need not answer, because they have accepted that one; by hex of the userId. */
export async function ledInto(
  { api, volumes }: { readonly api: SharingApi; readonly volumes: MountedVolumes },
  volume: Volume,
  options: Options,
): Promise<ReadonlySet<string>> {
  const outer = aroundOf(volumes, volume);
  if (outer === undefined || !isSameOwners(outer, volume)) return new Set();
  const answers = await api.answers(outer.volumeId, options);
  return new Set(answers.filter(({ acceptedMs }) => acceptedMs !== null).map(({ userId }) => toHex(userId)));
}
