import { PROGRAM_VERSION } from "@excalibur/core/protocol";
import { Command, CommanderError } from "commander";
import { addAudit } from "./commands/audit.ts";
import { addBackup } from "./commands/backup.ts";
import { addConfig } from "./commands/config.ts";
import { addDb } from "./commands/db.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addInit } from "./commands/init.ts";
import { addInvite } from "./commands/invite.ts";
import { addRestore } from "./commands/restore.ts";
import { addStart } from "./commands/start.ts";
import { addStorage } from "./commands/storage.ts";
import { addUser } from "./commands/user.ts";
import { EXIT, exitCodeOf, sentenceOf } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

const AFTER = `
Exit codes: 0 done, 1 failed (a sentence says why and what to do), 2 the command or a setting was written wrongly, 3 damage was found.
Settings come from flags, else from environment variables, else from a file (--config, excalibur.toml in the data folder);
--no-… takes a switch back. Commands work beside a running server.`;

const COMMANDS = [
  ...[addStart, addInit, addConfig, addDoctor],
  ...[addInvite, addUser, addAudit],
  ...[addDb, addStorage, addBackup, addRestore],
];

export function createProgram(terminal: Terminal): Command {
  const program = new Command("excalibur-server")
    .description("A private drive for you and the people you invite. The server keeps ciphertext and cannot read it.")
    .version(PROGRAM_VERSION)
    .showHelpAfterError("Add --help to see what can be given.")
    .addHelpText("after", AFTER)
    .configureOutput({
      writeOut: (text) => terminal.say(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
    })
    // An option belongs to the command that it stands behind: `backup verify TARGET --json`.
    .enablePositionalOptions()
    .exitOverride();
  for (const add of COMMANDS) add(program, terminal);
  return program;
}

/** Runs one command and answers its exit code. `start` answers when the server is up; the process then lives on. */
export async function runServerCli(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(args, { from: "user" });
    return EXIT.ok;
  } catch (error) {
    // Commander has printed its own message already; help and version are no failures.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    terminal.complain(sentenceOf(error));
    return exitCodeOf(error);
  }
}
