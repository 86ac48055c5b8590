import { ExcaliburError } from "@excalibur/core/bytes";

export type DatabaseFailure =
  | "unique"
  | "foreign-key"
  | "serialization"
  | "full"
  | "read-only"
  | "busy"
  | "unreachable"
  | "damaged"
  | "other";

const SENTENCES: Record<DatabaseFailure, readonly [code: string, sentence: string]> = {
  unique: ["database_failed", "A row with this key exists already."],
  "foreign-key": ["database_failed", "A row refers to one that does not exist."],
  serialization: ["unavailable", "Too many changes collided. Nothing was changed; try again in a moment."],
  full: ["storage_full", "The disk that holds the database is full. Nothing was changed; free some space on it."],
  "read-only": [
    "unavailable",
    "The database cannot be written: its file, folder or disk is read-only. Nothing was changed.",
  ],
  busy: [
    "unavailable",
    "Another process kept the database locked too long. Nothing was changed; try again in a moment.",
  ],
  unreachable: [
    "unavailable",
    "The database server does not answer. Nothing was changed; check that it runs and its address.",
  ],
  damaged: [
    "database_failed",
    "The database file is damaged or is no database. Nothing was written to it; restore the data folder from a backup.",
  ],
  other: ["database_failed", "The database refused a statement. Nothing was changed."],
};

/** A statement failed and its transaction was rolled back. `failure` says why; the statement's values are never in it. */
export class DatabaseError extends ExcaliburError {
  readonly failure: DatabaseFailure;

  constructor(failure: DatabaseFailure, cause?: unknown) {
    super(SENTENCES[failure][0], SENTENCES[failure][1], cause === undefined ? {} : { cause });
    this.failure = failure;
  }
}

/** The data was written by a newer program. Nothing was touched; take the version that is named, or a newer one. */
export class DatabaseNewerError extends ExcaliburError {
  constructor(details: {
    readonly found: number;
    readonly known: number;
    readonly name: string;
    /** The version that wrote it, when it said so. */
    readonly program?: string | undefined;
  }) {
    const take = details.program === undefined ? "the newer version" : `version ${details.program} or a newer one`;
    super(
      "database_newer",
      `The data was written by a newer Excalibur (schema ${details.found} «${details.name}», this one knows up to ${details.known}). ` +
        `Nothing was changed. Start ${take} again, or restore the backup made before upgrading.`,
      { details },
    );
  }
}

/** The database still has an older schema. Nothing was touched; `db migrate` or a start of the server brings it up to date. */
export class DatabaseOlderError extends ExcaliburError {
  constructor(pending: readonly string[]) {
    super(
      "database_older",
      `The database was last used by an older Excalibur (missing: ${pending.join(", ")}). Nothing was changed. ` +
        "Start the server, or run «excalibur-server db migrate»; a SQLite file is copied beside itself first.",
      { details: { pending } },
    );
  }
}

/** A restore was asked to fill a database that has something in it. Nothing was touched; name a new, empty one. */
export class DatabaseOccupiedError extends ExcaliburError {
  constructor() {
    super(
      "database_occupied",
      "The database that is to be filled is not empty, and nothing in it was changed. Make a new, empty database and name that one with --database-url.",
    );
  }
}
