/**
 * [Note: How a change reaches the shared folders inside]
 * Who is in a shared folder is in those inside it, too: so what changes around them is done in each of them, the deepest first, and
 * around them last. Nobody sees a folder that leads them nowhere, nobody who goes keeps a folder inside, and whatever breaks it off
 * is gone on with by doing the same again: what is done already is found done.
 *
 * A mount proves nothing: whoever can write in a folder can put one there, of any volume that they know of. So nobody is let into a
 * volume because of its mount, unless all who could put it there have been in that volume themselves.
 */

import { equalBytes } from "@excalibur/core/bytes";
import type { AccountSession } from "../../account/index.ts";
import type { Follower } from "../../files/index.ts";
import type { MountedVolumes } from "../../mounts/index.ts";
import type { MembersChange, Volume, VolumeMembers } from "../../volumes/index.ts";
import type { Answer, SharingApi } from "../api.ts";
import { CarriedInPartError } from "../errors.ts";
import { type Around, findInside, type InnerVolume } from "./find-inside.ts";
import type { InsideChanges, Unchanged } from "./types.ts";

type Options = { readonly signal?: AbortSignal | undefined };

export interface CarryContext {
  readonly account: AccountSession;
  readonly api: SharingApi;
  readonly volumes: MountedVolumes;
  readonly follower: Follower;
}

/** What is to be done in every volume inside. */
export interface Carried {
  /** Somebody gets in, or may do more. */
  readonly isGrant: boolean;
  /** Nothing where there is nothing to do; what this person may not do is `kept`. */
  decide(members: VolumeMembers, answers: readonly Answer[]): Decision;
}

export interface Decision {
  readonly change: MembersChange | undefined;
  /** Something of it is not this person's to decide. */
  readonly kept: boolean;
}

export const NOTHING: Decision = { change: undefined, kept: false };

export interface CarryPlan extends InsideChanges {
  readonly steps: readonly (InnerVolume & { readonly change: MembersChange })[];
}

/** What would be done. Changes nothing. */
export async function planInside(
  { volumes, api }: CarryContext,
  around: Around,
  carried: Carried,
  options: Options = {},
): Promise<CarryPlan> {
  const found = await findInside(volumes, around, options);
  const unchanged: Unchanged[] = [...found.unchanged];
  const steps: (InnerVolume & { readonly change: MembersChange })[] = [];
  const closed = new Set<Volume>();
  for (const inner of found.inner) {
    const { name, volume, outer } = inner;
    // Nobody is let into what lies behind a folder that they are not let into.
    if (closed.has(outer)) {
      closed.add(volume);
      continue;
    }
    const { change, kept } = carried.decide(volume.members(), await api.answers(volume.volumeId, options));
    const isApart = carried.isGrant && change !== undefined && !(await isKeptTogether(inner, options));
    if (kept || isApart) unchanged.push({ name, reason: kept ? "role" : "others" });
    if (carried.isGrant && (kept || isApart)) closed.add(volume);
    else if (change !== undefined) steps.push({ ...inner, change });
  }
  return { steps, changed: steps.map(({ name }) => name), unchanged };
}

/** Whether everybody who could have put the mount where it is has been in what it leads to. */
async function isKeptTogether({ volume, outer }: InnerVolume, options: Options): Promise<boolean> {
  const inside = volume.history();
  const writers = await outer.history().writersSince(inside.createdMs, options);
  return writers.every((subjectId) => inside.hasListed(subjectId));
}

/**
 * Does it, deepest first, then `last`, and then again in what was mounted meanwhile: two people may change the lists, and mount
 * something, at the same time. Throws CarriedInPartError when something was done and the rest not.
 */
export async function carryInside(
  context: CarryContext,
  around: Around,
  { carried, last, signal }: Options & { readonly carried: Carried; readonly last?: () => Promise<void> },
): Promise<InsideChanges> {
  const plan = await planInside(context, around, carried, { signal });
  const touched = [around.volume, ...plan.steps.map(({ volume }) => volume)];
  const before = touched.map(({ head }) => head.sequence);
  const done: string[] = [];
  try {
    await doSteps(context, plan, { done, signal });
    await last?.();
    const { changed, unchanged } = plan;
    // A list was written in each of them, and nothing else: then nothing was mounted meanwhile.
    if (touched.every(({ head }, index) => head.sequence <= (before[index] ?? 0) + 1)) return { changed, unchanged };
    const after = await planInside(context, around, carried, { signal });
    await doSteps(context, after, { done, signal });
    return { changed: [...changed, ...after.changed], unchanged: after.unchanged };
  } catch (cause) {
    signal?.throwIfAborted();
    throw done.length === 0 ? cause : new CarriedInPartError(done, { cause });
  }
}

async function doSteps(
  { account }: CarryContext,
  { steps }: CarryPlan,
  { done, signal }: Options & { readonly done: string[] },
): Promise<void> {
  for (const { name, volume, change } of steps.toReversed()) {
    await volume.changeMembers(change, signal ? { signal } : {});
    const { volumeId, keys, head } = volume;
    const isKept = account.volumeIds.some((id) => equalBytes(id, volumeId));
    if (isKept) await account.keepVolume({ volumeId, keys, head }, signal);
    done.push(name);
  }
}
