import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { addAccount } from "./commands/account.ts";
import { addActivity } from "./commands/activity.ts";
import { addCat } from "./commands/cat.ts";
import { addContact } from "./commands/contact.ts";
import { addCp } from "./commands/cp.ts";
import { addFind } from "./commands/find.ts";
import { addFsck } from "./commands/fsck.ts";
import { addGet } from "./commands/get.ts";
import { addHandOver } from "./commands/hand-over.ts";
import { addImportV2 } from "./commands/import-v2.ts";
import { addAccept, addDecline, addInvitations, addLeave } from "./commands/invitations.ts";
import { addInvite, addJoin } from "./commands/invite.ts";
import { addKey } from "./commands/key.ts";
import { addLink } from "./commands/link.ts";
import { addLock } from "./commands/lock.ts";
import { addLs } from "./commands/ls.ts";
import { addMembers } from "./commands/members.ts";
import { addMkdir } from "./commands/mkdir.ts";
import { addMv } from "./commands/mv.ts";
import { addOpen } from "./commands/open.ts";
import { addPassword } from "./commands/password.ts";
import { addPut } from "./commands/put.ts";
import { addReEncrypt } from "./commands/re-encrypt.ts";
import { addRecover } from "./commands/recover.ts";
import { addRejoin } from "./commands/rejoin.ts";
import { addRequest } from "./commands/request.ts";
import { addRestore } from "./commands/restore.ts";
import { addRewind } from "./commands/rewind.ts";
import { addRm } from "./commands/rm.ts";
import { addSave } from "./commands/save.ts";
import { addSeal } from "./commands/seal.ts";
import { addResend, addShare, addUnshare } from "./commands/share.ts";
import { addSignIn } from "./commands/sign-in.ts";
import { addSignOut } from "./commands/sign-out.ts";
import { addSignUp } from "./commands/sign-up.ts";
import { addStat } from "./commands/stat.ts";
import { addStatus } from "./commands/status.ts";
import { addStorage } from "./commands/storage.ts";
import { addTrash } from "./commands/trash.ts";
import { addTrust } from "./commands/trust.ts";
import { addVerify } from "./commands/verify.ts";
import { addVersions } from "./commands/versions.ts";
import { addWhoami } from "./commands/whoami.ts";
import { Cli } from "./run.ts";
import { EXIT, type ExitCode } from "./terminal/failure.ts";
import type { Terminal } from "./terminal/terminal.ts";

const COMMANDS: readonly [heading: string, adders: readonly ((program: Command, cli: Cli) => void)[]][] = [
  [
    "Account:",
    [
      addSignUp,
      addSignIn,
      addRecover,
      addPassword,
      addAccount,
      addSignOut,
      addLock,
      addWhoami,
      addStatus,
      addStorage,
      addTrust,
      addRejoin,
    ],
  ],
  [
    "Files:",
    [addLs, addFind, addStat, addMkdir, addPut, addGet, addCat, addMv, addCp, addRm, addTrash, addVerify, addFsck],
  ],
  [
    "Sharing:",
    [
      addShare,
      addInvite,
      addResend,
      addUnshare,
      addMembers,
      addActivity,
      addHandOver,
      addReEncrypt,
      addInvitations,
      addJoin,
      addAccept,
      addDecline,
      addLeave,
      addContact,
      addLink,
      addSave,
    ],
  ],
  ["Receiving:", [addRequest]],
  ["Earlier states:", [addVersions, addRestore, addRewind]],
  ["Files without a server:", [addSeal, addOpen, addKey, addImportV2]],
];

const AFTER = `
Paths on the drive begin at its root: "/photos/2024" and "photos/2024" are the same.
Exit codes: 0 ok, 1 failed, 2 usage, 3 integrity violation, 4 not signed in.
EXCALIBUR_HOME is the folder of this device's state; the default is the platform's folder for settings.`;

export function createProgram(cli: Cli, options: { readonly errorsAsJson: boolean }): Command {
  const { terminal } = cli;
  const { errorsAsJson } = options;
  const program = new Command("excalibur")
    .description("Your private drive from the command line. Everything is encrypted before it leaves this computer.")
    .version(manifest.version)
    // What stands after a command is the command's: --version there is an earlier version of a file.
    .enablePositionalOptions()
    .showHelpAfterError(errorsAsJson ? false : "Add --help to see what can be given.")
    .addHelpText("after", AFTER)
    .configureOutput({
      writeOut: (text) => terminal.say(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
      outputError: (text, write) => write(errorsAsJson ? usageAsJson(text) : text),
    })
    .exitOverride();
  for (const [heading, adders] of COMMANDS) {
    program.commandsGroup(heading);
    for (const add of adders) add(program, cli);
  }
  return program;
}

function usageAsJson(text: string): string {
  return JSON.stringify({ error: { code: "usage", message: text.replace(/^error: /, "").trim() } });
}

/** Runs one command and answers its exit code. Never throws. The environment says where this device's state is. */
export async function runExcalibur(
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  const cli = new Cli(terminal, signal, env);
  try {
    await createProgram(cli, { errorsAsJson: args.includes("--json") }).parseAsync(args, { from: "user" });
    return cli.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed its own message already; help and version are no failures.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
}
