import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath, requireItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addMv(program: Command, cli: Cli): void {
  const command = program
    .command("mv")
    .description("Move or rename a file or folder of the drive. Nothing is ever overwritten.")
    .argument("<from>", "file or folder")
    .argument("<to>", "a folder that exists, to move into; or a new name in one");
  addOutputFlags(command)
    .addHelpText("after", examples("mv /draft.txt /final.txt", "mv /photos/2024 /archive"))
    .action((from: string, to: string, flags: OutputFlags) => cli.run(flags, (run) => move(run, from, to)));
}

async function move(run: Run, from: string, typed: string): Promise<void> {
  const { signal, output } = run;
  const { files } = await run.drive();
  const { findDestination } = await import("../destination.ts");
  const item = await requireItem(files, from, { signal });
  const { to, path } = await findDestination(files, item, { path: typed, signal });
  await files.move(item, to, { signal });
  output.done({ from: cleanPath(from), to: path }, `Moved ${shown(cleanPath(from))} to ${shown(path)}.`);
}
