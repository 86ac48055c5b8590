import type { SharedRole } from "@excalibur/sdk";
import { expect } from "vitest";
import type { Device, Person } from "../../src/index.ts";

export async function share(device: Device, path: string, person: Person, role: SharedRole = "editor") {
  const { sharing } = await device.drive;
  return await sharing.share(await device.find(path), { person: person.name, role });
}

/** Accepts the only invitation there is; gives what it was. */
export async function accept(device: Device, options: { readonly name?: string } = {}) {
  const { sharing } = await device.drive;
  const invitations = await sharing.invitations();
  expect(invitations).toHaveLength(1);
  const [invitation] = invitations;
  await sharing.accept(invitation!.volumeId, options);
  return invitation!;
}

export async function unshare(device: Device, path: string, ...people: Person[]): Promise<void> {
  const { sharing } = await device.drive;
  await sharing.remove(
    await device.find(path),
    people.map(({ name }) => name),
  );
}

/** Ends the sharing of a folder. */
export async function stop(device: Device, path: string): Promise<void> {
  const { sharing } = await device.drive;
  await sharing.stop(await device.find(path));
}

export const refusedAs = (code: string) => expect.objectContaining({ code });
