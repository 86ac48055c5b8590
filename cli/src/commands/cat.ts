import { type Command, InvalidArgumentError } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { requireItemOrVersion } from "../earlier-versions.ts";
import type { Cli, Run } from "../run.ts";
import type { OutputFlags } from "../terminal/output.ts";

/** As in HTTP: both ends belong to it; one of them may be missing. */
export interface TypedRange {
  readonly first: number | undefined;
  readonly last: number | undefined;
}

interface CatFlags extends OutputFlags {
  readonly range?: TypedRange;
  readonly version?: string;
}

export function addCat(program: Command, cli: Cli): void {
  const command = program
    .command("cat")
    .description(
      "Write a file of the drive, or some of its bytes, to standard output. Only verified bytes come out. --json concerns errors only.",
    )
    .argument("<path>", "a file")
    .option(
      "--range <a-b>",
      "only bytes A to B, both included, counted from 0; 100- from there on, -100 the last 100",
      parseRange,
    )
    .option("--version <version>", "an earlier version, by its number or id as versions shows them");
  addOutputFlags(command)
    .addHelpText(
      "after",
      examples(
        "cat /notes.txt",
        "cat /film.mp4 --range 0-1048575 > start.mp4",
        "cat /log.txt --range -2000",
        "cat /notes.txt --version 1",
      ),
    )
    .action((path: string, flags: CatFlags) => cli.run(flags, (run) => cat(run, path, flags)));
}

async function cat(run: Run, path: string, { range, version }: CatFlags): Promise<void> {
  const { files, downloads } = await run.drive();
  const { signal, terminal } = run;
  const item = await requireItemOrVersion(files, path, { version, signal });
  const { file } = item.entry;
  const { NewerVersionError, NotAFileError } = await import("@excalibur/sdk");
  if (item.type === "folder") throw new NotAFileError();
  if (item.type !== "file" || file === undefined) throw item.problem ?? new NewerVersionError();
  for await (const piece of downloads.read(file, toDataRange(range, file.sizeBytes), { signal }))
    await terminal.write(piece);
}

/** Throws InvalidArgumentError. */
export function parseRange(text: string): TypedRange {
  const match = /^(\d{0,15})-(\d{0,15})$/.exec(text);
  const [, first, last] = match ?? [];
  const range = { first: toNumber(first), last: toNumber(last) };
  const isEmpty = range.first === undefined && range.last === undefined;
  const isBackwards = range.first !== undefined && range.last !== undefined && range.first > range.last;
  if (match === null || isEmpty || isBackwards) {
    throw new InvalidArgumentError(
      "Write it as 0-99 (the first hundred bytes), 100- (from there on) or -100 (the last hundred).",
    );
  }
  return range;
}

function toNumber(digits: string | undefined): number | undefined {
  return digits === undefined || digits === "" ? undefined : Number(digits);
}

/** The same with an end that does not belong to it, cut to the file. */
export function toDataRange(range: TypedRange | undefined, sizeBytes: number): { start: number; end: number } {
  const { first, last } = range ?? {};
  if (first !== undefined) return { start: first, end: Math.min(sizeBytes, (last ?? sizeBytes) + 1) };
  return { start: last === undefined ? 0 : Math.max(0, sizeBytes - last), end: sizeBytes };
}
