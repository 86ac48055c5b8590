import { equalBytes, toHex } from "@excalibur/core/bytes";
import {
  ENTRY_TYPE,
  type Entry,
  type EntryDraft,
  type FileContent,
  FolderMissingError,
  type VolumeEditor,
} from "../../volumes/index.ts";
import { freeName } from "../names.ts";
import { isFile } from "../tree-changes.ts";
import { withNewContent } from "../versions.ts";
import { hasLostContent, isSameContent, type Planned } from "./plan.ts";
import type { Step } from "./types.ts";

type Place = Extract<Step, { kind: "place" }>;

export interface ApplyOptions {
  readonly trashId: Uint8Array;
  /** What is written as the time of what happens now. */
  readonly timeMs: number;
}

/** Makes a plan true on the very state it was made for. First everything leaves its listing, then it is listed anew. */
export async function applyRewind(editor: VolumeEditor, planned: Planned, options: ApplyOptions): Promise<void> {
  const { steps, goneObjects } = planned;
  for (const { nodeId, group } of groupBy(steps, ({ fromId }) => fromId)) {
    await editor.removeEntries(
      nodeId,
      group.map(({ childId }) => childId),
    );
  }
  await placeAll(editor, steps.filter(isPlace), { ...options, goneObjects });
  for (const step of steps) {
    if (step.kind === "return") await giveBack(editor, step);
    if (step.kind === "trash") await moveToTrash(editor, step, options);
  }
}

function isPlace(step: Step): step is Place {
  return step.kind === "place";
}

interface PlaceOptions extends ApplyOptions {
  readonly goneObjects: ReadonlySet<string>;
}

/** Folder by folder, those that are made again before what goes into them. */
async function placeAll(editor: VolumeEditor, steps: readonly Place[], options: PlaceOptions): Promise<void> {
  const groups = new Map(groupBy(steps, ({ toId }) => toId).map((each) => [toHex(each.nodeId), each]));
  const ready = [...groups.values()]
    .filter(({ nodeId }) => editor.hasFolder(nodeId))
    .map(({ nodeId, group }) => ({ folderId: nodeId, group }));
  for (let at = 0; at < ready.length; at++) {
    const { folderId, group } = ready[at] as (typeof ready)[number];
    const drafts: EntryDraft[] = [];
    const taken = new Set<string>();
    for (const step of group) {
      const name = await freeName(editor, folderId, step.entryThen.name, (candidate) => taken.has(candidate));
      taken.add(name);
      drafts.push({ ...entryOf(step, options), name });
    }
    const added = await editor.addEntries(folderId, drafts);
    for (const [index, step] of group.entries()) {
      const entry = added[index] as Entry;
      if (entry.type !== ENTRY_TYPE.folder) continue;
      if (step.entryNow !== undefined) {
        await editor.setParent(entry.childId, folderId);
        continue;
      }
      editor.createFolder({ nodeId: entry.childId, parentNodeId: folderId });
      const inside = groups.get(toHex(step.childId));
      if (inside) ready.push({ folderId: entry.childId, group: inside.group });
    }
  }
  // It has left its old listing already: without a new one it would be lost.
  if (ready.reduce((sum, { group }) => sum + group.length, 0) !== steps.length) throw new FolderMissingError();
}

function entryOf(step: Place, { timeMs, goneObjects }: PlaceOptions): EntryDraft {
  const { entryNow, entryThen } = step;
  if (entryNow === undefined) {
    const { childId: _, trashed: __, file, ...rest } = entryThen;
    if (!file) return rest;
    const versions = file.versions.filter(({ objectId }) => !goneObjects.has(toHex(objectId)));
    return { ...rest, file: { ...kept(file, goneObjects), versions } };
  }
  const { trashed: _, ...rest } = entryNow;
  if (!isFile(rest) || !entryThen.file) return rest;
  if (isSameContent(rest, entryThen) || hasLostContent(step, goneObjects)) return rest;
  if (equalBytes(rest.file.objectId, entryThen.file.objectId)) return { ...rest, modifiedMs: entryThen.modifiedMs };
  const { versions: __, ...content } = kept(entryThen.file, goneObjects);
  return withNewContent(rest, { content, modifiedMs: entryThen.modifiedMs, replacedMs: timeMs });
}

/** The content without a thumbnail that is gone: another one can be made. */
function kept(file: FileContent, gone: ReadonlySet<string>): FileContent {
  const { thumbnail, ...content } = file;
  return thumbnail && !gone.has(toHex(thumbnail.objectId)) ? file : content;
}

async function giveBack(editor: VolumeEditor, step: Extract<Step, { kind: "return" }>): Promise<void> {
  const { childId, toId, entryNow, entryThen } = step;
  const { trashed: _, ...rest } = entryNow;
  const name = await freeName(editor, toId, entryThen.name);
  await editor.addEntries(toId, [{ ...rest, name }]);
  if (rest.type === ENTRY_TYPE.folder) await editor.setParent(childId, toId);
}

async function moveToTrash(
  editor: VolumeEditor,
  { childId, fromId, entryNow }: Extract<Step, { kind: "trash" }>,
  { trashId, timeMs }: ApplyOptions,
): Promise<void> {
  await editor.addEntries(trashId, [{ ...entryNow, trashed: { atMs: timeMs, fromNodeId: fromId } }]);
  if (entryNow.type === ENTRY_TYPE.folder) await editor.setParent(childId, trashId);
}

function groupBy<T extends Step>(
  steps: readonly T[],
  keyOf: (step: T) => Uint8Array | undefined,
): { readonly nodeId: Uint8Array; readonly group: T[] }[] {
  const groups = new Map<string, { readonly nodeId: Uint8Array; readonly group: T[] }>();
  for (const step of steps) {
    const nodeId = keyOf(step);
    if (nodeId === undefined) continue;
    const key = toHex(nodeId);
    const group = groups.get(key) ?? { nodeId, group: [] };
    group.group.push(step);
    groups.set(key, group);
  }
  return [...groups.values()];
}
