import type { Command } from "commander";
import { restore } from "../../backup/index.ts";
import type { DatabaseLocation } from "../../db/index.ts";
import { addPlaceOptions, type PlaceOptions, placeOf } from "../options.ts";
import { sayJson, type Terminal } from "../terminal.ts";
import { share, watched } from "../watched.ts";

interface RestoreFlags extends PlaceOptions {
  readonly snapshot?: string;
  readonly moveOldDataAside?: boolean;
  readonly json?: boolean;
}

/** The settings that came with the backup may name the database that the server had then. */
function warnOfOtherDatabase(dataFolder: string, restored: DatabaseLocation, terminal: Terminal): void {
  const { database } = placeOf({ data: dataFolder });
  if (JSON.stringify(database) === JSON.stringify(restored)) return;
  terminal.complain(
    "WARNING: a start on this folder would use another database than the restored one, going by excalibur.toml and the environment. " +
      "Name the restored one with database_url before you start the server.",
  );
}

async function run(target: string, flags: RestoreFlags, terminal: Terminal): Promise<void> {
  const { dataFolder, database } = placeOf(flags);
  const postgresUrl = "postgresUrl" in database ? database.postgresUrl : undefined;
  const whenStopped = "Stopped. Nothing was restored; what was there before and the backup are untouched.";
  const report = await watched(terminal, { whenStopped, quiet: flags.json === true }, ({ signal, show }) =>
    restore({
      ...{ target, snapshot: flags.snapshot, dataFolder, postgresUrl, signal, nowMs: Date.now() },
      moveOldDataAside: flags.moveOldDataAside === true,
      onBytes: (done, total) => show(() => `Restoring: ${share(done, total)}`),
    }),
  );
  warnOfOtherDatabase(dataFolder, database, terminal);
  if (flags.json) return sayJson(terminal, { dataFolder, ...report, movedAside: report.movedAside ?? null });
  terminal.say(`Restored ${report.objects} objects as they were at ${report.createdAt} into ${dataFolder}.`);
  if (report.movedAside !== undefined) terminal.say(`What was there before lies in ${report.movedAside}.`);
  for (const { object, problem } of report.losses)
    terminal.say(`Lost before the backup: the object ${object}, ${problem}`);
  terminal.say(
    "Everybody has to sign in again, and devices that saw newer changes will say that the server went back:",
  );
  terminal.say("docs/operate/backup.md says what to tell people.");
}

export function addRestore(program: Command, terminal: Terminal): void {
  const command = program
    .command("restore")
    .description("Make a data folder of a backup. What is there already is never deleted.")
    .argument("<backup>", "folder with backups")
    .option("--snapshot <name>", "this one instead of the newest")
    .option("--move-old-data-aside", "rename the data folder that is there, and put the backup in its place")
    .option("--json", "for programs: {dataFolder, snapshot, createdAt, objects, bytes, movedAside, losses}");
  addPlaceOptions(command).action((target: string, flags: RestoreFlags) => run(target, flags, terminal));
}
