import { equalBytes } from "@excalibur/core/bytes";
import { type MountedVolumes, mountsIn } from "../../mounts/index.ts";
import type { Volume } from "../../volumes/index.ts";
import type { Unchanged } from "./types.ts";

type Options = { readonly signal?: AbortSignal | undefined };

/** A volume that is mounted somewhere inside another. */
export interface InnerVolume {
  /** The names of the mounts that lead to it. */
  readonly name: string;
  readonly volume: Volume;
  /** The one whose members could put the mount there. */
  readonly outer: Volume;
}

export interface FoundInside {
  /** Each before what is inside it. */
  readonly inner: readonly InnerVolume[];
  /** Those that this person cannot look into, and so changes nothing of. */
  readonly unchanged: readonly Unchanged[];
}

export interface Around {
  readonly volume: Volume;
  /** Where its mounts come from, when it was made of a part of that just now. */
  readonly madeOf?: Volume | undefined;
}

/** Everything that is mounted in a volume, and in that, and so on; each volume once, also where mounts lead in a circle. */
export async function findInside(
  volumes: MountedVolumes,
  { volume: top, madeOf }: Around,
  { signal }: Options,
): Promise<FoundInside> {
  const [inner, unchanged]: [InnerVolume[], Unchanged[]] = [[], []];
  const seen = [volumes.home.volumeId, top.volumeId];
  const visit = async (at: Volume, way: readonly string[], writtenIn: Volume): Promise<void> => {
    const { mounts, damage } = await mountsIn(at, { signal });
    for (const _ of damage.slice(0, 1)) unchanged.push({ name: way.join("/"), reason: "damaged" });
    for (const mount of mounts) {
      if (seen.some((id) => equalBytes(id, mount.volumeId))) continue;
      seen.push(mount.volumeId);
      const path = [...way, mount.name];
      const name = path.join("/");
      const volume = await open(volumes, { ...mount, outer: writtenIn }, { signal });
      if (volume === undefined) unchanged.push({ name, reason: "closed" });
      else {
        inner.push({ name, volume, outer: writtenIn });
        await visit(volume, path, volume);
      }
    }
  };
  await visit(top, [], madeOf ?? top);
  return { inner, unchanged };
}

/** As it is now, or undefined: whatever keeps it from being opened, nothing is decided about it. */
async function open(
  volumes: MountedVolumes,
  mount: Parameters<MountedVolumes["follow"]>[0],
  { signal }: Options,
): Promise<Volume | undefined> {
  try {
    const volume = await volumes.follow(mount);
    await volume.catchUp(signal ? { signal } : {});
    return volume;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
