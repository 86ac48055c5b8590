import type { Command } from "commander";
import { type AccessFlags, agreesToAccess } from "../access-question.ts";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath, requireItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface MvFlags extends OutputFlags, AccessFlags {}

export function addMv(program: Command, cli: Cli): void {
  const command = program
    .command("mv")
    .description("Move or rename a file or folder of the drive. Nothing is ever overwritten.")
    .argument("<from>", "file or folder")
    .argument("<to>", "a folder that exists, to move into; or a new name in one")
    .option("-y, --yes", "do not ask, whoever can open it then");
  addOutputFlags(command)
    .addHelpText("after", examples("mv /draft.txt /final.txt", "mv /photos/2024 /archive"))
    .action((from: string, to: string, flags: MvFlags) => cli.run(flags, (run) => move(run, { from, to, flags })));
}

interface Wish {
  readonly from: string;
  readonly to: string;
  readonly flags: MvFlags;
}

async function move(run: Run, { from, to: typed, flags }: Wish): Promise<ExitCode> {
  const { signal, output } = run;
  const { files } = await run.drive();
  const { findDestination } = await import("../destination.ts");
  const item = await requireItem(files, from, { signal });
  const { to, path } = await findDestination(files, item, { path: typed, signal });
  if (!(await agreesToAccess(run, { item, to, how: "move" }, flags))) return EXIT.ok;
  await files.move(item, to, { signal });
  output.done({ from: cleanPath(from), to: path }, `Moved ${shown(cleanPath(from))} to ${shown(path)}.`);
  return EXIT.ok;
}
