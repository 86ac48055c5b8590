import { toHex } from "@excalibur/core/bytes";
import { findContents, type ItemRef } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import { ReadOnlyError, type Volume, type VolumeMembers } from "../volumes/index.ts";
import type { AccessChange } from "./types.ts";

export interface Putting {
  readonly items: readonly ItemRef[];
  /** Where they go. */
  readonly folderId: Uint8Array;
  /** A copy takes nothing from anybody. */
  readonly how: "move" | "copy";
}

/**
 * Who will be able to open things elsewhere who was not, and the other way round, and whose role is another one there, as the
 * signed member lists say; undefined: it stays as it is. Throws ReadOnlyError where it could not be done anyway.
 */
export async function reckonAccessChange(
  volumes: MountedVolumes,
  { items, folderId, how }: Putting,
): Promise<AccessChange | undefined> {
  const { volume: target } = await volumes.place(folderId);
  const sources = new Set<Volume>();
  for (const item of items) {
    // A file that is shared is moved with its mount, and copied out of its volume.
    const { volume } = how === "copy" ? await findContents(volumes, item) : await volumes.place(item.parentId);
    sources.add(volume);
  }
  sources.delete(target);
  const there = target.members();
  // Nobody is asked about what is refused afterwards.
  const isTakenFrom = (source: Volume) => how === "move" && source.members().role === "viewer";
  if (there.role === "viewer" || [...sources].some(isTakenFrom)) throw new ReadOnlyError();
  const [gain, lose] = [new Map<string, string>(), new Map<string, string>()];
  const [gainWriting, loseWriting] = [new Map<string, string>(), new Map<string, string>()];
  const [gainLinks, loseLinks] = [new Set<string>(), new Set<string>()];
  for (const source of sources) {
    const here = source.members();
    collect(gain, missing(there, here));
    for (const id of missingLinks(there, here)) gainLinks.add(id);
    if (how === "copy") continue;
    collect(lose, missing(here, there));
    collect(gainWriting, writingNow(there, here));
    collect(loseWriting, writingNow(here, there));
    for (const id of missingLinks(here, there)) loseLinks.add(id);
  }
  const found = [gain, lose, gainWriting, loseWriting, gainLinks, loseLinks];
  if (found.every(({ size }) => size === 0)) return undefined;
  const names = (people: ReadonlyMap<string, string>) => [...people.values()].sort();
  return {
    ...{ gain: names(gain), lose: names(lose), gainLinks: gainLinks.size, loseLinks: loseLinks.size },
    ...{ gainWriting: names(gainWriting), loseWriting: names(loseWriting) },
  };
}

function collect(into: Map<string, string>, rows: VolumeMembers["rows"]): void {
  for (const { userId, name } of rows) into.set(toHex(userId), name);
}

/** Who is on the one list and not on the other. */
function missing(of: VolumeMembers, on: VolumeMembers): VolumeMembers["rows"] {
  const known = new Set(on.rows.map(({ userId }) => toHex(userId)));
  return of.rows.filter(({ userId }) => !known.has(toHex(userId)));
}

/** Who is on both lists, and may write by the one and not by the other. */
function writingNow(of: VolumeMembers, on: VolumeMembers): VolumeMembers["rows"] {
  const looking = new Set(on.rows.filter(({ role }) => role === "viewer").map(({ userId }) => toHex(userId)));
  return of.rows.filter(({ role, userId }) => role !== "viewer" && looking.has(toHex(userId)));
}

function missingLinks(of: VolumeMembers, on: VolumeMembers): string[] {
  const known = new Set(on.links.map(({ linkId }) => toHex(linkId)));
  return of.links.map(({ linkId }) => toHex(linkId)).filter((id) => !known.has(id));
}
