import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli, Run } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { askNewPassword, askPassword, readLines } from "../terminal/prompts.ts";

interface PasswordFlags extends OutputFlags {
  readonly passwordStdin?: boolean;
}

export function addPassword(program: Command, cli: Cli): void {
  const command = program
    .command("password")
    .description("Change the password and end all other sessions. The recovery words stay as they are.")
    .option("--password-stdin", "read the current and the new password from the first two lines of standard input");
  addOutputFlags(command)
    .addHelpText("after", examples("password", "password --password-stdin < old-and-new.txt"))
    .action((flags: PasswordFlags) => cli.run(flags, (run) => changePassword(run, flags)));
}

async function changePassword(run: Run, flags: PasswordFlags): Promise<void> {
  const account = await run.account();
  const { passwordProblem, WeakPasswordError } = await import("@excalibur/sdk");
  const [current, next] = flags.passwordStdin ? await readLines(run.terminal, 2) : await ask(run, account.name);
  const problem = passwordProblem(next as string, account.name);
  if (problem !== undefined) throw new WeakPasswordError(problem);
  await account.changePassword({ current: current as string, next: next as string }, { signal: run.signal });
  run.output.done({ changed: true }, "The password is changed, and every other session is ended.");
}

async function ask(run: Run, name: string): Promise<string[]> {
  const current = await askPassword(run, `Current password of ${name}`);
  return [current, await askNewPassword(run, "New password (at least 10 characters)")];
}
