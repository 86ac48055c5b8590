import { type Command, InvalidArgumentError, Option } from "commander";
import { type BackUpReport, BackupDamagedError, backUp, type ManifestLoss, verifyBackup } from "../../backup/index.ts";
import { withData } from "../open-data.ts";
import { addPlaceOptions, type PlaceOptions } from "../options.ts";
import { sayJson, sizeText, type Terminal } from "../terminal.ts";
import { share, watched } from "../watched.ts";

interface BackupFlags extends PlaceOptions {
  readonly json?: boolean;
  readonly keep?: number;
}

interface VerifyFlags {
  readonly json?: boolean;
  readonly snapshot?: string;
  readonly scratch?: string;
}

function parseKeep(text: string): number {
  const keep = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (keep < 1) throw new InvalidArgumentError("Say how many backups shall stay: at least 1.");
  return keep;
}

function lossLines(losses: readonly ManifestLoss[]): string[] {
  return losses.map(({ object, problem }) => `the object ${object}: ${problem}`);
}

function tell(report: BackUpReport, target: string, terminal: Terminal): void {
  terminal.say(`Backed up as ${report.snapshot} in ${target}.`);
  terminal.say(`  All of it         ${report.objects} objects, ${sizeText(report.bytes)}`);
  terminal.say(`  New in it         ${report.copiedFiles} files of objects, ${sizeText(report.copiedBytes)}`);
  if (report.leftOut.length > 0) {
    terminal.say(`  Left out          too large to be settings: ${report.leftOut.join(", ")}`);
  }
  if (report.removed.length > 0) terminal.say(`  Removed           ${report.removed.join(", ")}`);
  terminal.say("It holds the secrets file: keep it where only you can read it.");
}

const BACKUP_STOPPED =
  "Stopped. This backup was not finished; earlier ones are untouched, and what was copied stays for the next one.";

async function make(target: string, flags: BackupFlags, terminal: Terminal): Promise<void> {
  const report = await withData({ ...flags, anySchema: true }, (database, folder) =>
    watched(terminal, { whenStopped: BACKUP_STOPPED, quiet: flags.json === true }, ({ signal, show }) =>
      backUp({
        ...{ database, folder, target, signal, nowMs: Date.now(), keep: flags.keep },
        onProgress: ({ objects, copiedBytes }) =>
          show(() => `Backing up: ${objects} objects, ${sizeText(copiedBytes)} copied`),
      }),
    ),
  );
  if (flags.json) sayJson(terminal, { target, ...report });
  else tell(report, target, terminal);
  if (report.losses.length === 0) return;
  const message =
    "This backup is finished, but the server itself has lost or damaged what is named here. Look at it with «excalibur-server storage check»; earlier backups may still have it:";
  throw new BackupDamagedError(message, lossLines(report.losses));
}

async function verify(target: string, flags: VerifyFlags, terminal: Terminal): Promise<void> {
  const whenStopped = "Stopped. The backup was not checked to the end, and nothing in it was changed.";
  const report = await watched(terminal, { whenStopped, quiet: flags.json === true }, ({ signal, show }) =>
    verifyBackup({
      ...{ target, snapshot: flags.snapshot, scratch: flags.scratch, signal },
      onBytes: (done, total) => show(() => `Checking: ${share(done, total)}`),
    }),
  );
  if (flags.json) return sayJson(terminal, { target, ...report });
  terminal.say(`The backup ${report.snapshot} in ${target} is whole, and was restored and opened in a scratch folder.`);
  terminal.say(
    `  Checked           ${report.files} files, ${sizeText(report.bytes)}; every leaf of ${report.objects} objects`,
  );
  terminal.say(`  Accounts          ${report.accounts}`);
  for (const line of lossLines(report.losses)) terminal.say(`  Lost before it    ${line}`);
}

const ABOUT = `
While the server runs or not. Objects never change: those that an earlier backup brought into TARGET are not copied again.
TARGET holds the secrets file afterwards; who has it can try out passwords. docs/operate/backup.md says more.`;

export function addBackup(program: Command, terminal: Terminal): void {
  const backup = program
    .command("backup")
    .description("Copy database, secrets and objects into a folder, as they were at one moment.")
    .argument("<target>", "folder for backups of this server, outside its data folder")
    .addHelpText("after", ABOUT)
    .addOption(new Option("--keep <number>", "remove all but so many backups afterwards").argParser(parseKeep))
    .option("--json", "for programs: {target, snapshot, objects, files, bytes, copiedFiles, copiedBytes, losses, …}");
  addPlaceOptions(backup).action((target: string, flags: BackupFlags) => make(target, flags, terminal));
  backup
    .command("verify")
    .description("Check every file of a backup, restore it into a scratch folder, and check every object there.")
    .argument("<target>", "folder with backups")
    .option("--snapshot <name>", "this one instead of the newest")
    .option("--scratch <folder>", "make the scratch folder there instead of in the backup folder")
    .option("--json", "for programs: {target, snapshot, createdAt, files, bytes, objects, accounts, losses}")
    .action((target: string, flags: VerifyFlags) => verify(target, flags, terminal));
}
