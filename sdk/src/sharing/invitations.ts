import { equalBytes } from "@excalibur/core/bytes";
import { NameTakenError, NotFoundError } from "../files/errors.ts";
import { type Author, type Files, freeName, type Item, requireName } from "../files/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import { ENTRY_TYPE, type Volume } from "../volumes/index.ts";
import { usableName } from "./crypto.ts";
import { NotShareableError } from "./errors.ts";
import { type PlaceInside, placeInside } from "./inside/in-place.ts";
import type { People } from "./people.ts";
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

/** What a shared folder is called where nobody has chosen a name. */
interface Called {
  readonly label: string | undefined;
  readonly isFile: boolean;
  readonly owner: { readonly name: string };
}

/** An invitation, and where what it is to stands already. */
export interface LookedAt extends InvitationInfo {
  readonly inside: PlaceInside | undefined;
}

/**
 * What an invitation leads to; nothing for what is this person's own, their drive above all, whatever the server calls it.
 * Throws ContactChangedError when its owner has other keys than the pinned ones.
 */
export async function lookAt(
  { volumes, files, people }: Pick<InvitationContext, "volumes" | "files"> & { readonly people: People },
  volumeId: Uint8Array,
): Promise<LookedAt | undefined> {
  const volume = await volumes.volume(volumeId);
  // Looked at before, it may have opened as it was then.
  await volume.catchUp();
  const { owner, role } = volume.members();
  if (role === "owner") return undefined;
  const { attributes } = await volume.readFolder(volumeId);
  const { name, fingerprint, verified } = people.recognize(owner);
  const inside = await placeInside({ volumes, files }, volume, {});
  const who = { owner: { name, fingerprint, verified }, role };
  const isFile = attributes?.singleFile === true;
  return { volumeId, label: attributes?.label, isFile, ...who, place: inside?.path, inside };
}

/** Puts the mount into this person's own drive. Only the person names it, and it takes nobody's place. */
export async function mountAccepted(
  { volumes, files, author }: InvitationContext,
  { volume, called }: { readonly volume: Volume; readonly called: Called },
  { name, folderId = files.rootId, signal }: AcceptOptions,
): Promise<Accepted> {
  const { volume: outer, nodeId } = await volumes.place(folderId);
  // A mount in a volume of others would lead them to what is this person's; and volumes could lead in circles.
  if (outer !== volumes.home) throw new NotShareableError("nested");
  const chosen = name === undefined ? undefined : requireName(name);
  const proposed = (called.label && usableName(called.label)) || called.owner.name;
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
            ...(called.isFile && { singleFile: true }),
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
