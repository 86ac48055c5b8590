import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface FsckFlags extends OutputFlags {
  readonly contents?: boolean;
  readonly repair?: boolean;
  readonly yes?: boolean;
}

export function addFsck(program: Command, cli: Cli): void {
  const command = program
    .command("fsck")
    .description("Look for damage in the folders of the drive, say what is lost and what is safe, and repair it.")
    .argument("[path]", "only what lies there; if left out, everything, with what no folder leads to any more")
    .option("--contents", "fetch and check every file, too, as verify does")
    .option("--repair", "do what is proposed; on a terminal it asks first")
    .option("-y, --yes", "do not ask");
  addOutputFlags(command)
    .addHelpText("after", examples("fsck", "fsck --contents /photos", "fsck --repair --yes --json"))
    .action((path: string | undefined, { contents = false, repair = false, yes = false, ...flags }: FsckFlags) =>
      cli.run(flags, async (run) => {
        const { fsck } = await import("../repair/fsck.ts");
        return await fsck(run, { path, contents, repair, yes });
      }),
    );
}
