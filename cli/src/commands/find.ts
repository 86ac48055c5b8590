import type { Found, FoundItem } from "@excalibur/sdk";
import { type Command, InvalidArgumentError } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { factsLine, shownItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { EXIT, type ExitCode } from "../terminal/failure.ts";
import { isoTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

const TYPES = ["file", "folder"] as const;
const DEFAULT_LIMIT = 1_000;

interface FindFlags extends OutputFlags {
  readonly long?: boolean;
  readonly type?: (typeof TYPES)[number];
  readonly limit: number;
}

export function addFind(program: Command, cli: Cli): void {
  const command = program
    .command("find")
    .description("Find files and folders of the whole drive by their names, on this computer.")
    .argument("<words...>", "parts of the name, all of which it must hold; case and accents do not count")
    .option("-l, --long", "with size and time of the last change")
    .option("--type <type>", "only files, or only folders (file, folder)", parseType)
    .option("--limit <count>", "so many at most", parseLimit, DEFAULT_LIMIT);
  addOutputFlags(command)
    .addHelpText("after", examples("find", "find iceland .jpg", "find -l --type folder 2024"))
    .action((words: string[], flags: FindFlags) => cli.run(flags, (run) => find(run, words, flags)));
}

function parseType(typed: string): FindFlags["type"] {
  const type = TYPES.find((each) => each === typed);
  if (type === undefined) throw new InvalidArgumentError("It is file or folder.");
  return type;
}

function parseLimit(typed: string): number {
  const limit = Number(typed);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new InvalidArgumentError("It is a whole number above 0.");
}

async function find(run: Run, words: readonly string[], { type, limit, long }: FindFlags): Promise<ExitCode> {
  const { search } = await run.drive();
  const found = await search.find(
    {
      text: words.join(" "),
      ...(type === undefined ? {} : { accepts: (each) => each === type }),
      order: { by: "name", isDescending: false },
      limit,
    },
    { signal: run.signal },
  );
  const { items, total, unread } = found;
  const line = (item: FoundItem): string =>
    long === true ? factsLine(item, pathOf(item)) : shownItem(item, pathOf(item));
  run.output.result(run.output.isJson ? toDocument(found) : undefined, () => items.map(line));
  if (total > items.length) run.output.note(`${total - items.length} more were found; --limit shows more of them.`);
  if (unread === 0) return EXIT.ok;
  run.output.note(
    "A part of the drive's listings could not be read, so there may be more; excalibur fsck says what is wrong.",
  );
  return EXIT.failed;
}

function pathOf({ path, name }: FoundItem): string {
  return `/${[...path.map((step) => step.name), name].join("/")}`;
}

function toDocument({ items, total, unread }: Found): unknown {
  return {
    entries: items.map((item) => ({
      name: item.name,
      path: pathOf(item),
      type: item.type,
      size: item.sizeBytes ?? null,
      modified: isoTime(item.modifiedMs),
      id: Buffer.from(item.childId).toString("base64url"),
    })),
    total,
    unread,
  };
}
