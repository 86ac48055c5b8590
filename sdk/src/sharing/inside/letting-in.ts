import { equalBytes } from "@excalibur/core/bytes";
import type { Item } from "../../files/index.ts";
import type { Volume, VolumeMemberRow } from "../../volumes/index.ts";
import type { VerifiedIdentity } from "../crypto.ts";
import { CarriedInPartError, NotSharedError } from "../errors.ts";
import { hasLeft, withMember, withoutMembers } from "../member-changes.ts";
import { stopSharing } from "../stop-sharing.ts";
import type { SharedRole } from "../types.ts";
import { type Guest, withGuest } from "../welcome.ts";
import { carriedMember, carriedRemoval } from "./carried.ts";
import { type CarryContext, carryInside, planInside } from "./carry.ts";
import { aroundOf, requireOuterOwnerStays } from "./outer-members.ts";
import type { InsideChanges } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

export interface LettingIn {
  readonly identity: VerifiedIdentity;
  readonly role: SharedRole;
  readonly nowMs: number;
}

/**
 * Lets somebody into a volume, or gives them another role, and so in those inside it. `madeOf`: what it was a part of until now.
 * Throws RoleError, NotShareableError, CarriedInPartError.
 */
export async function letIn(
  context: CarryContext,
  { volume, madeOf }: { readonly volume: Volume; readonly madeOf?: Volume | undefined },
  { identity, role, nowMs }: LettingIn,
  options: Options,
): Promise<InsideChanges> {
  const { api, volumes } = context;
  const { userId } = identity;
  const isThem = (row: VolumeMemberRow) => equalBytes(row.userId, userId);
  if (madeOf === undefined) await volume.catchUp(options);
  const around = madeOf === undefined ? aroundOf(volumes, volume) : madeOf === volumes.home ? undefined : madeOf;
  requireOuterOwnerStays(around, (owner) => isThem(owner) && role !== "manager");
  const known = madeOf ?? volume;
  const answers = known === volumes.home ? [] : await api.answers(known.volumeId, options);
  const row = known.members().rows.find(isThem);
  const before = row && !hasLeft(answers, userId) ? row.role : undefined;
  const change = withMember({ identity, role }, { answers: madeOf === undefined ? answers : [], nowMs });
  // What is refused is refused before anything is done inside.
  change(volume.members());
  return await carryInside(
    context,
    { volume, madeOf },
    {
      ...options,
      carried: carriedMember({ identity, role, before, nowMs }),
      last: () => volume.changeMembers(change, options),
    },
  );
}

/** As `letIn`, of somebody who took up an invitation; whoever is in the volume already stays as they are, there and inside. */
export async function letGuestIn(
  context: CarryContext,
  volume: Volume,
  { linkId, ...guest }: LettingIn & Pick<Guest, "linkId">,
  options: Options,
): Promise<InsideChanges> {
  const { identity, role, nowMs } = guest;
  const answers = await context.api.answers(volume.volumeId, options);
  const change = withGuest({ linkId, role, identity }, { answers, nowMs });
  const last = () => volume.changeMembers(change, options);
  const isThere = volume.members().rows.some(({ userId }) => equalBytes(userId, identity.userId));
  const isNew = !isThere || hasLeft(answers, identity.userId);
  if (!isNew || change(volume.members()) === undefined) {
    await last();
    return { changed: [], unchanged: [] };
  }
  const carried = carriedMember({ ...guest, before: undefined });
  return await carryInside(context, { volume }, { ...options, carried, last });
}

/** Takes people off a volume and those inside it. Throws NotSharedError, RoleError, NotShareableError, CarriedInPartError. */
export async function takeOff(
  context: CarryContext,
  volume: Volume,
  names: ReadonlySet<string>,
  options: Options,
): Promise<InsideChanges> {
  await volume.catchUp(options);
  const { rows } = volume.members();
  const there = new Set(rows.map(({ name }) => name));
  if ([...names].some((name) => !there.has(name))) throw new NotSharedError();
  const answers = await context.api.answers(volume.volumeId, options);
  const change = withoutMembers(({ name }) => names.has(name), { answers });
  change(volume.members());
  const isGone = isOneOf(rows.filter(({ name }) => names.has(name)));
  requireOuterOwnerStays(aroundOf(context.volumes, volume), isGone);
  return await carryInside(
    context,
    { volume },
    { ...options, carried: carriedRemoval(isGone), last: () => volume.changeMembers(change, options) },
  );
}

/** What taking people off a volume would do inside it; everybody else, unless told. Changes nothing. */
export async function previewTakingOff(
  context: CarryContext,
  volume: Volume,
  { names, ...options }: Options & { readonly names: ReadonlySet<string> | undefined },
): Promise<InsideChanges> {
  await volume.catchUp(options);
  const gone = names === undefined ? leavingAll(context, volume) : namedRows(volume, names);
  const { changed, unchanged } = await planInside(context, { volume }, carriedRemoval(isOneOf(gone)), options);
  return { changed, unchanged };
}

/**
 * Makes an ordinary folder of a shared one. Who was in it, and is not in what is around it, goes off those inside it first: nothing would
 * lead them there. Throws CarriedInPartError, and what `stopSharing` does.
 */
export async function endSharing(
  context: CarryContext,
  { item, volume }: { readonly item: Item; readonly volume: Volume },
  options: Options,
): Promise<InsideChanges> {
  let inside: InsideChanges = { changed: [], unchanged: [] };
  const done = new Set<string>();
  const beforeClosing = async (): Promise<void> => {
    const carried = carriedRemoval(isOneOf(leavingAll(context, volume)));
    const { changed, unchanged } = await carryInside(context, { volume }, { ...options, carried });
    for (const name of changed) done.add(name);
    inside = { changed: [...done], unchanged };
  };
  try {
    await stopSharing(context, item, { beforeClosing, ...options });
  } catch (cause) {
    options.signal?.throwIfAborted();
    const isPartly = done.size > 0 && !(cause instanceof CarriedInPartError);
    throw isPartly ? new CarriedInPartError([...done], { cause }) : cause;
  }
  return inside;
}

function namedRows(volume: Volume, names: ReadonlySet<string>): VolumeMemberRow[] {
  return volume.members().rows.filter(({ name }) => names.has(name));
}

/** Everybody but this person, and whoever is in the volume around it. */
function leavingAll({ account, volumes }: CarryContext, volume: Volume): VolumeMemberRow[] {
  const stays = isOneOf(aroundOf(volumes, volume)?.members().rows ?? []);
  return volume.members().rows.filter((row) => !(equalBytes(row.userId, account.userId) || stays(row)));
}

function isOneOf(rows: readonly VolumeMemberRow[]): (row: VolumeMemberRow) => boolean {
  return ({ userId }) => rows.some((row) => equalBytes(row.userId, userId));
}
