import type { OwnRequest, RequestDraft, SettledItem } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, collected, examples } from "../command-flags.ts";
import { toExpiry } from "../links/expiry-time.ts";
import { cleanPath } from "../remote-items.ts";
import {
  findRequest,
  itemDocument,
  itemLine,
  requestDocument,
  requestLine,
  requestLines,
} from "../requests/request-view.ts";
import type { Cli, Run } from "../run.ts";
import { parseCount, parseSize } from "../sizes.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode, UsageError } from "../terminal/failure.ts";
import { count } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { confirm } from "../terminal/prompts.ts";

interface CapFlags {
  readonly text?: string;
  readonly owner?: string;
  readonly type?: readonly string[];
  readonly maxSize?: number;
  readonly maxItems?: number;
  readonly maxFile?: number;
  readonly expires?: string;
}

interface ItemFlags extends OutputFlags {
  readonly to?: string;
  readonly all?: boolean;
  readonly verify?: boolean;
}

export function addRequest(program: Command, cli: Cli): void {
  const group = program
    .command("request")
    .description("Upload requests: anybody with the address sends files into an inbox that only you can read.");
  addCreate(group, cli);
  addLooking(group, cli);
  addSettling(group, cli);
  addEnding(group, cli);
}

function addCapFlags(command: Command): Command {
  return addOutputFlags(
    command
      .option("--text <text>", "what you ask for, in your words")
      .option("--owner <name>", "how you want to be called")
      .option("--type <ending>", "only such files, like jpg; may be given several times", collected)
      .option("--max-size <size>", "of all together, as stored: 500M, 20G (10G unless given)", parseSize)
      .option("--max-items <count>", "how many files (1000 unless given)", parseCount)
      .option("--max-file <size>", "of one file", parseSize)
      .option("--expires <time>", "12h, 3d, 2w from now, a date like 2027-01-31, or never"),
  );
}

function draftOf({ text, owner, type, maxSize, maxItems, maxFile, expires }: CapFlags): Omit<RequestDraft, "title"> {
  return {
    ...(text !== undefined && { text }),
    ...(owner !== undefined && { owner }),
    ...(type !== undefined && { types: type }),
    ...(maxSize !== undefined && { maxBytes: maxSize }),
    ...(maxItems !== undefined && { maxItems }),
    ...(maxFile !== undefined && { maxFileBytes: maxFile }),
    ...(expires !== undefined && { expiresMs: expires === "never" ? null : toExpiry(expires, Date.now()) }),
  };
}

function addCreate(group: Command, cli: Cli): void {
  addCapFlags(
    group
      .command("create")
      .description("Make a request and show its address.")
      .argument("<title>", "what senders see first"),
  )
    .addHelpText(
      "after",
      `
Whoever has the address can send, and read title and text; the server can read neither. Types are kept to by senders'
clients and marked in the inbox: what files are, no server can see.
${examples('request create "Wedding photos" --expires 2w --type jpg --type png', 'request create Papers --text "All of 2026, please" --max-size 2G')}`,
    )
    .action((title: string, flags: CapFlags & OutputFlags) =>
      cli.run(flags, async (run) => {
        const { requests } = await run.drive();
        const request = await requests.create({ title, ...draftOf(flags) }, { signal: run.signal });
        run.output.result(requestDocument(request), () => (flags.quiet ? [request.url] : requestLines(request)));
      }),
    );
  addCapFlags(
    group
      .command("change")
      .description("Change what a request asks for or takes. What is not named stays; what was sent stays, too.")
      .argument("<request>", "its id or title")
      .option("--title <title>", "another title")
      .option("--open", "take files again after it was closed"),
  )
    .addHelpText("after", examples("request change Papers --max-items 50 --expires 1w"))
    .action((typed: string, flags: CapFlags & OutputFlags & { readonly title?: string; readonly open?: boolean }) =>
      cli.run(flags, async (run) => {
        const { id } = await findRequest(run, typed);
        const { requests } = await run.drive();
        const { title, open } = flags;
        const change = { ...draftOf(flags), ...(title !== undefined && { title }), ...(open && { closed: false }) };
        const request = await requests.change(id, change, { signal: run.signal });
        run.output.result(requestDocument(request), () => (flags.quiet ? [] : requestLines(request)));
      }),
    );
}

function addLooking(group: Command, cli: Cli): void {
  addOutputFlags(group.command("list").description("Your requests, the newest first."))
    .addHelpText("after", examples("request list"))
    .action((flags: OutputFlags) =>
      cli.run(flags, async (run) => {
        const all = await (await run.drive()).requests.list({ signal: run.signal });
        run.output.result({ requests: all.map(requestDocument) }, () =>
          all.length === 0 ? ["You have no upload requests."] : all.map(requestLine),
        );
      }),
    );
  addOutputFlags(
    group.command("show").description("One request and its address.").argument("<request>", "its id or title"),
  )
    .addHelpText("after", examples("request show Papers"))
    .action((typed: string, flags: OutputFlags) =>
      cli.run(flags, async (run) => {
        const request = await findRequest(run, typed);
        run.output.result(requestDocument(request), () => requestLines(request));
      }),
    );
  addOutputFlags(
    group
      .command("inbox")
      .description("What was sent and waits. Nobody knows who sent it: name and note are what somebody wrote.")
      .argument("<request>", "its id or title")
      .option("--verify", "fetch all of it and check every byte"),
  )
    .addHelpText("after", examples("request inbox Papers", "request inbox Papers --verify"))
    .action((typed: string, flags: ItemFlags) => cli.run(flags, (run) => inbox(run, typed, flags)));
}

async function inbox(run: Run, typed: string, flags: ItemFlags): Promise<ExitCode> {
  const { Report } = await import("../transfers/report.ts");
  const { id } = await findRequest(run, typed);
  const { requests } = await run.drive();
  const items = await requests.inbox(id, { signal: run.signal });
  const report = new Report();
  if (flags.verify) {
    const readable = items.filter(({ state }) => state === "sealed");
    const problems = await requests.verify(
      id,
      readable.map((item) => item.id),
      { signal: run.signal },
    );
    for (const [at, item] of readable.entries())
      if (problems[at] !== undefined) report.fail(item.path.join("/"), problems[at]);
  }
  const { renamed: _r, ignored: _i, ...failures } = report.document();
  run.output.result({ items: items.map(itemDocument), ...(flags.verify && failures) }, () =>
    items.length === 0 ? ["Nothing waits."] : items.map(itemLine),
  );
  report.tell(run.output);
  return report.exitCode;
}

function addSettling(group: Command, cli: Cli): void {
  addOutputFlags(
    group
      .command("accept")
      .description(
        "File items in a folder of the drive, in the folders they were sent in. Nothing that is there is replaced.",
      )
      .argument("<request>", "its id or title")
      .argument("[items...]", "ids, as inbox shows them; with --all, all that can be read")
      .requiredOption("--to <folder>", "a folder of the drive; it is made if it is missing")
      .option("--all", "everything that can be read"),
  )
    .addHelpText("after", examples("request accept Papers --all --to /papers/2026"))
    .action((typed: string, items: string[], flags: ItemFlags) =>
      cli.run(flags, (run) => accept(run, typed, { items, flags })),
    );
  addOutputFlags(
    group
      .command("reject")
      .description("Throw items of the inbox away for good.")
      .argument("<request>", "its id or title")
      .argument("<items...>", "ids, as inbox shows them"),
  )
    .addHelpText("after", examples("request reject Papers MfEk2q0nTn6XbYcB1Jr9hQ"))
    .action((typed: string, items: string[], flags: OutputFlags) =>
      cli.run(flags, async (run) => {
        const { id, title } = await findRequest(run, typed);
        await (await run.drive()).requests.reject(id, items, { signal: run.signal });
        run.output.done({ id, rejected: items }, `Rejected ${count(items.length, "item")} of “${shown(title)}”.`);
      }),
    );
}

async function accept(
  run: Run,
  typed: string,
  { items, flags }: { readonly items: readonly string[]; readonly flags: ItemFlags },
): Promise<ExitCode> {
  if (items.length > 0 === (flags.all === true)) throw new UsageError("Name items by their ids, or add --all.");
  const { Report } = await import("../transfers/report.ts");
  const { signal, output } = run;
  const { id, title } = await findRequest(run, typed);
  const { requests, files } = await run.drive();
  const to = cleanPath(flags.to ?? "/");
  const folderId = await files.makeFolders(to, { signal });
  const settled = await requests.accept(id, { folderId, ...(flags.all ? {} : { itemIds: items }) }, { signal });
  const report = new Report();
  const filed = settled.filter((item) => "name" in item);
  for (const item of settled) if ("error" in item) report.fail(item.path.join("/") || item.id, item.error);
  for (const item of filed) if (item.name !== item.path.at(-1)) report.rename(item.path.join("/"), item.name);
  report.tell(output);
  const { ignored: _, ...document } = report.document();
  output.done(
    { id, folder: to, filed: filed.map(filedDocument), ...document },
    `Filed ${count(filed.length, "item")} of “${shown(title)}” in ${shown(to)}.`,
  );
  return report.exitCode;
}

function filedDocument({ id, path, ...item }: SettledItem) {
  return { id, path: [...path.slice(0, -1), "name" in item ? item.name : ""].join("/") };
}

function addEnding(group: Command, cli: Cli): void {
  addOutputFlags(
    group
      .command("close")
      .description("Take nothing more. What waits in the inbox stays.")
      .argument("<request>", "its id or title"),
  )
    .addHelpText("after", examples("request close Papers"))
    .action((typed: string, flags: OutputFlags) =>
      cli.run(flags, async (run) => {
        const { id, title } = await findRequest(run, typed);
        const request = await (await run.drive()).requests.close(id, { signal: run.signal });
        run.output.done(requestDocument(request), `“${shown(title)}” takes nothing more.`);
      }),
    );
  addOutputFlags(
    group
      .command("delete")
      .description("Delete a request with everything in its inbox. What was filed stays where it is.")
      .argument("<request>", "its id or title")
      .option("-y, --yes", "do not ask"),
  )
    .addHelpText("after", examples("request delete Papers"))
    .action((typed: string, flags: OutputFlags & { readonly yes?: boolean }) =>
      cli.run(flags, (run) => remove(run, typed, flags.yes === true)),
    );
}

async function remove(run: Run, typed: string, isMeant: boolean): Promise<ExitCode> {
  const request: OwnRequest = await findRequest(run, typed);
  const { id, title, waiting } = request;
  if (waiting > 0 && !isMeant && run.terminal.canAsk) {
    if (!(await confirm(run, `Delete “${shown(title)}” with ${count(waiting, "item")} that nobody has filed?`))) {
      run.output.note("Nothing was deleted.");
      return EXIT.ok;
    }
  }
  await (await run.drive()).requests.delete(id, { signal: run.signal });
  run.output.done({ id, lost: waiting }, `“${shown(title)}” is deleted.`);
  return EXIT.ok;
}
