import type { Command } from "commander";
import { migrate, migrationStatus } from "../../db/index.ts";
import { withData } from "../open-data.ts";
import { addPlaceOptions, type PlaceOptions } from "../options.ts";
import { sayJson, type Terminal } from "../terminal.ts";

interface DbFlags extends PlaceOptions {
  readonly json?: boolean;
}

function named({ number, name }: { readonly number: number; readonly name: string }): string {
  return `${String(number).padStart(3, "0")}-${name}`;
}

function status(flags: DbFlags, terminal: Terminal): Promise<void> {
  return withData({ ...flags, anySchema: true }, async (database) => {
    const { applied, pending } = await migrationStatus(database);
    const report = { database: database.dialect, applied: applied.map(named), pending: pending.map(named) };
    if (flags.json) return sayJson(terminal, report);
    terminal.say(`Database   ${database.dialect === "sqlite" ? "SQLite" : "PostgreSQL"}`);
    terminal.say(`Applied    ${report.applied.join(", ") || "nothing"}`);
    terminal.say(`Pending    ${report.pending.join(", ") || "nothing: it is up to date"}`);
  });
}

function bringUpToDate(flags: DbFlags, terminal: Terminal): Promise<void> {
  return withData({ ...flags, anySchema: true }, async (database) => {
    const { applied, copy } = await migrate(database);
    if (flags.json) return sayJson(terminal, { applied, copy: copy ?? null });
    if (copy) terminal.say(`Copied the database to ${copy} first.`);
    terminal.say(
      applied.length > 0 ? `Applied ${applied.join(", ")}.` : "The database is up to date; nothing was changed.",
    );
  });
}

export function addDb(program: Command, terminal: Terminal): void {
  const db = program.command("db").description("Look at the database's schema, or bring it up to date.");
  addPlaceOptions(db.command("status").description("Say which migrations are applied and which are not."))
    .option("--json", "for programs")
    .action((flags: DbFlags) => status(flags, terminal));
  addPlaceOptions(db.command("migrate").description("Apply what is missing; starting the server does the same."))
    .option("--json", "for programs")
    .action((flags: DbFlags) => bringUpToDate(flags, terminal));
}
