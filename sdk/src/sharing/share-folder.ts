/**
 * [Note: How a folder becomes a volume]
 * First a volume of its own is made, filled and given its members; the server shows it to nobody yet. Then one commit of the
 * drive takes the folder out, puts the mount in its place, and makes the volume permanent, all at once. Until that commit
 * nothing has changed for anybody, and what was prepared goes by itself when it is not used. The commit is made only if
 * every folder still is as it was copied; otherwise a new volume is prepared.
 */

import type { AccountSession } from "../account/index.ts";
import { type Item, NotFoundError, type Transplanted, transplant } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import { ENTRY_TYPE, type Volume, type VolumeEditor } from "../volumes/index.ts";
import type { SharingApi } from "./api.ts";
import { ShareBusyError } from "./errors.ts";

/** A folder that keeps changing this often is not going to be quiet soon. */
const ATTEMPTS = 5;

export interface ShareContext {
  readonly account: AccountSession;
  readonly api: SharingApi;
  readonly volumes: MountedVolumes;
}

export interface ShareOptions {
  readonly invite: (inner: Volume) => Promise<void>;
  /** Earlier versions of files come along; otherwise they stay behind. */
  readonly withVersions?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

class ChangedMeanwhile extends Error {}

/** Makes a volume of a folder of the home volume; `invite` gives it its members. Throws SharedInsideError, ShareBusyError; then nothing has changed. */
export async function shareFolder(
  { account, api, volumes }: ShareContext,
  item: Item,
  { invite, withVersions = false, signal }: ShareOptions,
): Promise<Volume> {
  const { home } = volumes;
  const options = signal ? { signal } : {};
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { volumeId, wire } = await account.newVolume(item.entry.name);
    await api.create(wire, options);
    const inner = await volumes.volume(volumeId);
    try {
      const copied = await transplant(home, inner, { from: item.childId, to: volumeId, withVersions, ...options });
      await invite(inner);
      await home.change((editor) => putMount(editor, item, { inner, copied }), options);
    } catch (error) {
      await volumes.forget(volumeId);
      if (!(error instanceof ChangedMeanwhile)) throw error;
      await home.catchUp(options);
      continue;
    }
    await account.keepVolume({ volumeId, keys: inner.keys, head: inner.head }, signal);
    return inner;
  }
  throw new ShareBusyError();
}

async function putMount(
  editor: VolumeEditor,
  { parentId, childId }: Item,
  { inner, copied }: { readonly inner: Volume; readonly copied: Transplanted },
): Promise<void> {
  const entry = editor.hasFolder(parentId) ? await editor.findChild(parentId, childId) : undefined;
  if (entry?.type !== ENTRY_TYPE.folder) throw new NotFoundError();
  for (const { nodeId, stamp } of copied.folders) {
    if (editor.stampOf(nodeId) !== stamp) throw new ChangedMeanwhile();
  }
  for (const { nodeId } of copied.folders) await editor.dropFolder(nodeId);
  await editor.removeEntries(parentId, [childId]);
  const { name, createdMs, modifiedMs, addedBy } = entry;
  const mount = { volumeId: inner.volumeId, genesisCommitHash: inner.genesisHash };
  await editor.addEntries(parentId, [{ type: ENTRY_TYPE.mount, name, createdMs, modifiedMs, addedBy, mount }]);
  editor.mountPending(inner.volumeId);
}
