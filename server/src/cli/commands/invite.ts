import { type Command, InvalidArgumentError, Option } from "commander";
import type { DataFolder } from "../../config/data-folder.ts";
import { localOrigin } from "../../config/origins.ts";
import { runningOrigin } from "../../config/server-lock.ts";
import { createInvitation, INVITATION_LIFETIME_MS, invitationUrl } from "../../services/invitations/invitations.ts";
import { withData } from "../open-data.ts";
import { addPlaceOptions, addPublicUrlOption, type PlaceOptions, placeOf } from "../options.ts";
import { sayJson, type Terminal } from "../terminal.ts";

interface InviteFlags extends PlaceOptions {
  readonly admin?: boolean;
  readonly expires: number;
  readonly json?: boolean;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 365 * 86_400_000;

export function parseLifetime(text: string): number {
  const match = /^(\d{1,6})([mhd])$/.exec(text);
  const lifetimeMs = match ? Number(match[1]) * UNIT_MS[match[2]!]! : 0;
  if (lifetimeMs < 1 || lifetimeMs > LONGEST_MS)
    throw new InvalidArgumentError("Write a time as 30m, 12h or 7d, up to 365d.");
  return lifetimeMs;
}

/** What people type: the public address, else where the server runs now, else where it would. */
async function addressOf(flags: InviteFlags, folder: DataFolder): Promise<string> {
  const { publicUrls, host, port } = placeOf(flags);
  return publicUrls[0] ?? (await runningOrigin(folder)) ?? localOrigin(host, port);
}

function create(flags: InviteFlags, terminal: Terminal): Promise<void> {
  return withData(flags, async (database, folder) => {
    const options = { admin: flags.admin === true, lifetimeMs: flags.expires, nowMs: Date.now() };
    const invitation = await createInvitation(database, options);
    const url = invitationUrl(await addressOf(flags, folder), invitation);
    const expiresAt = new Date(invitation.expiresMs).toISOString();
    if (flags.json) return sayJson(terminal, { code: invitation.code, url, expiresAt });
    terminal.say(
      `${url}\n\nGood once, until ${expiresAt}. Whoever has it can make ${options.admin ? "an administrator's account" : "an account"}:`,
    );
    terminal.say(`  npx excalibur sign-up NAME --invite ${url}`);
  });
}

export function addInvite(program: Command, terminal: Terminal): void {
  const invite = program.command("invite").description("Invitations to make an account.");
  const command = invite.command("create").description("Make an invitation for one new account.");
  const expires = new Option("--expires <time>", "how long it is good, as 30m, 12h or 7d");
  addPublicUrlOption(addPlaceOptions(command))
    .addOption(expires.default(INVITATION_LIFETIME_MS, "14d").argParser(parseLifetime))
    .option("--admin", "the account will be an administrator")
    .option("--json", "for programs: {code, url, expiresAt}")
    .action((flags: InviteFlags) => create(flags, terminal));
}
