import type { MountedVolumes } from "../mounts/index.ts";
import { copyAcross } from "./across.ts";
import { copyFolder } from "./copying.ts";
import { NotFoundError, SharedFolderError } from "./errors.ts";
import { findIn } from "./places.ts";
import { findItem } from "./reading.ts";
import { findContents } from "./shared-files.ts";
import { type Author, copyFileEntry, type Destination, isFile, requireHandled } from "./tree-changes.ts";
import type { ItemRef } from "./types.ts";

interface CopyOptions {
  readonly to: Destination;
  readonly author: Author;
  readonly signal?: AbortSignal;
}

/** Copies a file, also one that is shared, or a whole folder, wherever they lie. Throws SharedFolderError. */
export async function copyItem(
  volumes: MountedVolumes,
  ref: ItemRef,
  { to, author, ...options }: CopyOptions,
): Promise<void> {
  const at = await findIn(volumes, ref);
  const from = await findContents(volumes, ref);
  const item = await findItem(from.volume, from.ref);
  if (item.entry.mount !== undefined) throw new SharedFolderError();
  const target = await volumes.place(to.folderId);
  // A file that is shared may have another name inside. Everything else has the name that it has when it is copied.
  const called = from.volume === at.volume ? undefined : (await findItem(at.volume, at.ref)).entry.name;
  const there = { ...to, name: to.name ?? called, folderId: target.nodeId };
  if (target.volume !== from.volume) {
    await copyAcross({ from, item, target: target.volume, to: there, author }, options);
    return;
  }
  if (item.type === "folder") {
    await copyFolder(from.volume, item, { ...options, to: there, author });
    return;
  }
  await from.volume.change(async (editor) => {
    const entry = await requireHandled(editor, from.ref);
    if (!isFile(entry)) throw new NotFoundError();
    await copyFileEntry(editor, { entry, to: there, author });
  }, options);
}
