import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface RejoinFlags extends OutputFlags {
  readonly server?: string;
  readonly passwordStdin?: boolean;
  readonly yes?: boolean;
}

export function addRejoin(program: Command, cli: Cli): void {
  const command = program
    .command("rejoin")
    .description("Go on after the server was restored from a backup: says what it lost, and asks. Needs the password.")
    .argument("[name]", "user name, if nobody is signed in on this device")
    .option("--server <url>", "address of the server, if nobody is signed in on this device")
    .option("--password-stdin", "read the password of the time of the backup from the first line of standard input")
    .option("-y, --yes", "do not ask");
  addOutputFlags(command)
    .addHelpText("after", examples("rejoin", "rejoin --password-stdin --yes --json < password.txt"))
    .action((name: string | undefined, flags: RejoinFlags) =>
      cli.run(flags, async (run) => {
        const { rejoin } = await import("../repair/rejoin.ts");
        return await rejoin(run, { ...flags, name });
      }),
    );
}
