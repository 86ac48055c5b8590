import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { toDocument } from "../links/describe.ts";
import { toExpiry } from "../links/expiry-time.ts";
import { cleanPath, findItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { UsageError } from "../terminal/failure.ts";
import { localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";
import { readLines } from "../terminal/prompts.ts";

interface InviteFlags extends OutputFlags {
  readonly role: string;
  readonly label?: string;
  readonly expires: string;
  readonly withVersions?: boolean;
}

export function addInvite(program: Command, cli: Cli): void {
  const command = program
    .command("invite")
    .description(
      "Invite somebody without an account to a folder or a file: whoever you give the address may look, make an account, and take the place.",
    )
    .argument("<path>", "a folder or a file")
    .requiredOption("--role <role>", "viewer or editor")
    .option("--label <text>", "whom it is for; only you see it")
    .option("--expires <time>", "12h, 7d, 2w from now, a date like 2027-01-31, or never", "2w")
    .option("--with-versions", "earlier versions of files come along, when it is shared for the first time");
  addOutputFlags(command)
    .addHelpText("after", examples("invite /holidays --role editor --label Grandma"))
    .action((path: string, flags: InviteFlags) => cli.run(flags, (run) => invite(run, path, flags)));
}

async function invite(run: Run, typed: string, flags: InviteFlags): Promise<void> {
  const { role, label, expires, withVersions = false } = flags;
  if (role !== "viewer" && role !== "editor") throw new UsageError("Somebody without an account is viewer or editor.");
  const expiresMs = expires === "never" ? undefined : toExpiry(expires, Date.now());
  const { files, links } = await run.drive();
  const item = await findItem(files, typed, { signal: run.signal });
  const link = await links.invite(item, { role, label, expiresMs, withVersions }, { signal: run.signal });
  const path = cleanPath(typed);
  const { address = "" } = link;
  run.output.result(toDocument(link, path), () => [address]);
  const until = expiresMs === undefined ? "" : `, until ${localTime(expiresMs)}`;
  run.output.note(
    `One person may take this up, as ${role} of ${shown(path)}${until}. Its last part is its key: give it to nobody else. They are in it once a device of somebody who decides on members is connected; «excalibur members» does that, too.`,
  );
}

export function addJoin(program: Command, cli: Cli): void {
  const command = program
    .command("join")
    .description("Take up an invitation that you were given as an address.")
    .argument("<address>", "the whole address; - reads it from standard input");
  addOutputFlags(command)
    .addHelpText("after", examples("join 'https://drive.example/s/…#1.…'", "join -"))
    .action((typed: string, flags: OutputFlags) => cli.run(flags, (run) => join(run, typed)));
}

async function join(run: Run, typed: string): Promise<void> {
  const address = typed === "-" ? ((await readLines(run.terminal, 1))[0] as string) : typed;
  const { claims } = await run.drive();
  const { by, label, role } = await claims.take({ address, client: "cli" }, { signal: run.signal });
  const what = label === undefined ? "what they share" : shown(label);
  run.output.done(
    { by, label: label ?? null, role },
    `${by.name} invites you to ${what} as ${role}. It waits for a device of ${by.name}, or of somebody else who may let you in; then «excalibur invitations» shows it.`,
  );
}
