import type { LinkChange } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { facts, findLink, logLine, pathsOfVolumes, toDocument, toLine } from "../links/describe.ts";
import { toExpiry, toMaxDownloads } from "../links/expiry-time.ts";
import { cleanPath, findItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { idText } from "../sharing/shared-folder.ts";
import { shown } from "../terminal/escape.ts";
import { UsageError } from "../terminal/failure.ts";
import { isoTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { askNewPassword, readLines } from "../terminal/prompts.ts";

interface CreateFlags extends OutputFlags {
  readonly label?: string;
  readonly password?: boolean;
  readonly passwordStdin?: boolean;
  readonly expires?: string;
  readonly maxDownloads?: string;
  readonly viewOnly?: boolean;
  readonly edit?: boolean;
  readonly withVersions?: boolean;
}

interface ChangeFlags extends OutputFlags {
  readonly label?: string;
  readonly expires?: string;
  readonly maxDownloads?: string;
}

export function addLink(program: Command, cli: Cli): void {
  const link = program
    .command("link")
    .description("Links: folders and files for anybody who has the address, without an account.");
  addCreate(link, cli);
  addOutputFlags(
    link
      .command("list")
      .description("The links to your folders and files, and how each stands.")
      .argument("[path]", "only those to this one")
      .option("--revoked", "with those that were taken back"),
  )
    .addHelpText("after", examples("link list", "link list /holidays"))
    .action((path: string | undefined, flags: OutputFlags & { readonly revoked?: boolean }) =>
      cli.run(flags, (run) => list(run, path, flags.revoked ?? false)),
    );
  addOutputFlags(
    link.command("show").description("The address of a link that you made, again.").argument("<link>", "id or label"),
  )
    .addHelpText("after", examples("link show Holidays"))
    .action((typed: string, flags: OutputFlags) => cli.run(flags, (run) => show(run, typed)));
  addChanges(link, cli);
  addOutputFlags(
    link
      .command("revoke")
      .description("Take a link back. What it led to gets a new key: what is written afterwards nobody reads by it.")
      .argument("<link>", "id or label"),
  )
    .addHelpText("after", examples("link revoke Holidays"))
    .action((typed: string, flags: OutputFlags) => cli.run(flags, (run) => revoke(run, typed)));
  addOutputFlags(
    link
      .command("log")
      .description("When a link was opened and downloaded from, and who was turned away.")
      .argument("<link>", "id or label"),
  )
    .addHelpText("after", examples("link log Holidays", "link log --json Holidays"))
    .action((typed: string, flags: OutputFlags) => cli.run(flags, (run) => log(run, typed)));
}

function addCreate(link: Command, cli: Cli): void {
  const command = link
    .command("create")
    .description("Make a link to a folder or a file. Its address opens it: whoever gets to see it can use it.")
    .argument("<path>", "a folder or a file")
    .option("--label <text>", "what you call it; only you see it")
    .option("--password", "ask for a password that visitors need, too")
    .option("--password-stdin", "read that password from the first line of standard input")
    .option("--expires <time>", "12h, 7d, 2w from now, or a date like 2027-01-31")
    .option("--max-downloads <n>", "so many visitors may download")
    .option("--view-only", "visitors' programs offer no download")
    .option("--edit", "visitors may add, change and delete what is in it")
    .option("--with-versions", "earlier versions of files come along, when it is shared for the first time");
  addOutputFlags(command)
    .addHelpText(
      "after",
      examples("link create /holidays --label Family --expires 2w", "link create /report --password --max-downloads 3"),
    )
    .action((path: string, flags: CreateFlags) => cli.run(flags, (run) => create(run, path, flags)));
}

function addChanges(link: Command, cli: Cli): void {
  for (const [name, paused, description] of [
    ["pause", true, "Let nobody in for now; who is in is out at once."],
    ["resume", false, "Let visitors in again."],
  ] as const) {
    addOutputFlags(link.command(name).description(description).argument("<link>", "id or label"))
      .addHelpText("after", examples(`link ${name} Holidays`))
      .action((typed: string, flags: OutputFlags) => cli.run(flags, (run) => change(run, typed, { paused })));
  }
  addOutputFlags(
    link
      .command("change")
      .description("Change the label, the end or the limit of a link.")
      .argument("<link>", "id or label")
      .option("--label <text>", "what you call it; only you see it")
      .option("--expires <time>", "as for create, or never")
      .option("--max-downloads <n>", "as for create, or none"),
  )
    .addHelpText("after", examples("link change Holidays --expires never", "link change Holidays --max-downloads 10"))
    .action((typed: string, flags: ChangeFlags) => cli.run(flags, (run) => change(run, typed, toChange(flags))));
}

function toChange({ label, expires, maxDownloads }: ChangeFlags): LinkChange {
  if (label === undefined && expires === undefined && maxDownloads === undefined) {
    throw new UsageError("Say what to change: --label, --expires or --max-downloads.");
  }
  return {
    label,
    expiresMs: expires === undefined ? undefined : expires === "never" ? null : toExpiry(expires, Date.now()),
    maxDownloads:
      maxDownloads === undefined ? undefined : maxDownloads === "none" ? null : toMaxDownloads(maxDownloads),
  };
}

async function create(run: Run, typed: string, flags: CreateFlags): Promise<void> {
  const { label, expires, maxDownloads, viewOnly = false, edit = false, withVersions = false } = flags;
  if (viewOnly && edit) throw new UsageError("--view-only and --edit exclude each other.");
  const wish = {
    ...{ label, viewOnly, withVersions, role: edit ? ("editor" as const) : ("viewer" as const) },
    expiresMs: expires === undefined ? undefined : toExpiry(expires, Date.now()),
    maxDownloads: maxDownloads === undefined ? undefined : toMaxDownloads(maxDownloads),
  };
  const { files, links } = await run.drive();
  const item = await findItem(files, typed, { signal: run.signal });
  const link = await links.create(item, { ...wish, password: await newPassword(run, flags) }, { signal: run.signal });
  const path = cleanPath(typed);
  const { address = "" } = link;
  const { notReached } = link;
  run.output.result({ ...toDocument(link, path), notReached }, () => [address]);
  run.output.note(`Whoever has this address can open ${shown(path)} (${facts(link)}). Its last part is its key.`);
  if (notReached.length > 0) {
    const what = notReached.map(shown).join(", ");
    run.output.note(`It does not lead into what is shared by itself inside, and tells visitors so: ${what}.`);
  }
}

async function newPassword(run: Run, { password, passwordStdin }: CreateFlags): Promise<string | undefined> {
  if (!password && !passwordStdin) return undefined;
  const chosen = passwordStdin
    ? ((await readLines(run.terminal, 1))[0] as string)
    : await askNewPassword(run, "Password of the link");
  if (chosen === "") throw new UsageError("The password of a link cannot be empty.");
  return chosen;
}

async function list(run: Run, typed: string | undefined, revoked: boolean): Promise<void> {
  const { files, links } = await run.drive();
  const { signal } = run;
  const item = typed === undefined ? undefined : await findItem(files, typed, { signal });
  const only = item?.entry.mount?.volumeId;
  // What is no volume has no links.
  const found = typed !== undefined && only === undefined ? [] : await links.list({ signal, revoked, volumeId: only });
  const paths = await pathsOfVolumes(run);
  const pathOf = (volumeId: Uint8Array) => paths.get(idText(volumeId));
  run.output.result({ links: found.map((link) => toDocument(link, pathOf(link.volumeId))) }, () =>
    found.map((link) => toLine(link, pathOf(link.volumeId))),
  );
}

async function show(run: Run, typed: string): Promise<void> {
  const link = await findLink(run, typed);
  if (link.address === undefined) {
    const { OthersLinkError } = await import("@excalibur/sdk");
    throw new OthersLinkError();
  }
  const { address } = link;
  const paths = await pathsOfVolumes(run);
  run.output.result(toDocument(link, paths.get(idText(link.volumeId))), () => [address]);
}

async function change(run: Run, typed: string, wish: LinkChange): Promise<void> {
  const { links } = await run.drive();
  const { id } = await findLink(run, typed);
  const changed = await links.change(id, wish, { signal: run.signal });
  const document = { ...toDocument(changed, undefined), label: wish.label ?? changed.label ?? null };
  run.output.done(document, `The link is ${changed.state} now: ${facts(changed)}.`);
}

async function revoke(run: Run, typed: string): Promise<void> {
  const { links } = await run.drive();
  const { id } = await findLink(run, typed);
  await links.revoke(id, { signal: run.signal });
  run.output.done(
    { id, revoked: true },
    "The link opens nothing any more, and what is written from now on nobody reads by it. What its visitors have opened or downloaded before they may still have.",
  );
}

async function log(run: Run, typed: string): Promise<void> {
  const { links } = await run.drive();
  const { id } = await findLink(run, typed);
  const entries = await links.log(id, { signal: run.signal });
  const document = {
    id,
    entries: entries.map(({ atMs, outcome, client, count }) => ({ at: isoTime(atMs), outcome, client, count })),
  };
  run.output.result(document, () => entries.map(logLine));
}
