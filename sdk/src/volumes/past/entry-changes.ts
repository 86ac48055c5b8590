import { equalBytes, toHex } from "@excalibur/core/bytes";
import type { Entry } from "../crypto.ts";
import type { EntryChange, PlacedEntry } from "../types.ts";

/** The entries of some folders, by childId. */
export type PlacedEntries = ReadonlyMap<string, PlacedEntry>;

/** What became of each entry between two states of the same places. */
export function compareEntries(before: PlacedEntries, after: PlacedEntries): EntryChange[] {
  const changes: EntryChange[] = [];
  for (const [key, now] of after) {
    const was = before.get(key);
    if (was === undefined) changes.push({ before: undefined, after: now });
    else if (!isSame(was, now)) changes.push({ before: was, after: now });
  }
  for (const [key, was] of before) if (!after.has(key)) changes.push({ before: was, after: undefined });
  return changes;
}

function isSame(a: PlacedEntry, b: PlacedEntry): boolean {
  return equalBytes(a.folderId, b.folderId) && stamp(a.entry) === stamp(b.entry);
}

/** Another text whenever people see something else. */
function stamp({ name, modifiedMs, file, mount, trashed }: Entry): string {
  const objects = file && [file, ...(file.versions ?? [])].map(({ objectId }) => toHex(objectId));
  return JSON.stringify([name, modifiedMs, objects, mount && toHex(mount.volumeId), trashed !== undefined]);
}
