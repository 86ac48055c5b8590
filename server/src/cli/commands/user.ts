import { toBase64Url } from "@excalibur/core/bytes";
import { USER_NAME_PATTERN } from "@excalibur/core/protocol";
import { type Command, InvalidArgumentError } from "commander";
import { orWord, size } from "../../config/settings/kinds.ts";
import { listAccounts } from "../../db/stores/accounts.ts";
import {
  changeQuota,
  disableAccount,
  enableAccount,
  removeAccount,
  resetAccount,
} from "../../services/people/index.ts";
import { confirm } from "../confirm.ts";
import { addInvitationOptions, type InvitationFlags, invite } from "../invitations.ts";
import { withData } from "../open-data.ts";
import { addPlaceOptions, addQuotaOption, type PlaceOptions, placeOf } from "../options.ts";
import { sayJson, sizeText, type Terminal, table } from "../terminal.ts";

interface UserFlags extends PlaceOptions {
  readonly json?: boolean;
}

interface DestroyFlags extends UserFlags {
  readonly yes?: boolean;
}

interface ResetFlags extends DestroyFlags {
  readonly forgetPassword?: boolean;
}

function parseName(text: string): string {
  if (new RegExp(USER_NAME_PATTERN).test(text)) return text;
  throw new InvalidArgumentError("A user name has 3 to 32 of the characters a-z 0-9 . _ -");
}

const QUOTA = orWord("none", size());

/** undefined: what new accounts get. */
function parseQuota(text: string): number | null | undefined {
  if (text === "default") return undefined;
  const quotaBytes = QUOTA.fromText(text);
  if (quotaBytes === undefined) throw new InvalidArgumentError(`Write ${QUOTA.allowed} or "default".`);
  return quotaBytes;
}

function quotaText(quotaBytes: number | null): string {
  return quotaBytes === null ? "no limit" : sizeText(quotaBytes);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function list(flags: UserFlags, terminal: Terminal): Promise<void> {
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
      sizeText(user.usedBytes),
      quotaText(user.quotaBytes),
    ]);
    terminal.say(table([["NAME", "ROLE", "SINCE", "USED", "QUOTA"], ...cells]));
  });
}

function disable(name: string, flags: UserFlags, terminal: Terminal): Promise<void> {
  return withData(flags, async (database) => {
    const { sessionsEnded } = await disableAccount(database, { name, nowMs: Date.now() });
    if (flags.json) return sayJson(terminal, { name, disabled: true, sessionsEnded });
    terminal.say(`${name} is disabled and ${counted(sessionsEnded, "session")} ended. What is stored stays.`);
  });
}

function enable(name: string, flags: UserFlags, terminal: Terminal): Promise<void> {
  return withData(flags, async (database) => {
    await enableAccount(database, { name, nowMs: Date.now() });
    if (flags.json) return sayJson(terminal, { name, disabled: false });
    terminal.say(`${name} may sign in again.`);
  });
}

function quota(
  name: string,
  { quota: wished, flags }: { quota: number | null | undefined; flags: UserFlags },
  terminal: Terminal,
) {
  return withData(flags, async (database) => {
    const quotaBytes = wished === undefined ? placeOf(flags).defaultQuotaBytes : wished;
    const { usedBytes } = await changeQuota(database, { name, nowMs: Date.now(), quotaBytes });
    if (flags.json) return sayJson(terminal, { name, quotaBytes, usedBytes });
    const over =
      quotaBytes !== null && usedBytes > quotaBytes ? " That is more: nothing is lost, but nothing new fits." : "";
    terminal.say(`${name} may store ${quotaText(quotaBytes)} and uses ${sizeText(usedBytes)}.${over}`);
  });
}

const forgetting = (name: string) =>
  `This makes the password of «${name}» worthless for ever. Afterwards only the twelve recovery words of that account lead in;\n` +
  "if nobody has them any more, EVERYTHING IN THE ACCOUNT IS LOST. Nobody can set a password for somebody else.";

async function reset(name: string, flags: ResetFlags, terminal: Terminal): Promise<void> {
  const forgetPassword = flags.forgetPassword === true;
  if (forgetPassword) await confirm(terminal, { warning: forgetting(name), word: name, yes: flags.yes === true });
  await withData(flags, async (database) => {
    const done = await resetAccount(database, { name, nowMs: Date.now(), forgetPassword });
    if (flags.json) return sayJson(terminal, { name, ...done, passwordForgotten: forgetPassword });
    terminal.say(
      `${counted(done.sessionsEnded, "session")} of ${name} ended, attempts from ${counted(done.lockoutsCleared, "network")} forgotten.`,
    );
    terminal.say(
      forgetPassword
        ? `The password is gone. ${name} gets in with the recovery words: npx excalibur recover ${name} --server ADDRESS`
        : `The password is as before: nobody but ${name} can change it. Who has forgotten it needs the recovery words.`,
    );
  });
}

const removing = (name: string) =>
  `This removes the account «${name}»: its keys, its volumes with their whole history, and every file in them. Nobody can undo it,\n` +
  "except by restoring a backup. To shut the account and keep everything, use «excalibur-server user disable».";

async function remove(name: string, flags: DestroyFlags, terminal: Terminal): Promise<void> {
  await confirm(terminal, { warning: removing(name), word: name, yes: flags.yes === true });
  await withData(flags, async (database) => {
    const done = await removeAccount(database, { name, nowMs: Date.now() });
    if (flags.json) return sayJson(terminal, { name, removed: true, ...done });
    terminal.say(
      `${name} is gone, with ${counted(done.volumes, "volume")} and ${counted(done.sessionsEnded, "session")}; ` +
        `${sizeText(done.bytesReleased)} of the disk come back when unreferenced objects are swept.`,
    );
  });
}

export function addUser(program: Command, terminal: Terminal): void {
  const group = program.command("user").description("The accounts of this server.");
  const one = (verb: string, description: string) =>
    addPlaceOptions(group.command(verb).argument("<name>", "user name", parseName).description(description));
  addPlaceOptions(group.command("list").description("Every account: role, since when, space used and allowed."))
    .option("--json", "for programs: [{name, userId, admin, disabled, createdAt, usedBytes, quotaBytes}]")
    .action((flags: UserFlags) => list(flags, terminal));
  addInvitationOptions(
    group
      .command("add")
      .argument("<name>", "user name", parseName)
      .description(
        "Invite somebody by name. The account's keys are made on their device, so they finish it themselves.",
      ),
  )
    .option("--json", "for programs: {name, code, url, expiresAt}")
    .action((name: string, flags: InvitationFlags) => invite(flags, terminal, name));
  one("disable", "Shut an account: its sessions end at once and nobody signs in. What is stored stays.")
    .option("--json", "for programs: {name, disabled, sessionsEnded}")
    .action((name: string, flags: UserFlags) => disable(name, flags, terminal));
  one("enable", "Open a disabled account again.")
    .option("--json", "for programs: {name, disabled}")
    .action((name: string, flags: UserFlags) => enable(name, flags, terminal));
  addQuotaOption(
    addPlaceOptions(
      group
        .command("quota")
        .argument("<name>", "user name", parseName)
        .argument("<size>", 'as 500M, 20G or 2T; "none" for no limit, "default" for what new accounts get', parseQuota)
        .description("Change how much an account may store."),
    ),
  )
    .option("--json", "for programs: {name, quotaBytes, usedBytes}")
    .action((name: string, wished: number | null | undefined, flags: UserFlags) =>
      quota(name, { quota: wished, flags }, terminal),
    );
  one("reset", "End every session of an account and forget counted sign-in attempts. The password stays.")
    .option("--forget-password", "make the password worthless too; then only the recovery words lead in")
    .option("--yes", "do not ask")
    .option("--json", "for programs: {name, sessionsEnded, lockoutsCleared, passwordForgotten}")
    .action((name: string, flags: ResetFlags) => reset(name, flags, terminal));
  one("remove", "Remove an account and everything that is its alone, for ever.")
    .option("--yes", "do not ask")
    .option("--json", "for programs: {name, removed, sessionsEnded, volumes, bytesReleased}")
    .action((name: string, flags: DestroyFlags) => remove(name, flags, terminal));
}
