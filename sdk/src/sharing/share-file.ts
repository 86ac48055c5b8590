/**
 * [Note: How a file becomes a volume]
 * As a folder does ([Note: How a folder becomes a volume]): first a volume of its own, marked as that of one file (decision
 * 0066), filled and with its members; then one commit of the drive that puts its mount in the place of the file. The commit
 * is made only if the file still is what was taken; otherwise a new volume is prepared.
 */

import { toHex } from "@excalibur/core/bytes";
import { type Item, NotAFileError, NotFoundError, transplanted } from "../files/index.ts";
import { ENTRY_TYPE, type Entry, type Volume, type VolumeEditor, type VolumeReader } from "../volumes/index.ts";
import { ShareBusyError } from "./errors.ts";
import type { ShareContext, ShareOptions } from "./share-folder.ts";

/** A file that is replaced this often is not going to be quiet soon. */
const ATTEMPTS = 5;

class ReplacedMeanwhile extends Error {}

/** Makes a volume of a file of the home volume; `invite` gives it its members. Throws ShareBusyError; then nothing has changed. */
export async function shareFile(
  { account, api, volumes }: ShareContext,
  { parentId, childId }: Item,
  { invite, withVersions = false, signal }: ShareOptions,
): Promise<Volume> {
  const { home } = volumes;
  const options = signal ? { signal } : {};
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const entry = await requireFile(home, { parentId, childId });
    const { volumeId, wire } = await account.newVolume(entry.name, { singleFile: true });
    await api.create(wire, options);
    const inner = await volumes.volume(volumeId);
    try {
      await inner.change((editor) => editor.addEntries(volumeId, [transplanted(entry, { withVersions })]), options);
      await invite(inner, home);
      await home.change((editor) => putMount(editor, { parentId, childId }, { inner, taken: entry }), options);
    } catch (error) {
      await volumes.forget(volumeId);
      if (!(error instanceof ReplacedMeanwhile)) throw error;
      await home.catchUp(options);
      continue;
    }
    await account.keepVolume({ volumeId, keys: inner.keys, head: inner.head }, signal);
    return inner;
  }
  throw new ShareBusyError();
}

type Place = Pick<Item, "parentId" | "childId">;

async function requireFile(reader: VolumeReader, { parentId, childId }: Place): Promise<Entry> {
  if (!reader.hasFolder(parentId)) throw new NotFoundError();
  const { entries } = await reader.readFolder(parentId);
  const entry = entries.find((each) => toHex(each.childId) === toHex(childId));
  if (entry === undefined) throw new NotFoundError();
  if (entry.type !== ENTRY_TYPE.file) throw new NotAFileError();
  return entry;
}

async function putMount(
  editor: VolumeEditor,
  place: Place,
  { inner, taken }: { readonly inner: Volume; readonly taken: Entry },
): Promise<void> {
  const { parentId, childId } = place;
  const entry = await requireFile(editor, place);
  if (contentOf(entry) !== contentOf(taken)) throw new ReplacedMeanwhile();
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
