import { PROGRAM_VERSION } from "@excalibur/core/protocol";
import type { Command } from "commander";
import { backUp } from "../../backup/index.ts";
import { dataFolderAt, requireDataFolder } from "../../config/data-folder.ts";
import { lockDataFolder } from "../../config/server-lock.ts";
import { describeDatabase, migrate, migrationStatus } from "../../db/index.ts";
import { withData } from "../open-data.ts";
import { addPlaceOptions, type PlaceOptions, placeOf } from "../options.ts";
import { sayJson, sizeText, type Terminal } from "../terminal.ts";

interface DbFlags extends PlaceOptions {
  readonly json?: boolean;
}

function named({ number, name }: { readonly number: number; readonly name: string }): string {
  return `${String(number).padStart(3, "0")}-${name}`;
}

function status(flags: DbFlags, terminal: Terminal): Promise<void> {
  return withData({ ...flags, anySchema: true }, async (database) => {
    const { applied, pending } = await migrationStatus(database);
    const { engine, bytes } = await describeDatabase(database);
    const schema = { found: applied.at(-1)?.number ?? 0, known: (pending.at(-1) ?? applied.at(-1))?.number ?? 0 };
    const names = { applied: applied.map(named), pending: pending.map(named) };
    const report = { program: PROGRAM_VERSION, database: database.dialect, engine, bytes, schema, ...names };
    if (flags.json) return sayJson(terminal, report);
    terminal.say(`Program    Excalibur ${PROGRAM_VERSION}, which knows schema ${schema.known}`);
    terminal.say(`Database   ${engine}, ${sizeText(bytes)}, schema ${schema.found}`);
    terminal.say(`Applied    ${report.applied.join(", ") || "nothing"}`);
    terminal.say(`Pending    ${report.pending.join(", ") || "nothing: it is up to date"}`);
  });
}

async function vacuum(flags: DbFlags, terminal: Terminal): Promise<void> {
  const { dataFolder, database: location } = placeOf(flags);
  const isSqlite = "sqliteFile" in location;
  if (isSqlite) {
    await requireDataFolder(dataFolderAt(dataFolder));
    // Where SQLite puts the file together anew: on the disk whose room is being looked after, not in the system's small one.
    process.env["SQLITE_TMPDIR"] ??= dataFolder;
  }
  // Nobody could write for as long as it takes.
  const lock = isSqlite ? await lockDataFolder(dataFolderAt(dataFolder)) : undefined;
  try {
    await withData({ ...flags, anySchema: true }, async (database) => {
      const { bytes: bytesBefore } = await describeDatabase(database);
      await database.migration.vacuum();
      const { bytes: bytesAfter } = await describeDatabase(database);
      if (flags.json) return sayJson(terminal, { bytesBefore, bytesAfter });
      terminal.say(`The database took ${sizeText(bytesBefore)} and takes ${sizeText(bytesAfter)} now.`);
    });
  } finally {
    await lock?.release();
  }
}

interface MigrateFlags extends DbFlags {
  readonly backup?: string;
}

function bringUpToDate(flags: MigrateFlags, terminal: Terminal): Promise<void> {
  return withData({ ...flags, anySchema: true }, async (database, folder) => {
    const { applied: before, pending } = await migrationStatus(database);
    const target = before.length > 0 && pending.length > 0 ? flags.backup : undefined;
    const made = target === undefined ? undefined : await backUp({ database, folder, target, nowMs: Date.now() });
    const { applied, copy } = await migrate(database);
    if (flags.json) return sayJson(terminal, { applied, copy: copy ?? null, backup: made?.snapshot ?? null });
    if (made) terminal.say(`Backed up as ${made.snapshot} in ${target} first.`);
    if (copy) terminal.say(`Copied the database to ${copy} first.`);
    terminal.say(
      applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date; nothing was changed.",
    );
  });
}

export function addDb(program: Command, terminal: Terminal): void {
  const db = program.command("db").description("Look at the database, bring it up to date, tidy it.");
  addPlaceOptions(
    db.command("status").description("Say which versions program and database have, and which migrations are applied."),
  )
    .option("--json", "for programs: {program, database, engine, bytes, schema: {found, known}, applied, pending}")
    .action((flags: DbFlags) => status(flags, terminal));
  addPlaceOptions(db.command("migrate").description("Apply what is missing; starting the server does the same."))
    .option("--backup <target>", "make a backup in this folder first; SQLite is copied beside itself in any case")
    .option("--json", "for programs: {applied, copy, backup}")
    .action((flags: MigrateFlags) => bringUpToDate(flags, terminal));
  addPlaceOptions(
    db.command("vacuum").description("Give back the room that deleted rows took. SQLite: with the server stopped."),
  )
    .option("--json", "for programs: {bytesBefore, bytesAfter}")
    .action((flags: DbFlags) => vacuum(flags, terminal));
}
