import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addLock(program: Command, cli: Cli): void {
  const command = program
    .command("lock")
    .description("Put the key of this device away: only the password (sign-in) opens the account here again.");
  addOutputFlags(command)
    .addHelpText("after", examples("lock"))
    .action((flags: OutputFlags) =>
      cli.run(flags, async ({ account, output }) => {
        await (await account()).lock();
        output.done({ locked: true }, "This device is locked. Sign in with your password to open it again.");
      }),
    );
}
