import type { InvitationInfo, WaitingClaim } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { letIn } from "../sharing/let-in.ts";
import { findInvitation, findShared, idText, trustWord } from "../sharing/shared-folder.ts";
import { shown } from "../terminal/escape.ts";
import type { ExitCode } from "../terminal/failure.ts";
import { isoTime, localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addInvitations(program: Command, cli: Cli): void {
  const command = program
    .command("invitations")
    .description(
      "Folders and files that others share with you and that wait for an answer, and those that you wait for. Lets those in who took up yours.",
    );
  addOutputFlags(command)
    .addHelpText("after", examples("invitations", "invitations --json"))
    .action((flags: OutputFlags) => cli.run(flags, (run) => list(run)));
}

async function list(run: Run): Promise<ExitCode> {
  const { sharing, claims } = await run.drive();
  const { Report } = await import("../transfers/report.ts");
  const report = new Report();
  // What this person is in and nothing leads to is looked for, and put into the root.
  await sharing.folders({ signal: run.signal });
  const onProblem = (error: unknown) => report.fail("an invitation", error);
  const open = await sharing.invitations({ signal: run.signal, onProblem });
  const letInNow = await letIn(run, onProblem);
  const waiting = await claims.waiting({ signal: run.signal });
  const { failures } = report.document();
  const document = {
    invitations: open.map(toDocument),
    waiting: waiting.map(waitingDocument),
    letIn: letInNow,
    failures,
  };
  run.output.result(document, () => [
    ...(open.length === 0 ? ["There is no open invitation."] : open.map(toLine)),
    ...waiting.map(waitingLine),
  ]);
  report.tell(run.output);
  return report.exitCode;
}

function toDocument({ volumeId, label, isFile, owner, role, place }: InvitationInfo) {
  const type = isFile ? "file" : "folder";
  return { id: idText(volumeId), label: label ?? null, type, owner, role, place: place ?? null };
}

function waitingDocument({ volumeId, invitedBy, claimedMs }: WaitingClaim) {
  return { id: idText(volumeId), invitedBy: invitedBy ?? null, since: isoTime(claimedMs) };
}

function waitingLine({ volumeId, invitedBy, claimedMs }: WaitingClaim): string {
  return `${idText(volumeId)}  waits for a device of ${invitedBy ?? "whoever may let you in"}, since ${localTime(claimedMs)}`;
}

function toLine({ volumeId, label, isFile, owner, role, place }: InvitationInfo): string {
  const kind = isFile ? "file" : "folder";
  // Inside another shared folder it has a place already.
  const called = place ?? label;
  const what = called === undefined ? `a ${kind}` : `${kind} ${shown(called)}`;
  return `${idText(volumeId)}  ${what}  from ${owner.name} (${trustWord(owner)}), as ${role}`;
}

interface AcceptFlags extends OutputFlags {
  readonly to?: string;
}

export function addAccept(program: Command, cli: Cli): void {
  const command = program
    .command("accept")
    .description("Accept an invitation: what is shared appears in your drive.")
    .argument("<invitation>", "its id, its name, or who it is from")
    .option(
      "--to <path>",
      "where it appears; its own name in the root if left out, or where it stands inside another shared folder",
    );
  addOutputFlags(command)
    .addHelpText("after", examples("accept Holidays", "accept alice --to /from-alice/holidays"))
    .action((typed: string, flags: AcceptFlags) => cli.run(flags, (run) => accept(run, typed, flags)));
}

async function accept(run: Run, typed: string, { to }: AcceptFlags): Promise<void> {
  const { sharing, files } = await run.drive();
  const { signal } = run;
  const { volumeId, owner, place } = await findInvitation(run, typed);
  const parts = to === undefined ? [] : cleanPath(to).split("/").slice(1);
  const name = parts.pop();
  const chosen = name === undefined || name === "" ? {} : { name };
  const there = to === undefined ? {} : { folderId: await files.resolveFolder(parts.join("/"), { signal }) };
  const accepted = await sharing.accept(volumeId, { signal, ...there, ...chosen });
  const path = to === undefined && place !== undefined ? place : cleanPath([...parts, accepted.name].join("/"));
  run.output.done(
    { path, id: idText(volumeId), owner },
    `${shown(path)} is what ${owner.name} (${trustWord(owner)}) shares with you.`,
  );
}

export function addDecline(program: Command, cli: Cli): void {
  const command = program
    .command("decline")
    .description("Decline an invitation.")
    .argument("<invitation>", "its id, its name, or who it is from");
  addOutputFlags(command)
    .addHelpText("after", examples("decline Holidays"))
    .action((typed: string, flags: OutputFlags) =>
      cli.run(flags, async (run) => {
        const { sharing } = await run.drive();
        const { volumeId, owner } = await findInvitation(run, typed);
        await sharing.decline(volumeId, { signal: run.signal });
        run.output.done({ id: idText(volumeId) }, `Declined what ${owner.name} offered.`);
      }),
    );
}

export function addLeave(program: Command, cli: Cli): void {
  const command = program
    .command("leave")
    .description("Leave what somebody shares with you. It stays where it is, for the others.")
    .argument("<path>", "what is shared, in your drive");
  addOutputFlags(command)
    .addHelpText("after", examples("leave /holidays"))
    .action((typed: string, flags: OutputFlags) =>
      cli.run(flags, async (run) => {
        const { sharing } = await run.drive();
        await sharing.leave(await findShared(run, typed), { signal: run.signal });
        const path = cleanPath(typed);
        run.output.done({ path }, `You have left ${shown(path)}.`);
      }),
    );
}
