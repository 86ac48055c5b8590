import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath, requireItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addCp(program: Command, cli: Cli): void {
  const command = program
    .command("cp")
    .description(
      "Copy a file or folder of the drive; folders with everything in them. Contents are shared, so it costs no space.",
    )
    .argument("<from>", "file or folder")
    .argument("<to>", "a folder that exists, to copy into; or a new name in one");
  addOutputFlags(command)
    .addHelpText("after", examples("cp /template.odt /letter.odt", "cp /photos /archive"))
    .action((from: string, to: string, flags: OutputFlags) => cli.run(flags, (run) => copy(run, from, to)));
}

async function copy(run: Run, from: string, typed: string): Promise<void> {
  const { signal, output } = run;
  const { files } = await run.drive();
  const { findDestination } = await import("../destination.ts");
  const item = await requireItem(files, from, { signal });
  const { to, path } = await findDestination(files, item, { path: typed, signal });
  await files.copy(item, to, { signal });
  output.done({ from: cleanPath(from), to: path }, `Copied ${shown(cleanPath(from))} to ${shown(path)}.`);
}
