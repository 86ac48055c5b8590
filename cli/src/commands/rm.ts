import type { DeleteOptions, Files, Item } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { expireOld } from "../expiry.ts";
import type { DeleteFlags } from "../mass-deletion.ts";
import { cleanPath, requireItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { type ExitCode, isCancelled } from "../terminal/failure.ts";
import { count } from "../terminal/format.ts";

export function addRm(program: Command, cli: Cli): void {
  const command = program
    .command("rm")
    .description("Move files and folders to the trash. They stay there for 30 days, or until trash empty.")
    .argument("<paths...>", "files and folders, with everything in them")
    .option("-y, --yes", "do not ask, however much it is");
  addOutputFlags(command)
    .addHelpText("after", examples("rm /old.txt", "rm /photos/blurred /notes.txt", "rm --yes /photos"))
    .action((paths: string[], flags: DeleteFlags) => cli.run(flags, (run) => remove(run, paths, flags)));
}

interface Named {
  readonly path: string;
  readonly item: Item;
}

async function remove(run: Run, typed: readonly string[], flags: DeleteFlags): Promise<ExitCode> {
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
  const { isMassDeletion, unlessMassDeletion } = await import("../mass-deletion.ts");
  const fail = (path: string, error: unknown) => report.fail(path, error);
  const deletion = (options: DeleteOptions) => trashAll(files, named, { options, mayNot: isMassDeletion, fail });
  const trashed = (await unlessMassDeletion(run, flags, deletion)) ?? [];
  report.tell(output);
  output.done({ trashed, ...report.document() }, `Moved ${count(trashed.length, "item")} to the trash.`);
  await expireOld(run);
  return report.exitCode;
}

interface TrashContext {
  readonly options: DeleteOptions;
  /** Stops everything: one by one it would be half done. */
  readonly mayNot: (error: unknown) => boolean;
  readonly fail: (path: string, error: unknown) => void;
}

/** In one commit; one by one when something among them has moved meanwhile, so that it does not stop the others. */
async function trashAll(files: Files, named: readonly Named[], context: TrashContext): Promise<string[]> {
  if (named.length === 0) return [];
  const { options, mayNot, fail } = context;
  try {
    const trashed = await files.trash(
      named.map(({ item }) => item),
      options,
    );
    // Stopped between two commits: the rest is where it was.
    if (trashed.length < named.length) options.signal?.throwIfAborted();
    return named.map(({ path }) => path);
  } catch (error) {
    const [only] = named;
    if (isCancelled(error) || mayNot(error)) throw error;
    if (named.length === 1 && only !== undefined) {
      fail(only.path, error);
      return [];
    }
  }
  const trashed: string[] = [];
  for (const each of named) trashed.push(...(await trashAll(files, [each], context)));
  return trashed;
}
