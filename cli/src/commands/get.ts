import type { Command } from "commander";
import { addOutputFlags, type ConflictFlags, conflictPolicy, examples } from "../command-flags.ts";
import { addVisitFlags, type VisitFlags, visiting } from "../links/visit.ts";
import type { Cli, Run } from "../run.ts";
import { type ExitCode, UsageError } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface GetFlags extends OutputFlags, ConflictFlags, VisitFlags {
  readonly recursive?: boolean;
  readonly parents?: boolean;
  readonly skipSame?: boolean;
  readonly version?: string;
}

export function addGet(program: Command, cli: Cli): void {
  const command = program
    .command("get")
    .description("Fetch files and folders into a folder of this computer. They keep their names and their times.")
    .argument("<paths...>", "files and folders of the drive, and last the folder on this computer")
    .usage("[options] <remote...> <local-folder>")
    .option("-r, --recursive", "folders, with everything in them; a local folder that exists is merged into")
    .option("-p, --parents", "make the local folder if it is missing")
    .option("--replace", "overwrite local files of the same name")
    .option("--keep-both", "where the name is taken, fetch under a second one: photo (2).jpg")
    .option("--skip-same", "leave out files whose size and time are the same on this computer")
    .option("--version <version>", "an earlier version of one file, by its number or id as versions shows them");
  addOutputFlags(addVisitFlags(command))
    .addHelpText(
      "after",
      `
A file gets its name when its last byte was verified; until then it is called .excalibur-….part. A large one that was
interrupted goes on where it was when it is fetched to the same place again. Names that this computer cannot hold are
changed and told. Nothing is ever written outside the local folder, not through links either.
${examples("get /documents/report.pdf .", "get -r /photos ~/restored", "get -r / -p everything", "get /letter.odt . --version 2", "get --link URL .")}`,
    )
    .action((paths: string[], flags: GetFlags) =>
      cli.run(flags, async (run) => {
        const localFolder = paths.at(-1);
        if (flags.replace && flags.keepBoth) throw new UsageError("--replace and --keep-both exclude each other.");
        if (flags.link !== undefined) return await getByLink(run, paths, flags);
        if (flags.passwordStdin) throw new UsageError("--password-stdin belongs to --link.");
        if (paths.length < 2 || localFolder === undefined) {
          throw new UsageError("Name what to fetch and, last, the local folder: excalibur get /photos/a.jpg .");
        }
        if (flags.version !== undefined && (flags.recursive || paths.length > 2)) {
          throw new UsageError("--version is about one file: excalibur get /letter.odt . --version 2");
        }
        const { getAll } = await import("../transfers/get-all.ts");
        const { recursive = false, parents = false, skipSame = false } = flags;
        const remotePaths = paths.slice(0, -1);
        const onConflict = conflictPolicy(flags);
        const { version } = flags;
        return await getAll(run, { remotePaths, localFolder, recursive, parents, skipSame, onConflict, version });
      }),
    );
}

/** Everything that the link leads to, if nothing of it was named. */
async function getByLink(run: Run, paths: readonly string[], flags: GetFlags): Promise<ExitCode> {
  const { recursive = false, parents = false, skipSame = false, version } = flags;
  if (version !== undefined) throw new UsageError("--version and --link exclude each other.");
  const localFolder = paths.at(-1) as string;
  const remotePaths = paths.length === 1 ? ["/"] : paths.slice(0, -1);
  const { getAll } = await import("../transfers/get-all.ts");
  const { ViewOnlyError } = await import("@excalibur/sdk");
  return await visiting(run, flags, async (visit) => {
    if (visit.viewOnly) throw new ViewOnlyError();
    const options = { remotePaths, localFolder, parents, skipSame, onConflict: conflictPolicy(flags), from: visit };
    return await getAll(run, { ...options, recursive: recursive || paths.length === 1 });
  });
}
