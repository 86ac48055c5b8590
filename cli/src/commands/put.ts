import type { Command } from "commander";
import { addOutputFlags, type ConflictFlags, conflictPolicy, examples } from "../command-flags.ts";
import { addVisitFlags, type VisitFlags, visiting } from "../links/visit.ts";
import type { Cli, Run } from "../run.ts";
import { type ExitCode, UsageError } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface PutFlags extends OutputFlags, ConflictFlags, VisitFlags {
  readonly recursive?: boolean;
  readonly parents?: boolean;
  readonly skipSame?: boolean;
  readonly request?: string;
  readonly sender?: string;
  readonly note?: string;
}

export function addPut(program: Command, cli: Cli): void {
  const command = program
    .command("put")
    .description("Store files and folders in a folder of the drive. They keep their names and their times.")
    .argument("<paths...>", "files and folders of this computer, and last the folder on the drive")
    .usage("[options] <local...> <remote-folder>")
    .option("-r, --recursive", "folders, with everything in them; a folder that exists is merged into")
    .option("-p, --parents", "make the remote folder, and those above it, if they are missing")
    .option("--replace", "where a file of that name exists, make this its new version")
    .option("--keep-both", "where the name is taken, store it under a second one: photo (2).jpg")
    .option("--skip-same", "leave out files whose size and time are the same on the drive")
    .option(
      "--request <url>",
      "without an account: send into this upload request; - reads its address from standard input",
    )
    .option("--sender <name>", "with --request: how you want to be called; nobody checks it")
    .option("--note <text>", "with --request: a note to whoever asked");
  addOutputFlags(addVisitFlags(command))
    .addHelpText(
      "after",
      `
Links are left out and told; so is what is neither a file nor a folder. Empty files and folders are kept.
A file keeps its name: to store it under another one, put it and then use mv. Interrupted uploads go on
where they ended when the same command runs again.
${examples("put report.pdf /documents", "put -r photos /", "put -r -p --skip-same photos /backup/2026", "put --replace notes.txt /", "put --link URL photo.jpg /", "put -r --request - photos < address.txt")}`,
    )
    .action((paths: string[], flags: PutFlags) =>
      cli.run(flags, (run) => {
        if (flags.request !== undefined) return send(run, paths, flags);
        if (flags.sender !== undefined || flags.note !== undefined)
          throw new UsageError("--sender and --note go with --request.");
        const remotePath = paths.at(-1);
        if (flags.replace && flags.keepBoth) throw new UsageError("--replace and --keep-both exclude each other.");
        if (paths.length < 2 || remotePath === undefined) {
          throw new UsageError(
            "Name what to store and, last, the folder on the drive: excalibur put photo.jpg /photos",
          );
        }
        return put(run, { locals: paths.slice(0, -1), remotePath, flags });
      }),
    );
}

async function send(run: Run, locals: readonly string[], flags: PutFlags): Promise<ExitCode> {
  const { request = "", recursive = false, sender, note } = flags;
  if (flags.replace || flags.keepBoth || flags.skipSame || flags.parents || flags.link !== undefined)
    throw new UsageError(
      "With --request only -r, --sender and --note are for choosing: whoever asked decides where files go.",
    );
  const { sendAll } = await import("../requests/send-all.ts");
  return await sendAll(run, { url: request, locals, recursive, sender, note });
}

interface PutTask {
  readonly locals: readonly string[];
  readonly remotePath: string;
  readonly flags: PutFlags;
}

async function put(run: Run, { locals, remotePath, flags }: PutTask): Promise<ExitCode> {
  const { putAll } = await import("../transfers/put-all.ts");
  const { ReadOnlyError } = await import("@excalibur/sdk");
  const { recursive = false, parents = false, skipSame = false } = flags;
  const options = { locals, remotePath, recursive, parents, skipSame, onConflict: conflictPolicy(flags) };
  if (flags.link === undefined) return await putAll(run, options);
  return await visiting(run, flags, async ({ files, uploads }) => {
    if (uploads === undefined) throw new ReadOnlyError();
    return await putAll(run, { ...options, into: { files, uploads } });
  });
}
