import type { Files, Item } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { DeleteFlags } from "../mass-deletion.ts";
import { joinPath, longLine, toDocument } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode, isCancelled } from "../terminal/failure.ts";
import { count, isoTime, localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { confirm } from "../terminal/prompts.ts";

export function addTrash(program: Command, cli: Cli): void {
  const trash = program
    .command("trash")
    .description("What was removed: list it, bring it back, or delete it for good.");
  addOutputFlags(trash.command("ls").description("List the trash: when it was removed and where it was."))
    .addHelpText("after", examples("trash ls", "trash ls --json"))
    .action((flags: OutputFlags) => cli.run(flags, list));
  addOutputFlags(
    trash
      .command("restore")
      .description("Bring items back to where they were. A name that is taken there gets a number.")
      .argument("<names...>", "names as trash ls shows them"),
  )
    .addHelpText("after", examples("trash restore old.txt", 'trash restore "report (2).pdf"'))
    .action((names: string[], flags: OutputFlags) => cli.run(flags, (run) => restore(run, names)));
  addOutputFlags(
    trash
      .command("empty")
      .description("Delete what is in the trash for good. On a terminal it asks first.")
      .argument("[names...]", "only these, named as trash ls shows them")
      .option("-y, --yes", "do not ask, however much it is"),
  )
    .addHelpText("after", examples("trash empty", "trash empty --yes old.txt"))
    .action((names: string[], flags: DeleteFlags) => cli.run(flags, (run) => empty(run, names, flags)));
}

async function list(run: Run): Promise<ExitCode> {
  const { files } = await run.drive();
  const { Report } = await import("../transfers/report.ts");
  const report = new Report();
  const { items, damage } = await files.listTrashed({ signal: run.signal });
  for (const cause of damage) report.fail("(trash)", cause);
  const entries = items.map(({ item, trashedMs, fromPath, keptUntilMs }) => {
    const { path: _, ...document } = toDocument(item, "");
    const from = fromPath === null ? null : joinPath(fromPath, item.entry.name);
    return { ...document, trashed: timeOrNull(trashedMs), from, keptUntil: timeOrNull(keptUntilMs) };
  });
  run.output.result({ entries, damage: report.document()["failures"] }, () =>
    items.map(({ item, trashedMs, fromPath, keptUntilMs }) => {
      const place = fromPath === null ? [] : [`was ${shown(joinPath(fromPath, item.entry.name))}`];
      const left = keptUntilMs === undefined ? [] : [timeLeft(keptUntilMs - Date.now())];
      return [`${localTime(trashedMs ?? Number.NaN)}${longLine(item, item.name)}`, [...place, ...left].join(", ")].join(
        "   ",
      );
    }),
  );
  report.tell(run.output);
  return report.exitCode;
}

function timeOrNull(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : isoTime(timeMs);
}

/** At least: nothing is deleted while there is doubt about the time. */
function timeLeft(leftMs: number): string {
  return `${count(Math.max(0, Math.ceil(leftMs / 86_400_000)), "day")} left`;
}

interface Selection {
  readonly found: readonly Item[];
  readonly missing: readonly string[];
}

async function select(files: Files, names: readonly string[], signal: AbortSignal): Promise<Selection> {
  const { items } = await files.listTrash({ signal });
  const found: Item[] = [];
  const missing: string[] = [];
  for (const name of new Set(names.map((each) => each.normalize("NFC").replace(/\/+$/, "")))) {
    const item = items.find((each) => each.name === name);
    if (item === undefined) missing.push(name);
    else found.push(item);
  }
  return { found, missing };
}

async function restore(run: Run, names: readonly string[]): Promise<ExitCode> {
  const { signal, output } = run;
  const { files } = await run.drive();
  const { NotFoundError } = await import("@excalibur/sdk");
  const { Report } = await import("../transfers/report.ts");
  const report = new Report();
  const { found, missing } = await select(files, names, signal);
  for (const name of missing) report.fail(name, new NotFoundError());
  const restored: { name: string; path: string; toRoot: boolean }[] = [];
  for (const item of found) {
    try {
      const { folderId, name, toRoot } = await files.restore(item, { signal });
      restored.push({ name: item.name, path: joinPath((await files.pathOf(folderId)) ?? "/", name), toRoot });
    } catch (error) {
      if (isCancelled(error)) throw error;
      report.fail(item.name, error);
    }
  }
  const { renamed: _r, ignored: _i, ...failed } = report.document();
  output.result({ restored, ...failed }, () =>
    restored.map(
      ({ name, path, toRoot }) =>
        `${shown(name)} is back as ${shown(path)}${toRoot ? "; the folder it was in is gone" : ""}`,
    ),
  );
  report.tell(output);
  return report.exitCode;
}

async function empty(run: Run, names: readonly string[], flags: DeleteFlags): Promise<ExitCode> {
  const { signal, output, terminal } = run;
  const { files } = await run.drive();
  const { NotFoundError } = await import("@excalibur/sdk");
  const { Report } = await import("../transfers/report.ts");
  const report = new Report();
  const all = names.length === 0;
  const { found, missing } = all
    ? { found: (await files.listTrash({ signal })).items, missing: [] }
    : await select(files, names, signal);
  for (const name of missing) report.fail(name, new NotFoundError());
  const mustAsk = found.length > 0 && !flags.yes && terminal.canAsk;
  if (mustAsk) {
    const question = `Delete ${count(found.length, "item")} of the trash for good? This cannot be undone.`;
    if (!(await confirm(run, question))) {
      output.note("Nothing was deleted.");
      return EXIT.ok;
    }
  }
  if (found.length > 0) {
    const { unlessMassDeletion } = await import("../mass-deletion.ts");
    const isMeant = { yes: mustAsk || flags.yes === true };
    await unlessMassDeletion(run, isMeant, (options) => files.deleteForGood(found, options));
  }
  report.tell(output);
  const { renamed: _r, ignored: _i, ...failed } = report.document();
  output.done({ deleted: found.length, ...failed }, `Deleted ${count(found.length, "item")} for good.`);
  return report.exitCode;
}
