import type { Command } from "commander";
import { type AccessFlags, agreesToAccess } from "../access-question.ts";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath, requireItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface CpFlags extends OutputFlags, AccessFlags {}

export function addCp(program: Command, cli: Cli): void {
  const command = program
    .command("cp")
    .description(
      "Copy a file or folder of the drive; folders with everything in them. Contents are shared, so it costs no space.",
    )
    .argument("<from>", "file or folder")
    .argument("<to>", "a folder that exists, to copy into; or a new name in one")
    .option("-y, --yes", "do not ask, whoever can open it then");
  addOutputFlags(command)
    .addHelpText("after", examples("cp /template.odt /letter.odt", "cp /photos /archive"))
    .action((from: string, to: string, flags: CpFlags) => cli.run(flags, (run) => copy(run, { from, to, flags })));
}

interface Wish {
  readonly from: string;
  readonly to: string;
  readonly flags: CpFlags;
}

async function copy(run: Run, { from, to: typed, flags }: Wish): Promise<ExitCode> {
  const { signal, output } = run;
  const { files } = await run.drive();
  const { findDestination } = await import("../destination.ts");
  const item = await requireItem(files, from, { signal });
  const { to, path } = await findDestination(files, item, { path: typed, signal });
  if (!(await agreesToAccess(run, { item, to, how: "copy" }, flags))) return EXIT.ok;
  await files.copy(item, to, { signal });
  output.done({ from: cleanPath(from), to: path }, `Copied ${shown(cleanPath(from))} to ${shown(path)}.`);
  return EXIT.ok;
}
