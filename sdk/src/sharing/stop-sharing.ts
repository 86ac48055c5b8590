/**
 * [Note: How a volume becomes a folder again]
 * First everybody else is taken off the list, so that nobody writes into it any more, and nothing written later can be read.
 * Then one commit of the volume around it puts a folder with everything that is in the volume in the place of the mount, and the
 * volume ends, all at once, if it still stands as it was read. Whatever breaks this off leaves the volume, with nobody else in it:
 * doing it again goes on from there.
 */

import { equalBytes } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";
import type { AccountSession } from "../account/index.ts";
import {
  type Follower,
  type Item,
  type ItemRef,
  NotFoundError,
  plantWhole,
  type Renewed,
  readWhole,
  soleFileIn,
  trashFolderId,
  type WholeVolume,
} from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import { ApiError } from "../transport/errors.ts";
import { ENTRY_TYPE, type Entry, type Volume, type VolumeEditor } from "../volumes/index.ts";
import { RoleError, ShareBusyError, TooLargeToUnshareError } from "./errors.ts";
import { requireManager } from "./member-changes.ts";

/** A volume that keeps changing this often, with nobody else in it, is being shared again. */
const ATTEMPTS = 5;

export interface StopContext {
  readonly account: AccountSession;
  readonly volumes: MountedVolumes;
  readonly follower: Follower;
}

/**
 * Makes an ordinary folder of a shared one, which only its owner can, and in a shared folder only a manager of that.
 * `beforeClosing` is done when nothing speaks against it any more, and may be asked for more than once. Throws RoleError, TooLargeToUnshareError, what `readWhole`
 * throws, and has changed nothing then; ShareBusyError, and then nobody else is in it.
 */
export async function stopSharing(
  { account, volumes, follower }: StopContext,
  item: Item,
  { beforeClosing, signal }: { readonly beforeClosing: () => Promise<void>; readonly signal?: AbortSignal },
): Promise<void> {
  const options = signal ? { signal } : {};
  const { volume: around, nodeId: parentId } = await volumes.place(item.parentId);
  const { volume: inner } = await volumes.place(item.childId);
  if (around !== volumes.home) {
    await around.catchUp(options);
    requireManager(around.members());
  }
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    await inner.catchUp(options);
    if (inner.members().role !== "owner") throw new RoleError("owner");
    const whole = await readWhole(inner, options);
    if (whole.pageCount > LIMITS.commitPages / 2 || whole.objectCount > LIMITS.commitObjects / 2)
      throw new TooLargeToUnshareError();
    await beforeClosing();
    const written = (await closeToOthers(inner, options)) ? 1 : 0;
    // Somebody was quicker: it is read anew.
    if (inner.head.sequence !== whole.head.sequence + written) continue;
    try {
      const place = { parentId, childId: item.childId };
      const what = { inner, whole, rootId: around.volumeId, isFollowed: (id: Uint8Array) => follower.has(id) };
      const renewed = await around.change((editor) => putBack(editor, place, what), options);
      await follower.follow(renewed, { from: inner.volumeId, to: around.volumeId });
    } catch (error) {
      if (!hasMovedOn(error)) throw error;
      continue;
    }
    await forgetShared({ account, volumes }, inner.volumeId, signal);
    return;
  }
  throw new ShareBusyError();
}

/** Whether a new list had to be written. */
async function closeToOthers(inner: Volume, options: { readonly signal?: AbortSignal }): Promise<boolean> {
  const { rows, links } = inner.members();
  if (rows.length === 1 && links.length === 0) return false;
  await inner.changeMembers((members) => {
    if (members.role !== "owner") throw new RoleError("owner");
    return { rows: members.rows.filter(({ role }) => role === "owner"), identities: [], links: [] };
  }, options);
  return true;
}

/** Puts a folder in the place of the mount, or the file if that is all that was shared. */
async function putBack(
  editor: VolumeEditor,
  { parentId, childId }: ItemRef,
  { inner, whole, rootId, isFollowed }: PuttingBack,
): Promise<Renewed[]> {
  const entry = editor.hasFolder(parentId) ? await editor.findChild(parentId, childId) : undefined;
  if (entry?.mount === undefined || !equalBytes(entry.mount.volumeId, inner.volumeId)) throw new NotFoundError();
  const { name, createdMs, modifiedMs, addedBy } = entry;
  await editor.removeEntries(parentId, [childId]);
  const sole = entry.mount.singleFile ? soleFileIn(whole) : undefined;
  if (sole !== undefined) {
    await plantFile(editor, whole, { sole, name, folderId: parentId, rootId });
    editor.unmount({ volumeId: inner.volumeId, headHash: inner.head.hash });
    return [];
  }
  const folder = { type: ENTRY_TYPE.folder, name, createdMs, modifiedMs, addedBy };
  const [added] = await editor.addEntries(parentId, [folder]);
  if (added === undefined) throw new NotFoundError();
  editor.createFolder({ nodeId: added.childId, parentNodeId: parentId });
  const trashId = await trashFolderId(editor, rootId);
  const renewed = await plantWhole(editor, whole, { folderId: added.childId, trashId, isFollowed });
  editor.unmount({ volumeId: inner.volumeId, headHash: inner.head.hash });
  return renewed;
}

interface PuttingBack {
  readonly inner: Volume;
  readonly whole: WholeVolume;
  /** Of the volume around it. */
  readonly rootId: Uint8Array;
  /** By the childId that an entry had inside. */
  readonly isFollowed: (childId: Uint8Array) => boolean;
}

/** The file itself where it was mounted; what is in the trash of its volume goes into that of the drive. */
async function plantFile(
  editor: VolumeEditor,
  whole: WholeVolume,
  {
    sole,
    name,
    folderId,
    rootId,
  }: { readonly sole: Entry; readonly name: string } & Record<"folderId" | "rootId", Uint8Array>,
): Promise<void> {
  const { childId: _id, trashed: _trashed, ...kept } = sole;
  await editor.addEntries(folderId, [{ ...kept, name }]);
  const rest = whole.folders.filter(({ nodeId }) => !equalBytes(nodeId, whole.rootId));
  const trashId = await trashFolderId(editor, rootId);
  await plantWhole(editor, { ...whole, folders: rest }, { folderId, trashId, isFollowed: () => false });
}

function hasMovedOn(error: unknown): boolean {
  return error instanceof ApiError && error.facts.reason?.startsWith("unmount_") === true;
}

/** What the account keeps of a volume that has ended: its keys, and the secrets of links into it. */
export async function forgetShared(
  { account, volumes }: Pick<StopContext, "account" | "volumes">,
  volumeId: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  volumes.unmounted(volumeId);
  await volumes.forget(volumeId);
  for (const link of account.links)
    if (equalBytes(link.volumeId, volumeId)) await account.forgetLink(link.linkId, signal);
  await account.forgetVolume(volumeId, signal);
}
