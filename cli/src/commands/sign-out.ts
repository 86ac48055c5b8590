import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addSignOut(program: Command, cli: Cli): void {
  const command = program
    .command("sign-out")
    .description("End this device's session and forget its keys. Works without the server, too.");
  addOutputFlags(command)
    .addHelpText("after", examples("sign-out"))
    .action((flags: OutputFlags) =>
      cli.run(flags, async ({ account, output, signal }) => {
        const { sessionEnded } = await (await account()).signOut({ signal });
        output.done(
          { sessionEnded },
          sessionEnded
            ? "You are signed out; this device holds no keys any more."
            : "You are signed out; this device holds no keys any more. The server could not be told: its list shows the session until it ends by itself, but nobody can use it.",
        );
      }),
    );
}
