/**
 * [Note: How a folder becomes a volume]
 * First a volume of its own is made, filled and given its members; the server shows it to nobody yet. Then one commit of the
 * volume around it takes the folder out, puts the mount in its place, and makes the volume permanent, all at once. Until that commit
 * nothing has changed for anybody, and what was prepared goes by itself when it is not used. The commit is made only if
 * every folder still is as it was copied, and who is in the volume around it is whom the new one was given; otherwise a new volume
 * is prepared.
 */

import { equalBytes } from "@excalibur/core/bytes";
import type { AccountSession } from "../account/index.ts";
import {
  type Follower,
  type Item,
  type ItemRef,
  NotFoundError,
  type Renewed,
  type Transplanted,
  transplant,
} from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import { ENTRY_TYPE, type Volume, type VolumeEditor } from "../volumes/index.ts";
import type { SharingApi } from "./api.ts";
import { ShareBusyError } from "./errors.ts";
import { withOuterMembers } from "./inside/outer-members.ts";

/** A folder that keeps changing this often is not going to be quiet soon. */
const ATTEMPTS = 5;

export interface ShareContext {
  readonly account: AccountSession;
  readonly api: SharingApi;
  readonly volumes: MountedVolumes;
  readonly follower: Follower;
}

export interface ShareOptions {
  /** Told of the volume that the folder was a part of, too. */
  readonly invite: (inner: Volume, madeOf: Volume) => Promise<void>;
  readonly nowMs: () => number;
  /** Earlier versions of files come along; otherwise they stay behind. */
  readonly withVersions?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is shared is not any more what the new volume was made of: it is made again. */
export class ChangedMeanwhile extends Error {}

/** What the new volume was filled with. */
interface Filled {
  /** Takes what is shared out of the volume around it, and puts the mount of the new one in its place. Throws ChangedMeanwhile. */
  readonly put: (editor: VolumeEditor, place: ItemRef) => Promise<void>;
  readonly renewed: readonly Renewed[];
}

/** How something of a volume becomes a volume of its own. */
export interface Making {
  /** Its volume, empty and known to nobody. */
  begin(around: Volume, place: ItemRef): Promise<PreparedVolume>;
  fill(inner: Volume): Promise<Filled>;
}

type PreparedVolume = Awaited<ReturnType<AccountSession["newVolume"]>>;

/**
 * Makes a volume of a folder. Whoever is in the volume around it is in it from the start; `invite` gives it further members. Throws
 * ShareBusyError; then nothing has changed.
 */
export async function shareFolder(context: ShareContext, item: Item, how: ShareOptions): Promise<Volume> {
  const { account, follower } = context;
  const { withVersions = false, signal } = how;
  return await makeShared(context, item, how, (around) => ({
    begin: () => account.newVolume(item.entry.name),
    fill: async (inner) => {
      const isFollowed = (id: Uint8Array) => follower.has(id);
      const what = { from: item.childId, to: inner.volumeId, withVersions, withMounts: true, isFollowed };
      const copied = await transplant(around, inner, signal ? { ...what, signal } : what);
      return { put: (editor, at) => putMount(editor, at, { inner, copied }), renewed: copied.renewed };
    },
  }));
}

/** What [Note: How a folder becomes a volume] says, whatever it is that is shared. */
export async function makeShared(
  { account, api, volumes, follower }: ShareContext,
  item: Item,
  { invite, nowMs, signal }: ShareOptions,
  making: (around: Volume) => Making,
): Promise<Volume> {
  const options = signal ? { signal } : {};
  const { volume: around, nodeId: parentId } = await volumes.place(item.parentId);
  const place = { parentId, childId: item.childId };
  const { begin, fill } = making(around);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { volumeId, wire } = await begin(around, place);
    await api.create(wire, options);
    const inner = await volumes.volume(volumeId);
    try {
      const { manifestHash } = around;
      const filled = await fill(inner);
      if (around !== volumes.home) {
        const answers = await api.answers(around.volumeId, options);
        await inner.changeMembers(withOuterMembers(around.members(), { answers, nowMs: nowMs() }), options);
      }
      await invite(inner, around);
      await around.change(async (editor) => {
        if (!equalBytes(around.manifestHash, manifestHash)) throw new ChangedMeanwhile();
        await filled.put(editor, place);
      }, options);
      await follower.follow(filled.renewed, { from: around.volumeId, to: volumeId });
    } catch (error) {
      await volumes.forget(volumeId);
      if (!(error instanceof ChangedMeanwhile)) throw error;
      await around.catchUp(options);
      continue;
    }
    await account.keepVolume({ volumeId, keys: inner.keys, head: inner.head }, signal);
    return inner;
  }
  throw new ShareBusyError();
}

async function putMount(
  editor: VolumeEditor,
  { parentId, childId }: ItemRef,
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
