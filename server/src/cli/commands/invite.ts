import type { Command } from "commander";
import { type ListedInvitation, listInvitations, revokeInvitation } from "../../services/invitations/invitations.ts";
import { addInvitationOptions, type InvitationFlags, invite } from "../invitations.ts";
import { withData } from "../open-data.ts";
import { addPlaceOptions, type PlaceOptions } from "../options.ts";
import { sayJson, type Terminal, table } from "../terminal.ts";

interface InviteFlags extends PlaceOptions {
  readonly json?: boolean;
}

interface ListFlags extends InviteFlags {
  readonly all?: boolean;
}

function fate({ state, usedBy, expiresMs }: ListedInvitation): string {
  if (state === "used") return usedBy === null ? "used" : `used by ${usedBy}`;
  return state === "open" ? `open until ${new Date(expiresMs).toISOString().slice(0, 16)}Z` : state;
}

function list(flags: ListFlags, terminal: Terminal): Promise<void> {
  return withData(flags, async (database) => {
    const every = await listInvitations(database, Date.now());
    const shown = flags.all ? every : every.filter(({ state }) => state === "open");
    if (flags.json) {
      const invitations = shown.map(({ createdMs, expiresMs, ...invitation }) => ({
        ...invitation,
        createdAt: new Date(createdMs).toISOString(),
        expiresAt: new Date(expiresMs).toISOString(),
      }));
      return sayJson(terminal, invitations);
    }
    if (shown.length === 0) {
      const hidden = every.length === 0 ? "" : ` ${every.length} are used, revoked or expired: --all shows them.`;
      return terminal.say(`No invitation is open.${hidden}`);
    }
    const cells = shown.map((one) => [
      one.id,
      one.name ?? "anybody",
      one.admin ? "administrator" : "user",
      new Date(one.createdMs).toISOString().slice(0, 10),
      fate(one),
    ]);
    terminal.say(table([["ID", "FOR", "ROLE", "MADE", "STATE"], ...cells]));
  });
}

function revoke(which: string, flags: InviteFlags, terminal: Terminal): Promise<void> {
  return withData(flags, async (database) => {
    const id = await revokeInvitation(database, { which, nowMs: Date.now() });
    if (flags.json) return sayJson(terminal, { id, revoked: true });
    terminal.say(`The invitation ${id} is no good any more.`);
  });
}

export function addInvite(program: Command, terminal: Terminal): void {
  const group = program.command("invite").description("Invitations to make an account.");
  addInvitationOptions(group.command("create").description("Make an invitation for one new account."))
    .option("--json", "for programs: {code, url, expiresAt}")
    .action((flags: InvitationFlags) => invite(flags, terminal));
  addPlaceOptions(group.command("list").description("Invitations that can still be used."))
    .option("--all", "also those that were used or revoked or have expired")
    .option("--json", "for programs: [{id, name, admin, createdAt, expiresAt, state, usedBy}]")
    .action((flags: ListFlags) => list(flags, terminal));
  const revoking = group
    .command("revoke")
    .argument("<invitation>", "its id as listed, its code, or its address")
    .description("Make an invitation good for nothing.");
  addPlaceOptions(revoking)
    .option("--json", "for programs: {id, revoked}")
    .action((which: string, flags: InviteFlags) => revoke(which, flags, terminal));
}
