import { equalBytes } from "@excalibur/core/bytes";
import type { Files } from "../../files/index.ts";
import { type MountedVolumes, mountsIn } from "../../mounts/index.ts";
import type { Volume } from "../../volumes/index.ts";
import { mountAccepted } from "../invitations.ts";

type Options = { readonly signal?: AbortSignal | undefined };

export interface AdriftContext {
  readonly volumes: MountedVolumes;
  readonly files: Files;
  readonly userId: Uint8Array;
  /** Volumes that this person has made or accepted. */
  readonly accepted: readonly Uint8Array[];
  readonly nowMs: number;
}

/**
 * Puts what nothing leads to any more into the root of the drive: whoever was taken off the folder around one, by somebody who could not
 * take them off it, is still in it, and it may be their own. Whether something was put there.
 */
export async function putBackAdrift(context: AdriftContext, { signal }: Options): Promise<boolean> {
  const { volumes, files, userId, nowMs } = context;
  const adrift = await findAdrift(context, { signal });
  for (const volume of adrift) {
    const { attributes } = await volume.readFolder(volume.volumeId);
    const { owner } = volume.members();
    const called = { label: attributes?.label, isFile: attributes?.singleFile === true, owner };
    const author = { addedBy: userId, nowMs };
    await mountAccepted({ volumes, files, author }, { volume, called }, signal ? { signal } : {});
  }
  return adrift.length > 0;
}

async function findAdrift({ volumes, accepted }: AdriftContext, { signal }: Options): Promise<Volume[]> {
  const { home } = volumes;
  const isMissing = (id: Uint8Array) => !equalBytes(id, home.volumeId) && volumes.mountOf(id) === undefined;
  if (!accepted.some(isMissing)) return [];
  // The trash counts: what was thrown away comes back from there.
  const { mounts, damage } = await mountsIn(home, { signal });
  if (damage.length > 0) return [];
  const adrift: Volume[] = [];
  for (const id of accepted.filter(isMissing)) {
    if (mounts.some(({ volumeId }) => equalBytes(volumeId, id))) continue;
    const [opened] = await Promise.allSettled([volumes.volume(id)]);
    if (opened.status === "fulfilled") adrift.push(opened.value);
  }
  return adrift;
}
