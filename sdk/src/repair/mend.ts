/** Each repair as a change of the tree: it looks again before it does anything, because the state may be a newer one. */

import { toHex } from "@excalibur/core/bytes";
import { rangeHolds } from "@excalibur/core/volume/record";
import { addFolder, freeName } from "../files/index.ts";
import {
  type EarlierPage,
  ENTRY_TYPE,
  type Entry,
  type FileVersion,
  type PagePlace,
  type VolumeEditor,
} from "../volumes/index.ts";

/** Where things go that have no place of their own any more: in the root, for everybody to see. */
export const RECOVERED = "Recovered";

export interface MendContext {
  readonly rootId: Uint8Array;
  readonly addedBy: Uint8Array;
  readonly nowMs: number;
  /** Objects, by id as hex, that the server has no longer: nothing that comes back may list them. */
  readonly missing: ReadonlySet<string>;
}

export type Mend = (editor: VolumeEditor, context: MendContext) => Promise<void>;

interface Line {
  readonly parentId: Uint8Array;
  readonly childId: Uint8Array;
}

/** What is to stand on a page instead; nothing: what stands on it, which the server only has to be given again. */
export function mendPage(place: PagePlace, content: Pick<EarlierPage, "entries" | "folder"> | undefined): Mend {
  return async (editor, { missing }) => {
    if (!editor.hasFolder(place.nodeId)) return;
    const { entries, damage } = await editor.readFolder(place.nodeId);
    const isDamaged = damage.some(({ bits, bitsLength }) => bits === place.bits && bitsLength === place.bitsLength);
    if (content === undefined && !isDamaged) {
      await editor.rewritePage(place, { entries: entries.filter(({ childId }) => rangeHolds(place, childId)) });
    } else if (content !== undefined && isDamaged) {
      await editor.rewritePage(place, { ...content, entries: withoutMissing(content.entries, missing) });
    }
  };
}

/** Entries as they can come back: without files and versions whose objects are gone. */
export function withoutMissing(entries: readonly Entry[], missing: ReadonlySet<string>): Entry[] {
  const has = ({ objectId }: { readonly objectId: Uint8Array }) => !missing.has(toHex(objectId));
  return entries.flatMap((entry) => {
    const { file } = entry;
    if (file === undefined) return [entry];
    if (!has(file)) return [];
    const { thumbnail, ...rest } = file;
    return [
      {
        ...entry,
        file: { ...rest, versions: file.versions.filter(has), ...(thumbnail && has(thumbnail) && { thumbnail }) },
      },
    ];
  });
}

/** Takes a line out of a listing; what it names, if it is there, stays where it belongs. */
export function unlist({ parentId, childId }: Line): Mend {
  return async (editor) => {
    if (editor.hasFolder(parentId)) await editor.removeEntries(parentId, [childId]);
  };
}

/** The second of two things with one identity gets its own. */
export function ownCopy({ parentId, childId }: Line): Mend {
  return async (editor) => {
    const entry = editor.hasFolder(parentId) ? await editor.findChild(parentId, childId) : undefined;
    if (entry === undefined) return;
    const { childId: _, ...rest } = entry;
    await editor.removeEntries(parentId, [childId]);
    await editor.addEntries(parentId, [rest]);
  };
}

export function mendParent(nodeId: Uint8Array, parentId: Uint8Array): Mend {
  return async (editor) => {
    if (editor.hasFolder(nodeId) && editor.hasFolder(parentId)) await editor.setParent(nodeId, parentId);
  };
}

/** A folder that no way leads to goes where everybody sees it, with everything in it. */
export function recoverFolder(
  nodeId: Uint8Array,
  facts: { readonly name: string; readonly rootId: Uint8Array; readonly ringFolderId: Uint8Array | undefined },
): Mend {
  return async (editor, context) => {
    if (!editor.hasFolder(nodeId)) return;
    const recoveredId = await recoveredFolder(editor, context);
    const { ringFolderId } = facts;
    const listed = ringFolderId && (await editor.findChild(ringFolderId, nodeId));
    if (ringFolderId) await editor.removeEntries(ringFolderId, [nodeId]);
    const { addedBy } = context;
    const nowMs = editor.timeMs(context.nowMs);
    const name = await freeName(editor, recoveredId, facts.name);
    const fresh = { type: ENTRY_TYPE.folder, createdMs: nowMs, modifiedMs: nowMs, addedBy };
    await editor.addEntries(recoveredId, [{ ...fresh, ...listed, name, childId: nodeId }]);
    await editor.setParent(nodeId, recoveredId);
  };
}

/**
 * A file whose contents are lost goes to Recovered, where it stays whole but for them: they may come back with the
 * server's disk. An earlier version that is whole takes its place.
 */
export function setAside({ parentId, childId }: Line, version: FileVersion | undefined): Mend {
  return async (editor, context) => {
    const entry = editor.hasFolder(parentId) ? await editor.findChild(parentId, childId) : undefined;
    if (entry?.file === undefined) return;
    const recoveredId = await recoveredFolder(editor, context);
    const { trashed: _, ...kept } = entry;
    await editor.removeEntries(parentId, [childId]);
    const name = await freeName(editor, recoveredId, entry.name);
    await editor.addEntries(recoveredId, [{ ...kept, name }]);
    if (version === undefined) return;
    const { replacedMs: _r, modifiedMs, preserved: _p, ...content } = version;
    const { childId: _c, ...place } = entry;
    const file = { ...content, mediaType: entry.file.mediaType, versions: [] };
    await editor.addEntries(parentId, [{ ...place, modifiedMs, file }]);
  };
}

export async function recoveredFolder(editor: VolumeEditor, { rootId, ...author }: MendContext): Promise<Uint8Array> {
  const there = await editor.findByName(rootId, RECOVERED);
  if (there?.type === ENTRY_TYPE.folder && editor.hasFolder(there.childId)) return there.childId;
  const name = await freeName(editor, rootId, RECOVERED);
  return (await addFolder(editor, { parentId: rootId, name, author })).childId;
}
