import type { EarlierVersion } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { fileVersions, findVersion, versionId } from "../earlier-versions.ts";
import { cleanPath, requireItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode } from "../terminal/failure.ts";
import { formatSize, isoTime, localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { confirm } from "../terminal/prompts.ts";

interface RemoveFlags extends OutputFlags {
  readonly yes?: boolean;
}

export function addVersions(program: Command, cli: Cli): void {
  const versions = program
    .command("versions")
    .description("The earlier versions of a file: at most ten, for thirty days.")
    .argument("<path>", "a file; one that is called rm is /rm")
    .enablePositionalOptions();
  addOutputFlags(versions)
    .addHelpText(
      "after",
      `
To fetch one: get or cat with --version. To have it back: restore with --version.
${examples("versions /letter.odt", "versions --json /letter.odt", "versions rm /letter.odt 3")}`,
    )
    .action((path: string, flags: OutputFlags) => cli.run(flags, (run) => list(run, path)));
  addOutputFlags(
    versions
      .command("rm")
      .description("Delete one earlier version for good. On a terminal it asks first.")
      .argument("<path>", "a file")
      .argument("<version>", "its number or id as versions shows them")
      .option("-y, --yes", "do not ask"),
  )
    .addHelpText("after", examples("versions rm /letter.odt 3", "versions rm --yes /letter.odt 3"))
    .action((path: string, version: string, flags: RemoveFlags) =>
      cli.run(flags, (run) => remove(run, path, { version, yes: flags.yes === true })),
    );
}

async function list(run: Run, typed: string): Promise<void> {
  const { files } = await run.drive();
  const item = await requireItem(files, typed, { signal: run.signal });
  const versions = await fileVersions(files, item);
  const authors = await files.versionAuthors(item, versions, { signal: run.signal });
  const { userId, name } = await (await run.account()).whoami();
  const told = versions.map((version, index) => ({ version, by: nameOf(authors[index], { userId, name }) }));
  run.output.result({ path: cleanPath(typed), versions: told.map(toDocument) }, () =>
    told.length === 0 ? ["There is no earlier version."] : told.map(toLine),
  );
}

/** An earlier version and who replaced it; null is nobody who is a member now. */
interface Told {
  readonly version: EarlierVersion;
  readonly by: string | null;
}

/** One's own name; others are told by their id. */
function nameOf(author: Uint8Array | undefined, me: { readonly userId: string; readonly name: string }): string | null {
  if (author === undefined) return null;
  const id = Buffer.from(author).toString("base64url");
  return id === me.userId ? me.name : id;
}

function toDocument({ version, by }: Told): Readonly<Record<string, unknown>> {
  const { number, sizeBytes, modifiedMs, replacedMs, keptUntilMs } = version;
  return {
    number,
    id: versionId(version),
    size: sizeBytes,
    modified: isoTime(modifiedMs),
    replaced: isoTime(replacedMs),
    replacedBy: by,
    keptUntil: isoTime(keptUntilMs),
  };
}

function toLine({ version, by }: Told): string {
  const { number, sizeBytes, modifiedMs, replacedMs, keptUntilMs } = version;
  const times = `modified ${localTime(modifiedMs)}, replaced ${localTime(replacedMs)} by ${by === null ? "a former member" : shown(by)}`;
  const until = localTime(keptUntilMs).slice(0, 10);
  return `${String(number).padStart(2)}  ${formatSize(sizeBytes).padStart(9)}  ${times}, kept until ${until}  ${versionId(version)}`;
}

async function remove(
  run: Run,
  typed: string,
  { version, yes }: { readonly version: string; readonly yes: boolean },
): Promise<ExitCode> {
  const { signal, output, terminal } = run;
  const { files } = await run.drive();
  const path = cleanPath(typed);
  const item = await requireItem(files, typed, { signal });
  const chosen = await findVersion(files, item, version);
  if (!yes && terminal.canAsk) {
    const when = localTime(chosen.replacedMs);
    if (!(await confirm(run, `Delete the version of ${shown(path)} that was replaced ${when} for good?`))) {
      output.note("Nothing was deleted.");
      return EXIT.ok;
    }
  }
  await files.deleteVersions(item, [chosen.id], { signal });
  output.done({ path, deleted: versionId(chosen) }, `Deleted version ${chosen.number} of ${shown(path)} for good.`);
  return EXIT.ok;
}
