/** What the signed history of a volume tells, in the words of people: who did what, and when. */

import { equalBytes } from "@excalibur/core/bytes";
import type { Item } from "../files/index.ts";
import {
  ENTRY_TYPE,
  type EntryChange,
  type MemberEvent,
  type Signer,
  type ToldMoment,
  type Volume,
} from "../volumes/index.ts";
import type { Act, Activity, Actor, ItemOrigin } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

export type Recognize = (signer: Signer) => Actor;

/** The newest changes of a volume, newest first. */
export async function readActivity(
  volume: Volume,
  { limit, recognize, signal }: Options & { readonly limit: number; readonly recognize: Recognize },
): Promise<Activity[]> {
  const told = await volume.history().told({ limit, signal });
  return told.map(({ sequence, timeMs, kind, writer, entries, members }) => ({
    ...{ sequence, timeMs, kind },
    by: writer && recognize(writer),
    acts: entries && [...entries.map(toAct), ...members.map(toMemberAct)],
  }));
}

function toAct({ before, after }: EntryChange): Act {
  const { name, type } = (after ?? before)?.entry ?? { name: "", type: ENTRY_TYPE.folder };
  const item = type === ENTRY_TYPE.file ? "file" : type === ENTRY_TYPE.mount ? "shared" : "folder";
  const act = { item, name } as const;
  if (before === undefined) return { act: "added", ...act };
  if (after === undefined) return { act: "removed", ...act };
  const [was, is] = [before.entry, after.entry];
  if (was.trashed === undefined && is.trashed !== undefined) return { act: "trashed", ...act };
  if (was.trashed !== undefined && is.trashed === undefined) return { act: "restored", ...act };
  if (was.name !== is.name) return { act: "renamed", ...act, from: was.name };
  if (!equalBytes(before.folderId, after.folderId)) return { act: "moved", ...act };
  return { act: "changed", ...act };
}

function toMemberAct({ kind, member, role }: MemberEvent): Act {
  return { act: `member-${kind}`, item: "person", name: member.name, role };
}

/** Commits of its folder that are looked through for the last change of an item, fewer at first. */
const LOOKED_THROUGH = [8, 64, 512] as const;

/** Who added an item, and who changed it last, as far as the history that is kept tells. */
export async function readOrigin(
  volume: Volume,
  { childId, entry }: Pick<Item, "childId" | "entry">,
  { folderId, recognize, signal }: Options & { readonly folderId: Uint8Array; readonly recognize: Recognize },
): Promise<ItemOrigin> {
  const history = volume.history();
  const adder = history.person(entry.addedBy);
  const origin = { addedBy: adder && recognize(adder) };
  for (const limit of LOOKED_THROUGH) {
    const told = await history.told({ limit, folderId, signal });
    for (const moment of told) {
      // Whether this one touched the item nobody can tell any more, and so not which one was the last.
      if (moment.entries === undefined) return { ...origin, changed: undefined };
      if (moment.entries.some((change) => concerns(change, childId)))
        return { ...origin, changed: toChanged(moment, recognize) };
    }
    if (told.length < limit) break;
  }
  return { ...origin, changed: undefined };
}

function concerns({ before, after }: EntryChange, childId: Uint8Array): boolean {
  const entry = (after ?? before)?.entry;
  return entry !== undefined && equalBytes(entry.childId, childId);
}

function toChanged({ sequence, timeMs, writer }: ToldMoment, recognize: Recognize): ItemOrigin["changed"] {
  return { sequence, timeMs, by: writer && recognize(writer) };
}
