/** What stories of hostile sharing begin with. */

import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { getHead, listVolumes, type ReplyOf, type VolumeId } from "@excalibur/core/protocol";
import type { SharedRole } from "@excalibur/sdk";
import { Entrance } from "@excalibur/sdk/account";
import type { Device, Person } from "../world/index.ts";

export type WireHead = ReplyOf<typeof getHead>;

export async function share(device: Device, path: string, { name: person }: Person, role: SharedRole = "editor") {
  const { sharing } = await device.drive;
  return await sharing.share(await device.find(path), { person, role });
}

/** Accepts the first invitation; gives the id of the volume. */
export async function acceptFirst(device: Device): Promise<Uint8Array> {
  const { sharing } = await device.drive;
  const [invitation] = await sharing.invitations();
  if (invitation === undefined) throw new Error("There is no invitation.");
  await sharing.accept(invitation.volumeId);
  return invitation.volumeId;
}

/** Somebody's own keys, for what their device would never do. */
export async function handOf(device: Device) {
  return await (await new Entrance(device.ports).open()).member();
}

/** What an honest server tells a device of a volume. */
export async function headOf(device: Device, volumeId: Uint8Array): Promise<WireHead> {
  const { transport } = (await new Entrance(device.ports).open()).api;
  return await transport.call(getHead, { params: { volumeId: toBase64Url(volumeId) as VolumeId } });
}

/** Ids of the volumes that wait for an answer. */
export async function offeredTo(device: Device): Promise<Uint8Array[]> {
  const { transport } = (await new Entrance(device.ports).open()).api;
  const { volumes } = await transport.call(listVolumes, {});
  return volumes.filter(({ accepted }) => !accepted).map(({ volumeId }) => fromBase64Url(volumeId));
}
