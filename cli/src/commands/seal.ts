import type { Command } from "commander";
import { addOutputFlags, collected, examples } from "../command-flags.ts";
import type { Cli } from "../run.ts";
import type { SealFlags } from "../standalone/seal-file.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addSeal(program: Command, cli: Cli): void {
  const command = program
    .command("seal")
    .description(
      "Encrypt a file for recipient keys, for a password, or both. No server and no account has a part in it.",
    )
    .argument("<file>", "a file of this computer, or - for standard input")
    .option("--to <key>", "a public recipient key, or a file with one; up to 16 times", collected)
    .option("--password", "ask for a password that will open the file")
    .option("--password-stdin", "the password is the first line of standard input")
    .option("--password-file <file>", "the password is the first line of a file; a second one is allowed", collected)
    .option("-o, --out <file>", "where to; - is standard output (default: the name with .exr after it)")
    .option("--force", "overwrite the file of that name");
  addOutputFlags(command)
    .addHelpText(
      "after",
      `
The file gets its name when it is whole. Whoever receives it opens it with: excalibur open
${examples("seal --to bob.pub report.pdf", "seal --password letter.txt", "seal --to bob.pub --to my.pub -o backup.exr - < backup.tar")}`,
    )
    .action((file: string, flags: SealFlags & OutputFlags) =>
      cli.run(flags, async (run) => {
        const { sealFile } = await import("../standalone/seal-file.ts");
        await sealFile(run, file, flags);
      }),
    );
}
