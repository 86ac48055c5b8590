import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface VerifyFlags extends OutputFlags {
  readonly versions: boolean;
}

export function addVerify(program: Command, cli: Cli): void {
  const command = program
    .command("verify")
    .description("Fetch and check everything under a path, keep nothing of it, and print a report.")
    .argument("[path]", "folder or file; if left out, the whole drive with its trash")
    .option("--no-versions", "leave out the earlier versions of files");
  addOutputFlags(command)
    .addHelpText("after", examples("verify", "verify /photos", "verify --json / --no-versions"))
    .action((path: string | undefined, flags: VerifyFlags) =>
      cli.run(flags, async (run) => {
        const { verifyAll } = await import("../transfers/verify-all.ts");
        return await verifyAll(run, { path, withVersions: flags.versions });
      }),
    );
}
