import type { Files, Item } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { addVisitFlags, type VisitFlags, visiting } from "../links/visit.ts";
import { cleanPath, compareItems, findItem, joinPath, longLine, shownItem, toDocument } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import type { ExitCode } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface LsFlags extends OutputFlags, VisitFlags {
  readonly long?: boolean;
  readonly recursive?: boolean;
}

export function addLs(program: Command, cli: Cli): void {
  const command = program
    .command("ls")
    .description("List a folder of the drive.")
    .argument("[path]", "folder or file; the root if left out")
    .option("-l, --long", "with size and time of the last change")
    .option("-R, --recursive", "with everything in the folders below");
  addOutputFlags(addVisitFlags(command))
    .addHelpText("after", examples("ls", "ls -l /photos", "ls -R --json /"))
    .action((path: string | undefined, flags: LsFlags) =>
      cli.run(flags, async (run) => {
        const folder = path ?? "/";
        if (flags.link !== undefined) return await visiting(run, flags, ({ files }) => ls(run, files, folder, flags));
        return await ls(run, (await run.drive()).files, folder, flags);
      }),
    );
}

interface Row {
  readonly item: Item;
  readonly path: string;
  /** As it stands in the listing. */
  readonly name: string;
}

async function ls(run: Run, files: Files, typed: string, flags: LsFlags): Promise<ExitCode> {
  const { Report } = await import("../transfers/report.ts");
  const path = cleanPath(typed);
  const report = new Report();
  const rows = await findRows(files, path, {
    signal: run.signal,
    recursive: flags.recursive ?? false,
    damaged: report,
  });
  rows.sort(compareItems());
  const entries = (): unknown[] => rows.map(({ item, path: itemPath }) => toDocument(item, itemPath));
  const { failures: damage } = report.document();
  run.output.result(run.output.isJson ? { path, entries: entries(), damage } : undefined, () =>
    rows.map(({ item, name }) => (flags.long ? longLine(item, name) : shownItem(item, name))),
  );
  report.tell(run.output);
  return report.exitCode;
}

interface FindOptions {
  readonly signal: AbortSignal;
  readonly recursive: boolean;
  readonly damaged: { fail(path: string, error: unknown): void };
}

async function findRows(files: Files, path: string, { signal, recursive, damaged }: FindOptions): Promise<Row[]> {
  const { isDamage } = await import("@excalibur/sdk");
  const item = await findItem(files, path, { signal });
  if (item !== null && item.type !== "folder") return [{ item, path, name: item.name }];
  const nodeId = item?.childId ?? files.rootId;
  if (!recursive) {
    const { items, damage } = await files.list(nodeId, { signal });
    for (const cause of damage) damaged.fail(path, cause);
    return items.map((each) => ({ item: each, path: joinPath(path, each.name), name: each.name }));
  }
  const rows: Row[] = [];
  for await (const walked of files.walk(nodeId, { signal })) {
    const walkedPath = walked.path === "" ? path : joinPath(path, walked.path);
    if (isDamage(walked)) damaged.fail(walkedPath, walked.cause);
    else rows.push({ item: walked.item, path: walkedPath, name: walked.path });
  }
  return rows;
}
