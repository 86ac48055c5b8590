import type { Files, Item } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath, requireItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { type ExitCode, isCancelled } from "../terminal/failure.ts";
import { count } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addRm(program: Command, cli: Cli): void {
  const command = program
    .command("rm")
    .description("Move files and folders to the trash. They stay there until trash empty.")
    .argument("<paths...>", "files and folders, with everything in them");
  addOutputFlags(command)
    .addHelpText("after", examples("rm /old.txt", "rm /photos/blurred /notes.txt"))
    .action((paths: string[], flags: OutputFlags) => cli.run(flags, (run) => remove(run, paths)));
}

interface Named {
  readonly path: string;
  readonly item: Item;
}

async function remove(run: Run, typed: readonly string[]): Promise<ExitCode> {
  const { signal, output } = run;
  const { files } = await run.drive();
  const { Report } = await import("../transfers/report.ts");
  const report = new Report();
  const named: Named[] = [];
  for (const path of typed.map(cleanPath)) {
    try {
      named.push({ path, item: await requireItem(files, path, { signal }) });
    } catch (error) {
      if (isCancelled(error)) throw error;
      report.fail(path, error);
    }
  }
  const trashed = await trashAll(files, named, { signal, fail: (path, error) => report.fail(path, error) });
  report.tell(output);
  output.done({ trashed, ...report.document() }, `Moved ${count(trashed.length, "item")} to the trash.`);
  return report.exitCode;
}

/** In one commit; one by one when something among them has moved meanwhile, so that it does not stop the others. */
async function trashAll(
  files: Files,
  named: readonly Named[],
  { signal, fail }: { readonly signal: AbortSignal; readonly fail: (path: string, error: unknown) => void },
): Promise<string[]> {
  if (named.length === 0) return [];
  try {
    await files.trash(
      named.map(({ item }) => item),
      { signal },
    );
    return named.map(({ path }) => path);
  } catch (error) {
    const [only] = named;
    if (isCancelled(error)) throw error;
    if (named.length === 1 && only !== undefined) {
      fail(only.path, error);
      return [];
    }
  }
  const trashed: string[] = [];
  for (const each of named) trashed.push(...(await trashAll(files, [each], { signal, fail })));
  return trashed;
}
