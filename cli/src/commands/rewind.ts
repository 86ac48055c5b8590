import type { RewindChange, RewindLeft, RewindLoss, RewindPreview } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { parseMoment } from "../moments.ts";
import { cleanPath } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode } from "../terminal/failure.ts";
import { count, isoTime, localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { confirm } from "../terminal/prompts.ts";

interface RewindFlags extends OutputFlags {
  /** Milliseconds since 1970. */
  readonly to: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly withoutLost?: boolean;
}

export function addRewind(program: Command, cli: Cli): void {
  const command = program
    .command("rewind")
    .description("Bring a folder back to how it was: names, places and contents of everything in it.")
    .argument("<folder>", "a folder of the drive; / is all of it")
    .requiredOption("--to <time>", "2h, 3d (ago), 2026-11-20, “2026-11-20 14:30”, 2026-11-20T14:30Z", (typed) =>
      parseMoment(typed, Date.now()),
    )
    .option("--dry-run", "only show what would change")
    .option("-y, --yes", "do not ask")
    .option("--without-lost", "go on although some of it is no longer kept");
  addOutputFlags(command)
    .addHelpText(
      "after",
      `
First it shows what was done since and will be undone. What was added goes to the trash, what was replaced becomes an
earlier version: nothing is lost by it, and it can be undone the same way.
${examples("rewind /photos --to 2h --dry-run", "rewind / --to 2026-11-20", 'rewind /papers --to "2026-11-20 14:30" --yes')}`,
    )
    .action((folder: string, flags: RewindFlags) => cli.run(flags, (run) => rewind(run, folder, flags)));
}

async function rewind(run: Run, typed: string, flags: RewindFlags): Promise<ExitCode> {
  const { signal, output, terminal } = run;
  const { files } = await run.drive();
  const folderId = await files.resolveFolder(cleanPath(typed), { signal });
  const preview = await files.previewRewind({ folderId, timeMs: flags.to }, { signal });
  const isDone = preview.changes.length === 0 && preview.lost.length === 0;
  const asks = !(flags.dryRun || flags.yes || isDone) && terminal.canAsk;
  if (flags.dryRun || asks) tell(run, preview, { dryRun: flags.dryRun === true });
  if (flags.dryRun) return EXIT.ok;
  if (asks) {
    const what = `Undo ${count(preview.changes.length, "change")} in ${shown(preview.path)}?`;
    if (!(await confirm(run, what))) {
      output.note("Nothing was changed.");
      return EXIT.ok;
    }
  }
  if (!isDone) await files.rewind(preview, { signal, withoutLost: flags.withoutLost === true });
  output.done(
    toDocument(preview, { done: !isDone }),
    isDone
      ? `${shown(preview.path)} is as it was ${localTime(preview.timeMs)}; nothing was changed.${leftSentence(preview)}`
      : `${shown(preview.path)} is again as it was ${localTime(preview.timeMs)}: ${count(preview.changes.length, "change")} undone.${leftSentence(preview)}`,
  );
  return EXIT.ok;
}

/** With a question the document comes at the end: there is only one. */
function tell(run: Run, preview: RewindPreview, { dryRun }: { readonly dryRun: boolean }): void {
  if (run.output.isJson && !dryRun) return;
  run.output.result(toDocument(preview, { done: false }), () => [
    `${shown(preview.path)} as it was ${localTime(preview.timeMs)}`,
    ...(preview.changes.length === 0 ? ["Nothing has changed since."] : preview.changes.map(toLine)),
    ...preview.left.map(toLeftLine),
    ...preview.lost.map(toLossLine),
  ]);
}

function toDocument(preview: RewindPreview, { done }: { readonly done: boolean }): Readonly<Record<string, unknown>> {
  const { path, timeMs, changes, left, lost } = preview;
  return { path, moment: isoTime(timeMs), done, changes, left, lost };
}

function toLine({ since, path, pathNow, type }: RewindChange): string {
  const slash = type === "folder" ? "/" : "";
  const what = since.join(", ").padEnd(16);
  if (path === null) return `${what}  ${shown(pathNow ?? "")}${slash}   goes to the trash`;
  if (pathNow === null) return `${what}  ${shown(path)}${slash}   comes back`;
  if (pathNow === path) return `${what}  ${shown(path)}${slash}   gets its earlier content`;
  return `${what}  ${shown(pathNow)}${slash}   is ${shown(path)}${slash} again`;
}

const LOSSES: Readonly<Record<RewindLoss["reason"], string>> = {
  listing: "this part of the folder's listing is no longer kept; what it held stays as it is now",
  content: "the content of then is no longer kept",
  newer_version: "written by a newer version of Excalibur; it stays as it is",
  shared: "it was shared then, and what was in it was never a part of this folder's history",
};

function toLossLine({ path, reason }: RewindLoss): string {
  return `cannot come back  ${shown(path)}   ${LOSSES[reason]}`;
}

const LEFT: Readonly<Record<RewindLeft["reason"], string>> = {
  shared: "is shared",
  shared_inside: "something inside is shared",
  was_shared: "was shared then: what is in it stays",
};

function toLeftLine({ path, pathNow, type, reason }: RewindLeft): string {
  return `stays as it is  ${shown(pathNow ?? path ?? "")}${type === "folder" ? "/" : ""}   ${LEFT[reason]}`;
}

function leftSentence({ left }: RewindPreview): string {
  if (left.length === 0) return "";
  return ` ${count(left.length, "item")} that ${left.length === 1 ? "is or was shared stays as it is" : "are or were shared stay as they are"}.`;
}
