export type { CopyForm, Database, QueryListener, ReadHandle, WriteHandle } from "./database.ts";
export { allObjects, type CopiedDatabase, type DatabaseCopy, fillDatabase, openDatabaseCopy } from "./database-copy.ts";
export { type DatabaseDescription, describeDatabase } from "./describe-database.ts";
export {
  DatabaseError,
  type DatabaseFailure,
  DatabaseNewerError,
  DatabaseOccupiedError,
  DatabaseOlderError,
} from "./errors.ts";
export { type MigrationStatus, migrate, migrationStatus, requireMigrated } from "./migrate.ts";
export { type DatabaseLocation, openDatabase } from "./open-database.ts";
export type * from "./schema.ts";
