import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath, findItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { agreesToInside, insideLines } from "../sharing/inside.ts";
import { findShared, toRole, trustWord } from "../sharing/shared-folder.ts";
import { shown } from "../terminal/escape.ts";
import { EXIT, type ExitCode } from "../terminal/failure.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface ShareFlags extends OutputFlags {
  readonly role: string;
  readonly withVersions?: boolean;
}

export function addShare(program: Command, cli: Cli): void {
  const command = program
    .command("share")
    .description("Share a folder or a file with somebody on the same server, or give them another role in it.")
    .argument("<path>", "a folder or a file")
    .argument("<person>", "user name")
    .requiredOption("--role <role>", "viewer, editor or manager")
    .option("--with-versions", "earlier versions of files come along, when it is shared for the first time");
  addOutputFlags(command)
    .addHelpText("after", examples("share /holidays bob --role editor", "share /plans/garden.pdf carol --role viewer"))
    .action((path: string, person: string, flags: ShareFlags) =>
      cli.run(flags, (run) =>
        share(run, { path, person, role: flags.role, withVersions: flags.withVersions === true }),
      ),
    );
}

interface Wish {
  readonly path: string;
  readonly person: string;
  readonly role: string;
  readonly withVersions: boolean;
}

async function share(run: Run, { path: typed, person, role: typedRole, withVersions }: Wish): Promise<void> {
  const role = toRole(typedRole);
  const { files, sharing } = await run.drive();
  const item = await findItem(files, typed, { signal: run.signal });
  const shared = await sharing.share(item, { person, role, withVersions }, { signal: run.signal });
  const { person: contact, isNew, inside } = shared;
  const path = cleanPath(typed);
  const { name, verified, fingerprint, changed } = contact;
  const said = [`${shown(path)} is shared with ${name} as ${role}.`, ...insideLines(inside)];
  if (changed) said.push(`${name} has new keys since you last shared something, and signed that.`);
  if (!verified) {
    said.push(
      `${name} is ${trustWord(contact)}: let them read you the fingerprint that «excalibur whoami» shows them, and type «excalibur contact verify ${name} DIGITS».`,
    );
  }
  run.output.done({ path, person: { name, fingerprint, verified }, role, isNew, inside }, said.join("\n"));
}

interface UnshareFlags extends OutputFlags {
  readonly yes?: boolean;
}

export function addResend(program: Command, cli: Cli): void {
  const command = program
    .command("resend")
    .description("Send an invitation that has no answer once more.")
    .argument("<path>", "what is shared")
    .argument("<person>", "user name of who was invited");
  addOutputFlags(command)
    .addHelpText("after", examples("resend /holidays bob"))
    .action((path: string, person: string, flags: OutputFlags) => cli.run(flags, (run) => resend(run, path, person)));
}

async function resend(run: Run, typed: string, person: string): Promise<void> {
  const { sharing } = await run.drive();
  const { name } = await sharing.resend(await findShared(run, typed), person, { signal: run.signal });
  const path = cleanPath(typed);
  run.output.done({ path, person: name }, `${name} is invited to ${shown(path)} once more.`);
}

export function addUnshare(program: Command, cli: Cli): void {
  const command = program
    .command("unshare")
    .description(
      "Take people off what is shared: what is written afterwards they cannot read. Without names, end the sharing: everybody and every link is out, and it is an ordinary folder or file again.",
    )
    .argument("<path>", "what is shared")
    .argument("[people...]", "user names; everybody, and the end of the sharing, if left out")
    .option("-y, --yes", "do not ask, whichever shared folders inside stay as they are");
  addOutputFlags(command)
    .addHelpText("after", examples("unshare /holidays bob", "unshare /holidays"))
    .action((path: string, people: string[], flags: UnshareFlags) =>
      cli.run(flags, (run) => unshare(run, { path, people, isMeant: flags.yes === true })),
    );
}

interface Unsharing {
  readonly path: string;
  readonly people: readonly string[];
  readonly isMeant: boolean;
}

async function unshare(run: Run, { path: typed, people, isMeant }: Unsharing): Promise<ExitCode> {
  const { sharing } = await run.drive();
  const { signal } = run;
  const path = cleanPath(typed);
  const item = await findShared(run, typed);
  if (!(isMeant || (await agreesToInside(run, item, people)))) return EXIT.ok;
  const before = (await sharing.members(item, { signal })).filter(({ isSelf }) => !isSelf).map(({ name }) => name);
  if (people.length === 0) {
    const inside = await sharing.stop(item, { signal });
    const said = [
      `${shown(path)} is an ordinary ${item.type === "file" ? "file" : "folder"} again.`,
      ...(before.length > 0 ? [cutOff(before, path)] : []),
      ...insideLines(inside),
    ];
    run.output.done({ path, removed: before, shared: false, inside }, said.join("\n"));
    return EXIT.ok;
  }
  const inside = await sharing.remove(item, people, { signal });
  const after = new Set((await sharing.members(item, { signal })).map(({ name }) => name));
  const removed = before.filter((name) => !after.has(name));
  run.output.done({ path, removed, shared: true, inside }, [cutOff(removed, path), ...insideLines(inside)].join("\n"));
  return EXIT.ok;
}

function cutOff(names: readonly string[], path: string): string {
  return `${names.join(", ")} cannot read what is written in ${shown(path)} from now on. What they have opened or downloaded before they may still have.`;
}
