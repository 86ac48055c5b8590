import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { findVersion, versionId } from "../earlier-versions.ts";
import { cleanPath, requireItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface RestoreFlags extends OutputFlags {
  readonly version: string;
}

export function addRestore(program: Command, cli: Cli): void {
  const command = program
    .command("restore")
    .description("Make an earlier version of a file the current one. The one it replaces is kept as a version itself.")
    .argument("<path>", "a file")
    .requiredOption("--version <version>", "its number or id as versions shows them");
  addOutputFlags(command)
    .addHelpText(
      "after",
      `
What was removed comes back with trash restore; a whole folder goes back to a moment with rewind.
${examples("restore /letter.odt --version 1")}`,
    )
    .action((path: string, flags: RestoreFlags) => cli.run(flags, (run) => restore(run, path, flags.version)));
}

async function restore(run: Run, typed: string, version: string): Promise<void> {
  const { signal, output } = run;
  const { files } = await run.drive();
  const path = cleanPath(typed);
  const item = await requireItem(files, typed, { signal });
  const chosen = await findVersion(files, item, version);
  await files.restoreVersion(item, chosen.id, { signal });
  output.done(
    { path, version: versionId(chosen) },
    `${shown(path)} is again as it was until ${localTime(chosen.replacedMs)}; what it was now is its version 1.`,
  );
}
