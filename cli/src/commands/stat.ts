import type { Item } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath, findItem, shownItem, toDocument } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { formatSize, isoTime, localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addStat(program: Command, cli: Cli): void {
  const command = program
    .command("stat")
    .description("Everything that is known about one item, with its earlier versions.")
    .argument("<path>", "file or folder");
  addOutputFlags(command)
    .addHelpText("after", examples("stat /photos", "stat --json /report.pdf"))
    .action((path: string, flags: OutputFlags) => cli.run(flags, (run) => stat(run, path)));
}

async function stat(run: Run, typed: string): Promise<void> {
  const { files } = await run.drive();
  const path = cleanPath(typed);
  const item = await findItem(files, typed, { signal: run.signal });
  if (item === null) {
    const id = Buffer.from(files.rootId).toString("base64url");
    run.output.result({ name: "/", path: "/", type: "folder", id }, () => [
      "Path      /",
      "Type      folder, the root of the drive",
    ]);
    return;
  }
  const { file } = item.entry;
  const versions = (file?.versions ?? []).map(({ sizeBytes, modifiedMs, replacedMs }) => ({
    size: sizeBytes,
    modified: isoTime(modifiedMs),
    replaced: isoTime(replacedMs),
  }));
  const document = { ...toDocument(item, path), storedSize: file?.ciphertextLength ?? null, versions };
  run.output.result(document, () => toLines(item, path));
}

function toLines(item: Item, path: string): string[] {
  const { file } = item.entry;
  const lines = [
    `Path      ${shownItem(item, path)}`,
    `Type      ${file === undefined ? item.type : `file, ${shown(file.mediaType)}`}`,
    ...(file === undefined
      ? []
      : [
          `Size      ${file.sizeBytes} bytes (${formatSize(file.sizeBytes)}), ${formatSize(file.ciphertextLength)} encrypted`,
        ]),
    `Modified  ${localTime(item.modifiedMs)}`,
    `Created   ${localTime(item.createdMs)}`,
  ];
  const versions = file?.versions ?? [];
  if (versions.length === 0) return lines;
  return [
    ...lines,
    "Earlier versions, newest first",
    ...versions.map(
      ({ sizeBytes, modifiedMs, replacedMs }) =>
        `  ${formatSize(sizeBytes).padStart(9)}  modified ${localTime(modifiedMs)}, replaced ${localTime(replacedMs)}`,
    ),
  ];
}
