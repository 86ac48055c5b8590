import type { Command } from "commander";
import { addOutputFlags, collected, examples } from "../command-flags.ts";
import type { Cli } from "../run.ts";
import type { OpenFlags } from "../standalone/open-file.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addOpen(program: Command, cli: Cli): void {
  const command = program
    .command("open")
    .description("Decrypt a file that `excalibur seal` made. No server and no account has a part in it.")
    .argument("<file>", "a file of this computer, or - for standard input")
    .option("-i, --identity <keyfile>", "a file with a secret recipient key; may be given several times", collected)
    .option("--password", "ask for the password")
    .option("--password-stdin", "the password is the first line of standard input")
    .option("--password-file <file>", "the password is the first line of a file; may be given several times", collected)
    .option("-o, --out <file>", "where to; - is standard output (default: the name without .exr)")
    .option("--force", "overwrite the file of that name");
  addOutputFlags(command)
    .addHelpText(
      "after",
      `
The file gets its name when its last byte was verified. On standard output every byte is verified before it is
written, but only exit code 0 says that the file was whole.
${examples("open --identity my.key report.pdf.exr", "open --password letter.txt.exr", "open -i my.key -o - backup.exr | tar x")}`,
    )
    .action((file: string, flags: OpenFlags & OutputFlags) =>
      cli.run(flags, async (run) => {
        const { openFile } = await import("../standalone/open-file.ts");
        await openFile(run, file, flags);
      }),
    );
}
