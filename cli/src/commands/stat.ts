import type { Item, ItemOrigin } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath, findItem, shownItem, toDocument } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { actorDocument, actorText } from "../sharing/actor.ts";
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
  const { files, sharing } = await run.drive();
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
  const origin = await sharing.origin(item, { signal: run.signal });
  const document = {
    ...{ ...toDocument(item, path), storedSize: file?.ciphertextLength ?? null, versions },
    ...(origin && { addedBy: actorDocument(origin.addedBy), changed: toChanged(origin) }),
  };
  run.output.result(document, () => toLines(item, path, origin));
}

function toChanged({ changed }: ItemOrigin) {
  return changed === undefined
    ? null
    : { change: changed.sequence, time: isoTime(changed.timeMs), by: actorDocument(changed.by) };
}

/** Of what lies in a shared folder. */
function toOriginLines(origin: ItemOrigin | undefined): string[] {
  if (origin === undefined) return [];
  const { addedBy, changed } = origin;
  const last = changed && `${actorText(changed.by)} ${localTime(changed.timeMs)}, change ${changed.sequence}`;
  return [`Added by  ${actorText(addedBy)}`, `Changed   ${last ?? "by whom is not told any more"}`];
}

function toLines(item: Item, path: string, origin: ItemOrigin | undefined): string[] {
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
    ...toOriginLines(origin),
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
