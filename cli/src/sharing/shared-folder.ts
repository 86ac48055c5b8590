import type { InvitationInfo, Item, SharedRole } from "@excalibur/sdk";
import { requireItem } from "../remote-items.ts";
import type { Run } from "../run.ts";
import { CommandError, UsageError } from "../terminal/failure.ts";

export const ROLES: readonly SharedRole[] = ["viewer", "editor", "manager"];

/** Throws UsageError for anything but a role. */
export function toRole(text: string): SharedRole {
  const role = ROLES.find((each) => each === text);
  if (role === undefined) throw new UsageError(`A role is one of ${ROLES.join(", ")}.`);
  return role;
}

export async function findShared(run: Run, path: string): Promise<Item> {
  const { files } = await run.drive();
  return await requireItem(files, path, { signal: run.signal });
}

/** An invitation by its id, or by its label or its owner's name if only one has that. */
export async function findInvitation(run: Run, typed: string): Promise<InvitationInfo> {
  const { sharing } = await run.drive();
  const problems: unknown[] = [];
  const open = await sharing.invitations({ signal: run.signal, onProblem: (error) => problems.push(error) });
  const found = open.filter(
    ({ volumeId, label, owner }) => idText(volumeId) === typed || label === typed || owner.name === typed,
  );
  const [invitation] = found;
  if (found.length > 1) {
    throw new CommandError("ambiguous", "Several open invitations fit that. Nothing was done; name one by its id.");
  }
  if (invitation !== undefined) return invitation;
  // One that cannot be opened is not one that is not there.
  if (problems.length > 0) throw problems[0];
  throw new CommandError(
    "no_invitation",
    "There is no such open invitation. Nothing was done; «excalibur invitations» lists them.",
  );
}

export function idText(id: Uint8Array): string {
  return Buffer.from(id).toString("base64url");
}

/** "verified", or a word that nobody takes for it. */
export function trustWord({ verified }: { readonly verified: boolean }): string {
  return verified ? "verified" : "not verified";
}
