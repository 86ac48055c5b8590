import type { Item } from "../files/index.ts";
import { MountCircleError } from "../mounts/index.ts";
import { VolumeMissingError } from "../volumes/index.ts";
import { NotSharedError, OwnerLeavesError } from "./errors.ts";
import type { CarryContext } from "./inside/index.ts";
import { unmount } from "./invitations.ts";
import { decides } from "./member-changes.ts";

/** Leaves what somebody else shares: it is gone for this person, and stays where it is. Throws NotSharedError, OwnerLeavesError. */
export async function leaveShared(
  { account, api, volumes }: CarryContext,
  item: Item,
  options: { readonly signal?: AbortSignal },
): Promise<void> {
  const { mount } = item.entry;
  if (mount === undefined) throw new NotSharedError();
  const { volumeId } = mount;
  const [opened] = await Promise.allSettled([volumes.place(item.childId)]);
  const reason = opened.status === "rejected" ? opened.reason : undefined;
  if (opened.status === "fulfilled" && opened.value.volume.members().role === "owner") throw new OwnerLeavesError();
  const isCircle = reason instanceof MountCircleError;
  if (!isCircle) await api.leave(volumeId, options);
  // What stands in another shared folder stays there, for the others; what leads nowhere is taken out by who decides there.
  const { volume: outer } = await volumes.place(item.parentId);
  const leadsNowhere = isCircle || reason instanceof VolumeMissingError;
  if (outer === volumes.home || (leadsNowhere && decides(outer.members()))) await unmount(volumes, item, options);
  if (isCircle) return;
  await volumes.forget(volumeId);
  await account.forgetVolume(volumeId, options.signal);
}
