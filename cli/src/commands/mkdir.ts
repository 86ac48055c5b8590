import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { CommandError } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface MkdirFlags extends OutputFlags {
  readonly parents?: boolean;
}

export function addMkdir(program: Command, cli: Cli): void {
  const command = program
    .command("mkdir")
    .description("Make a folder on the drive.")
    .argument("<path>", "the new folder")
    .option("-p, --parents", "make the folders above it, too; a folder that exists is fine");
  addOutputFlags(command)
    .addHelpText("after", examples("mkdir /photos", "mkdir -p /backup/2026/november"))
    .action((path: string, flags: MkdirFlags) => cli.run(flags, (run) => makeFolder(run, path, flags)));
}

async function makeFolder(run: Run, typed: string, { parents }: MkdirFlags): Promise<void> {
  const { files } = await run.drive();
  const { signal } = run;
  const path = cleanPath(typed);
  const id = parents ? await files.makeFolders(typed, { signal }) : await makeOne(run, typed);
  const document = { path, id: Buffer.from(id).toString("base64url") };
  run.output.done(document, `Made ${shown(path)}.`);
}

async function makeOne(run: Run, typed: string): Promise<Uint8Array> {
  const { NameTakenError, NotFoundError, parsePath } = await import("@excalibur/sdk");
  const { files } = await run.drive();
  const { signal } = run;
  const parts = parsePath(typed);
  const name = parts.at(-1);
  if (name === undefined) throw new NameTakenError();
  try {
    const parentId = await files.resolveFolder(parts.slice(0, -1).join("/"), { signal });
    return await files.makeFolder(parentId, name, { signal });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const above = cleanPath(parts.slice(0, -1).join("/"));
    throw new CommandError(
      error.code,
      `There is no folder ${above}, so nothing was made in it. Add -p to make it, too.`,
    );
  }
}
