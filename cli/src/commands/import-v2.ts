import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { ImportFlags } from "../legacy/import-all.ts";
import type { Cli } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addImportV2(program: Command, cli: Cli): void {
  const command = program
    .command("import-v2")
    .description("Decrypt files of the earlier Excalibur (.exef, version 2) into a folder of this computer, offline.")
    .argument("<paths...>", "files of this computer, and with -r folders")
    .requiredOption("-o, --out <folder>", "where to; made if it is missing")
    .option("--key-file <file>", "the vault key: hexadecimal, or exactly its bytes")
    .option("--key-stdin", "the vault key is the first line of standard input, in hexadecimal")
    .option("-r, --recursive", "folders, with everything in them")
    .option("--force", "overwrite files of the same name");
  addOutputFlags(command)
    .addHelpText(
      "after",
      `
A file gets its name, without .exef, when all of it was verified; until then it is called .excalibur-….part. The old
files are only read. To bring them to the drive: excalibur put -r FOLDER /
${examples("import-v2 --key-file vault.key -o imported report.pdf.exef", "import-v2 --key-file vault.key -r vault -o imported")}`,
    )
    .action((paths: string[], flags: ImportFlags & OutputFlags) =>
      cli.run(flags, async (run) => {
        const { importAll } = await import("../legacy/import-all.ts");
        return await importAll(run, paths, flags);
      }),
    );
}
