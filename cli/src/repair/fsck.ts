import { type Finding, type FindingKind, isMendable, type Mended, type Remedy } from "@excalibur/sdk";
import { cleanPath, findItem } from "../remote-items.ts";
import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { CommandError, EXIT, type ExitCode, failureOf, UsageError, worst } from "../terminal/failure.ts";
import { count } from "../terminal/format.ts";
import { confirm } from "../terminal/prompts.ts";

export interface FsckOptions {
  readonly path: string | undefined;
  readonly contents: boolean;
  readonly repair: boolean;
  readonly yes: boolean;
}

const FOUND: Readonly<Record<FindingKind, string>> = {
  page_altered: "the server lost or altered a part of this folder's listing",
  page_unreadable: "a part of this folder's listing cannot be opened by anybody",
  folder_gone: "is listed, but the folder is gone",
  listed_twice: "is listed in two places",
  wrong_parent: "says that it lies in another folder than it does",
  unreachable: "no folder leads to it any more",
  contents_lost: "its contents on the server are lost or altered",
  version_lost: "the contents of an earlier version are lost or altered",
  newer_version: "was written by a newer version of Excalibur; it is safe",
  share_unreadable: "this shared folder does not open: what the server gives of it is not what it should be",
  share_closed:
    "this shared folder is closed to you, or the server hides it; excalibur leave takes it out of your drive",
};

/** What is told, and is no damage. */
const HARMLESS: ReadonlySet<FindingKind> = new Set(["newer_version", "share_closed"]);

/** What would be done, and what that means for what is there. */
const REMEDY: Readonly<Record<Remedy, string>> = {
  rewrite: "this device has it and stores it again; nothing is lost",
  earlier_page: "its newest earlier version comes back; what was added or changed on it since then is lost",
  empty_page: "no earlier version is left: the names that stood on it are lost; folders among them go to Recovered",
  unlist: "the surplus line goes; nothing is lost",
  own_copy: "the second one becomes a file of its own; nothing is lost",
  set_parent: "it is told where it lies; nothing is lost",
  recover: "it goes to the folder Recovered; nothing that is there is lost",
  earlier_version: "it goes to Recovered, and its newest earlier version that is whole takes its place",
  ask_others: "you may only look here; ask somebody who may change this shared folder to run excalibur fsck",
  none: "nothing that could be repaired from here",
};

/** Finds damage, tells it, and mends it if that is wanted. */
export async function fsck(run: Run, options: FsckOptions): Promise<ExitCode> {
  const { output, signal, terminal } = run;
  if (options.repair && !options.yes && !terminal.canAsk)
    throw new UsageError("There is no terminal to ask on. Add --yes to repair without a question. Nothing was done.");
  const { repair } = await run.drive();
  const path = options.path === undefined ? undefined : cleanPath(options.path);
  if (path !== undefined) await demandThere(run, path);
  const { findings, folders } = await repair.examine({ path, contents: options.contents, signal });
  if (!output.isJson) for (const finding of findings) output.complain(lineOf(finding));
  const mendable = findings.filter(isMendable);
  let mended: readonly Mended[] = [];
  if (mendable.length > 0 && options.repair) {
    const means = options.yes || (await confirm(run, `Repair ${count(mendable.length, "item")} as said above?`));
    if (means) mended = await repair.mend(mendable, { signal });
  }
  const report = await Outcomes.of(findings, mended);
  if (!output.isJson) for (const line of report.failures) output.complain(line);
  const damaged = report.left;
  output.done(
    { path: path ?? "/", folders, damaged, findings: report.documents },
    summary({ folders, damaged, mended }),
  );
  if (report.exitCode === EXIT.integrity) output.alarm();
  return report.exitCode;
}

/** A slip of the finger is told; that damage lies on the way there is what is looked for. */
async function demandThere(run: Run, path: string): Promise<void> {
  const { files } = await run.drive();
  try {
    await findItem(files, path, run);
  } catch (error) {
    const isDamage = !(error instanceof CommandError) && (await failureOf(error)).exitCode === EXIT.integrity;
    if (!isDamage) throw error;
  }
}

function lineOf(finding: Finding): string {
  const { kind, remedy, path, entries } = finding;
  const what = `${shown(path)}: ${FOUND[kind]}`;
  if (HARMLESS.has(kind)) return what;
  const many = entries === undefined || entries === 0 ? "" : ` (${count(entries, "entry", "entries")})`;
  return `${what}\n    ${REMEDY[remedy]}${many}`;
}

function summary(facts: {
  readonly folders: number;
  readonly damaged: number;
  readonly mended: readonly Mended[];
}): string {
  const done = facts.mended.filter(({ error }) => error === undefined).length;
  const repaired = done === 0 ? "" : ` Repaired ${count(done, "item")}.`;
  const verdict = facts.damaged === 0 ? "Nothing is damaged" : `${count(facts.damaged, "item")} DAMAGED`;
  return `Looked at ${count(facts.folders, "folder")}.${repaired} ${verdict}.`;
}

/** What of the findings is left, and how bad that is. */
class Outcomes {
  readonly documents: unknown[] = [];
  readonly failures: string[] = [];
  left = 0;
  exitCode: ExitCode = EXIT.ok;

  static async of(findings: readonly Finding[], mended: readonly Mended[]): Promise<Outcomes> {
    const outcomes = new Outcomes();
    const results = new Map(mended.map((each) => [each.finding, each]));
    for (const finding of findings) await outcomes.#add(finding, results.get(finding));
    return outcomes;
  }

  async #add(finding: Finding, result: Mended | undefined): Promise<void> {
    const { kind, path, remedy, entries } = finding;
    const cause = finding.cause === undefined ? undefined : await failureOf(finding.cause);
    const error = result?.error === undefined ? undefined : await failureOf(result.error);
    const isMended = result !== undefined && error === undefined;
    const told = cause && { code: cause.code, message: cause.message };
    const failed = error && { error: { code: error.code, message: error.message } };
    this.documents.push({
      path,
      kind,
      remedy,
      ...(entries !== undefined && { entries }),
      ...told,
      mended: isMended,
      ...failed,
    });
    if (error !== undefined)
      this.failures.push(`${shown(path)}: not repaired. ${shown(error.message)} (${error.code})`);
    if (isMended || HARMLESS.has(kind)) return;
    this.left += 1;
    this.exitCode = worst(this.exitCode, worst(EXIT.failed, cause?.exitCode ?? EXIT.failed));
  }
}
