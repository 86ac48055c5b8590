import { equalBytes } from "@excalibur/core/bytes";
import { NameTakenError, NotFoundError } from "../files/errors.ts";
import { type Author, type Files, freeName, type Item, requireName } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import { ENTRY_TYPE, type Volume } from "../volumes/index.ts";
import { usableName } from "./crypto.ts";
import { NotShareableError } from "./errors.ts";
import type { InvitationInfo } from "./types.ts";

export interface AcceptOptions {
  readonly signal?: AbortSignal;
  /** What this person calls it; what its owner called it, with a number if that is taken, unless told. */
  readonly name?: string | undefined;
  /** A folder of the home volume; its root unless told. */
  readonly folderId?: Uint8Array | undefined;
}

export interface Accepted {
  readonly folderId: Uint8Array;
  readonly name: string;
}

export interface InvitationContext {
  readonly volumes: MountedVolumes;
  readonly files: Files;
  readonly author: Author;
}

/** Puts the mount into this person's own drive. Only the person names it, and it takes nobody's place. */
export async function mountAccepted(
  { volumes, files, author }: InvitationContext,
  { volume, invitation }: { readonly volume: Volume; readonly invitation: InvitationInfo },
  { name, folderId = files.rootId, signal }: AcceptOptions,
): Promise<Accepted> {
  const { volume: outer, nodeId } = await volumes.place(folderId);
  // A mount in a volume of others would lead them to what is this person's; and volumes could lead in circles.
  if (outer !== volumes.home) throw new NotShareableError("nested");
  const chosen = name === undefined ? undefined : requireName(name);
  const proposed = (invitation.label && usableName(invitation.label)) || invitation.owner.name;
  const stored = await outer.change(
    async (editor) => {
      if (!editor.hasFolder(nodeId)) throw new NotFoundError();
      const { entries } = await editor.readFolder(nodeId);
      const there = entries.find(({ mount }) => mount !== undefined && equalBytes(mount.volumeId, volume.volumeId));
      // The answer before was cut off: it is mounted already.
      if (there !== undefined) return there.name;
      if (chosen !== undefined && (await editor.findByName(nodeId, chosen)) !== undefined) throw new NameTakenError();
      const free = chosen ?? (await freeName(editor, nodeId, proposed));
      await editor.addEntries(nodeId, [
        {
          ...{ type: ENTRY_TYPE.mount, name: free },
          ...{ createdMs: author.nowMs, modifiedMs: author.nowMs, addedBy: author.addedBy },
          mount: {
            ...{ volumeId: volume.volumeId, genesisCommitHash: volume.genesisHash },
            ...(invitation.isFile && { singleFile: true }),
          },
        },
      ]);
      return free;
    },
    signal ? { signal } : {},
  );
  return { folderId: nodeId, name: stored };
}

/** Takes the mount out of this person's drive. */
export async function unmount(
  volumes: MountedVolumes,
  { parentId, childId }: Item,
  options: { readonly signal?: AbortSignal },
): Promise<void> {
  const { volume, nodeId } = await volumes.place(parentId);
  await volume.change(async (editor) => {
    if (editor.hasFolder(nodeId)) await editor.removeEntries(nodeId, [childId]);
  }, options);
}
