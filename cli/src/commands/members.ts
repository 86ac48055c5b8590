import type { KeptOut, LinkInfo, MemberInfo } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { toDocument as linkDocument } from "../links/describe.ts";
import { cleanPath } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { letIn } from "../sharing/let-in.ts";
import { findShared, idText, trustWord } from "../sharing/shared-folder.ts";
import { shown } from "../terminal/escape.ts";
import { isoTime, localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addMembers(program: Command, cli: Cli): void {
  const command = program
    .command("members")
    .description("Who is in a shared folder or file, with which role, since when, and who has not answered yet.")
    .argument("<path>", "what is shared");
  addOutputFlags(command)
    .addHelpText("after", examples("members /holidays", "members --json /holidays"))
    .action((path: string, flags: OutputFlags) => cli.run(flags, (run) => members(run, path)));
}

async function members(run: Run, typed: string): Promise<void> {
  const { sharing, links } = await run.drive();
  const { signal } = run;
  const item = await findShared(run, typed);
  await letIn(run, (error) => run.output.note((error as Error).message));
  const listed = await sharing.members(item, { signal, wrote: true });
  const volumeId = item.entry.mount?.volumeId;
  const pending = (await links.list({ signal, volumeId })).filter(({ isInvitation }) => isInvitation);
  const keptOut = await sharing.keptOut(item, { signal });
  const document = {
    path: cleanPath(typed),
    members: listed.map(({ userId, name, role, addedMs, addedBy, answer, fingerprint, verified, wrote }) => ({
      ...{ name, role, answer, verified, fingerprint, added: isoTime(addedMs), addedBy: addedBy ?? null },
      wrote: wrote === undefined ? null : { change: wrote.sequence, time: isoTime(wrote.timeMs) },
      id: idText(userId),
    })),
    invitations: pending.map((link) => ({ ...linkDocument(link, cleanPath(typed)), claimed: link.isClaimed })),
    keptOut,
  };
  run.output.result(document, () => [...listed.map(toLine), ...pending.map(pendingLine), ...keptOut.map(keptOutLine)]);
}

function keptOutLine({ name, people }: KeptOut): string {
  return `${shown(name)}, shared inside, is not open to ${people.join(", ")}.`;
}

/** An invitation that nobody's account has the place of yet. */
function pendingLine({ id, role, label, state, isClaimed, expiresMs }: LinkInfo): string {
  const name = label === undefined || label === "" ? "(no account yet)" : `${shown(label)} (no account yet)`;
  const end = expiresMs === undefined ? "" : ` until ${localTime(expiresMs)}`;
  return `${role.padEnd(7)}  ${name.padEnd(30)}  ${isClaimed ? "taken up" : `${state}${end}`}  ${id}`;
}

const ANSWERS: Readonly<Record<MemberInfo["answer"], string>> = {
  accepted: "",
  around: "  by the folder around it",
  invited: "  invited, no answer yet",
  left: "  has left",
};

function toLine(member: MemberInfo): string {
  const trust = member.isSelf ? "you" : trustWord(member);
  const { addedBy, wrote } = member;
  const by = addedBy === undefined ? "" : `, added by ${addedBy}`;
  const last = wrote === undefined ? "" : `, wrote up to change ${wrote.sequence} of ${localTime(wrote.timeMs)}`;
  const since = `since ${localTime(member.addedMs)}${by}${last}`;
  return `${member.role.padEnd(7)}  ${member.name.padEnd(16)}  ${trust.padEnd(12)}  ${since}${ANSWERS[member.answer]}`;
}
