/** What the commands that make invitations share. */

import { type Command, InvalidArgumentError, Option } from "commander";
import type { DataFolder } from "../config/data-folder.ts";
import { localOrigin } from "../config/origins.ts";
import { runningOrigin } from "../config/server-lock.ts";
import { createInvitation, INVITATION_LIFETIME_MS, invitationUrl } from "../services/invitations/invitations.ts";
import { withData } from "./open-data.ts";
import { addPlaceOptions, addPublicUrlOption, type PlaceOptions, placeOf } from "./options.ts";
import { sayJson, type Terminal } from "./terminal.ts";

export interface InvitationFlags extends PlaceOptions {
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
async function addressOf(flags: InvitationFlags, folder: DataFolder): Promise<string> {
  const { publicUrls, ...listening } = placeOf(flags);
  return publicUrls[0] ?? (await runningOrigin(folder)) ?? localOrigin(listening);
}

export function addInvitationOptions(command: Command): Command {
  const expires = new Option("--expires <time>", "how long it is good, as 30m, 12h or 7d");
  return addPublicUrlOption(addPlaceOptions(command))
    .addOption(expires.default(INVITATION_LIFETIME_MS, "14d").argParser(parseLifetime))
    .option("--admin", "the account will be an administrator");
}

/** Makes one, for anybody or for one name, and says how it is used. */
export function invite(flags: InvitationFlags, terminal: Terminal, name?: string): Promise<void> {
  return withData(flags, async (database, folder) => {
    const bound = name === undefined ? {} : { name };
    const options = { admin: flags.admin === true, lifetimeMs: flags.expires, nowMs: Date.now(), ...bound };
    const invitation = await createInvitation(database, options);
    const url = invitationUrl(await addressOf(flags, folder), invitation);
    const expiresAt = new Date(invitation.expiresMs).toISOString();
    if (flags.json) return sayJson(terminal, { ...bound, code: invitation.code, url, expiresAt });
    const account = options.admin ? "an administrator's account" : "an account";
    const whose = name === undefined ? account : `${account} called ${name}`;
    terminal.say(`${url}\n\nGood once, until ${expiresAt}. Whoever has it can make ${whose}:`);
    terminal.say(`  npx excalibur sign-up ${name ?? "NAME"} --invite ${url}`);
  });
}
