import { toBase64Url } from "@excalibur/core/bytes";
import type { Command } from "commander";
import { listAccounts } from "../../db/stores/accounts.ts";
import { withData } from "../open-data.ts";
import { addPlaceOptions, type PlaceOptions } from "../options.ts";
import { sayJson, type Terminal, table } from "../terminal.ts";

interface ListFlags extends PlaceOptions {
  readonly json?: boolean;
}

function list(flags: ListFlags, terminal: Terminal): Promise<void> {
  return withData(flags, async (database) => {
    const rows = await listAccounts(database.read);
    const users = rows.map((row) => ({
      name: row.name,
      userId: toBase64Url(row.user_id),
      admin: row.admin === 1,
      disabled: row.disabled === 1,
      createdAt: new Date(row.created_ms).toISOString(),
      usedBytes: row.used_bytes,
      quotaBytes: row.quota_bytes,
    }));
    if (flags.json) return sayJson(terminal, users);
    if (users.length === 0)
      return terminal.say("There is no account yet. Invite somebody with «excalibur-server invite create».");
    const cells = users.map((user) => [
      user.name,
      user.disabled ? "disabled" : user.admin ? "administrator" : "user",
      user.createdAt.slice(0, 10),
      String(user.usedBytes),
      user.quotaBytes === null ? "no limit" : String(user.quotaBytes),
    ]);
    terminal.say(table([["NAME", "ROLE", "SINCE", "BYTES USED", "QUOTA"], ...cells]));
  });
}

export function addUser(program: Command, terminal: Terminal): void {
  const user = program.command("user").description("The accounts of this server.");
  addPlaceOptions(user.command("list").description("Every account: role, since when, space used and allowed."))
    .option("--json", "for programs")
    .action((flags: ListFlags) => list(flags, terminal));
}
