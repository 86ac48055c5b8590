import type { StorageUse } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli, Run } from "../run.ts";
import { freeingSentence, toStorageDocument } from "../storage-use.ts";
import { formatSize } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addStorage(program: Command, cli: Cli): void {
  const command = program
    .command("storage")
    .description(
      "What your space is spent on: files, earlier versions, trash, and what was deleted and is still kept.",
    );
  addOutputFlags(command)
    .addHelpText("after", examples("storage", "storage --json"))
    .action((flags: OutputFlags) => cli.run(flags, storage));
}

async function storage(run: Run): Promise<void> {
  const use = await (await run.account()).storage({ signal: run.signal });
  run.output.result(toStorageDocument(use), () => toLines(use));
}

function toLines(use: StorageUse): string[] {
  const line = (what: string, sizeBytes: number) => `${what.padEnd(22)}${formatSize(sizeBytes).padStart(10)}`;
  const quota = use.quotaBytes === null ? "no limit" : `of ${formatSize(use.quotaBytes)}`;
  return [
    line("Files", use.currentBytes),
    line("Earlier versions", use.versionsBytes),
    line("Trash", use.trashBytes),
    line("Deleted, still kept", use.deletedBytes),
    ...(use.unfinishedBytes > 0 ? [line("Unfinished uploads", use.unfinishedBytes)] : []),
    ...(use.otherBytes > 0 ? [line("In no folder yet", use.otherBytes)] : []),
    `${line("Together", use.usedBytes)}, ${quota}`,
    ...(use.trashBytes + use.versionsBytes + use.deletedBytes > 0 ? [freeingSentence(use)] : []),
    ...(use.damaged > 0
      ? ["Some listings cannot be read, and what is in them is not told apart; excalibur fsck looks."]
      : []),
  ];
}
