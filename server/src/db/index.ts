export type { Database, ReadHandle, WriteHandle } from "./database.ts";
export { DatabaseError, type DatabaseFailure, DatabaseNewerError, DatabaseOlderError } from "./errors.ts";
export { type MigrationStatus, migrate, migrationStatus, requireMigrated } from "./migrate.ts";
export { type DatabaseLocation, openDatabase } from "./open-database.ts";
export type * from "./schema.ts";
