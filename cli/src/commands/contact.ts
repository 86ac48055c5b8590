import type { ContactInfo } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import type { Cli, Run } from "../run.ts";
import { idText, trustWord } from "../sharing/shared-folder.ts";
import type { OutputFlags } from "../terminal/output.ts";

export function addContact(program: Command, cli: Cli): void {
  const group = program.command("contact").description("Whose keys are whose: people you have shared something with.");
  addOutputFlags(group.command("list").description("Everybody whose keys this account has pinned."))
    .addHelpText("after", examples("contact list"))
    .action((flags: OutputFlags) => cli.run(flags, (run) => list(run)));
  addOutputFlags(
    group
      .command("show")
      .description("The fingerprint of somebody's keys, as the server shows them now, held against what is pinned.")
      .argument("<person>", "user name"),
  )
    .addHelpText("after", examples("contact show bob"))
    .action((person: string, flags: OutputFlags) => cli.run(flags, (run) => show(run, person)));
  addOutputFlags(
    group
      .command("verify")
      .description("Say that these are the 60 digits the person read to you: their keys are verified then.")
      .argument("<person>", "user name")
      .argument("<digits...>", "as «excalibur whoami» shows them to that person"),
  )
    .addHelpText(
      "after",
      examples("contact verify bob 47204 14072 81973 62108 60533 27899 85552 94224 65033 63907 00758 63777"),
    )
    .action((person: string, digits: string[], flags: OutputFlags) =>
      cli.run(flags, (run) => verify(run, person, digits.join(""))),
    );
  addOutputFlags(
    group
      .command("link")
      .description("Your contact link: who is given it by you adds you as verified, without comparing digits.")
      .option("--qr", "also as a QR code, for the camera of a phone"),
  )
    .addHelpText("after", examples("contact link", "contact link --qr"))
    .action((flags: LinkFlags) => cli.run(flags, (run) => link(run, flags)));
  addOutputFlags(
    group
      .command("add")
      .description("Remember somebody as verified by their contact link, if the server has the keys that it names.")
      .argument("<link>", "as they gave it to you, whole"),
  )
    .addHelpText("after", examples("contact add 'https://drive.example.org/c/bob#1.mZXK6S…'"))
    .action((address: string, flags: OutputFlags) => cli.run(flags, (run) => add(run, address)));
}

interface LinkFlags extends OutputFlags {
  readonly qr?: boolean;
}

function toDocument({ userId, name, fingerprint, verified, changed }: ContactInfo) {
  return { name, fingerprint, verified, changed, id: idText(userId) };
}

function toLine(contact: ContactInfo): string {
  return `${contact.name.padEnd(16)}  ${trustWord(contact).padEnd(12)}  ${contact.fingerprint}`;
}

async function list(run: Run): Promise<void> {
  const contacts = (await run.drive()).sharing.contacts();
  run.output.result({ contacts: contacts.map(toDocument) }, () =>
    contacts.length === 0 ? ["You have shared nothing with anybody yet."] : contacts.map(toLine),
  );
}

async function show(run: Run, person: string): Promise<void> {
  const contact = await (await run.drive()).sharing.contact(person, { signal: run.signal });
  run.output.result(toDocument(contact), () => [toLine(contact)]);
}

async function verify(run: Run, person: string, digits: string): Promise<void> {
  const contact = await (await run.drive()).sharing.verifyContact(person, digits, { signal: run.signal });
  run.output.done(toDocument(contact), `${contact.name} is verified.`);
}

async function link({ drive, output }: Run, { qr = false }: LinkFlags): Promise<void> {
  const address = await (await drive()).sharing.contactLink();
  const lines = [address];
  if (qr) lines.push((await import("uqr")).renderUnicodeCompact(address, { border: 2 }));
  output.result({ address }, () => lines);
}

async function add(run: Run, address: string): Promise<void> {
  const contact = await (await run.drive()).sharing.addContact(address, { signal: run.signal });
  const { name, verified } = contact;
  run.output.done(
    toDocument(contact),
    verified
      ? `${name} is verified.`
      : `${name} is known, and not verified: the link is older than the keys that ${name} has now, and signed. Ask for a new one, or compare the digits.`,
  );
}
