/**
 * [Note: How a file becomes a volume]
 * As a folder does ([Note: How a folder becomes a volume]): first a volume of its own, marked as that of one file (decision
 * 0066), filled and with its members; then one commit of the volume around it that puts its mount in the place of the file. The commit
 * is made only if the file still is what was taken; otherwise a new volume is prepared.
 */

import { toHex } from "@excalibur/core/bytes";
import { type Item, type ItemRef, NotAFileError, NotFoundError, transplanted } from "../files/index.ts";
import { ENTRY_TYPE, type Entry, type Volume, type VolumeEditor, type VolumeReader } from "../volumes/index.ts";
import { ChangedMeanwhile, makeShared, type ShareContext, type ShareOptions } from "./share-folder.ts";

/**
 * Makes a volume of a file. Whoever is in the volume around it is in it from the start; `invite` gives it further members. Throws
 * ShareBusyError; then nothing has changed.
 */
export async function shareFile(context: ShareContext, item: Item, how: ShareOptions): Promise<Volume> {
  const { withVersions = false, signal } = how;
  return await makeShared(context, item, how, () => {
    let taken: Entry;
    return {
      begin: async (around, place) => {
        taken = await requireFile(around, place);
        return await context.account.newVolume(taken.name, { singleFile: true });
      },
      fill: async (inner) => {
        const entries = [transplanted(taken, { withVersions })];
        await inner.change((editor) => editor.addEntries(inner.volumeId, entries), signal ? { signal } : {});
        return { put: (editor, place) => putMount(editor, place, { inner, taken }), renewed: [] };
      },
    };
  });
}

async function requireFile(reader: VolumeReader, { parentId, childId }: ItemRef): Promise<Entry> {
  if (!reader.hasFolder(parentId)) throw new NotFoundError();
  const { entries } = await reader.readFolder(parentId);
  const entry = entries.find((each) => toHex(each.childId) === toHex(childId));
  if (entry === undefined) throw new NotFoundError();
  if (entry.type !== ENTRY_TYPE.file) throw new NotAFileError();
  return entry;
}

async function putMount(
  editor: VolumeEditor,
  place: ItemRef,
  { inner, taken }: { readonly inner: Volume; readonly taken: Entry },
): Promise<void> {
  const { parentId, childId } = place;
  const entry = await requireFile(editor, place);
  if (contentOf(entry) !== contentOf(taken)) throw new ChangedMeanwhile();
  await editor.removeEntries(parentId, [childId]);
  const { name, createdMs, modifiedMs, addedBy } = entry;
  const mount = { volumeId: inner.volumeId, genesisCommitHash: inner.genesisHash, singleFile: true } as const;
  await editor.addEntries(parentId, [{ type: ENTRY_TYPE.mount, name, createdMs, modifiedMs, addedBy, mount }]);
  editor.mountPending(inner.volumeId);
}

/** Another text whenever its contents, small picture or versions are others; its name may change. */
function contentOf({ file, modifiedMs }: Entry): string {
  const objects = file === undefined ? [] : [file, ...(file.thumbnail ? [file.thumbnail] : []), ...file.versions];
  return [modifiedMs, ...objects.map(({ objectId }) => toHex(objectId))].join();
}
