import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addWhoami(program: Command, cli: Cli): void {
  const command = program
    .command("whoami")
    .description("Who is signed in on this device, and the fingerprint that others compare. Asks no server.");
  addOutputFlags(command)
    .addHelpText("after", examples("whoami", "whoami --json"))
    .action((flags: OutputFlags) =>
      cli.run(flags, async ({ account, output }) => {
        const { name, userId, server, homeVolumeId, fingerprint } = await (await account()).whoami();
        output.result({ name, userId, server, homeVolumeId, fingerprint }, () => [
          `${name} at ${server}`,
          `fingerprint ${fingerprint.replace(/\s/g, "").replace(/(\d{5})(?=\d)/g, "$1 ")}`,
        ]);
      }),
    );
}
