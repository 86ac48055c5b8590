import { type Kysely, type RawBuilder, sql } from "kysely";

type Type = RawBuilder<unknown>;
type Types = { readonly bytes: Type; readonly integer: Type; readonly text: Type };

/** A name that ends in "?" may be null; the first column is the primary key. */
const TABLES: Readonly<Record<string, readonly (readonly [column: string, type: keyof Types])[]>> = {
  jobs: [
    ["name", "text"],
    ["last_started_ms?", "integer"],
    ["last_ended_ms?", "integer"],
    ["outcome?", "text"],
    ["result?", "text"],
    ["place?", "text"],
    ["next_run_ms?", "integer"],
  ],
  job_requests: [
    ["request_id", "bytes"],
    ["task", "text"],
    ["dry_run", "integer"],
    ["repair", "integer"],
    ["requested_ms", "integer"],
    ["started_ms?", "integer"],
    ["progress?", "text"],
    ["ended_ms?", "integer"],
    ["outcome?", "text"],
    ["result?", "text"],
  ],
  leases: [
    ["name", "text"],
    ["holder", "bytes"],
    ["expires_ms", "integer"],
  ],
};

/** What jobs look for, so that they find it without reading a table whole. */
const INDEXES: readonly (readonly [table: string, columns: readonly string[], where: string | undefined])[] = [
  ["job_requests", ["requested_ms"], undefined],
  ["object_references", ["dropped_ms"], "dropped_ms"],
  ["pages", ["replaced_ms"], "replaced_ms"],
  ["pages", ["volume_id", "node_id", "bits_length", "bits", "version"], "replaced_ms"],
  ["sessions", ["ended_ms"], "ended_ms"],
  ["uploads", ["created_ms"], undefined],
];

export async function up(db: Kysely<unknown>, types: Types, dialect: "sqlite" | "postgres"): Promise<void> {
  for (const [name, columns] of Object.entries(TABLES)) {
    let table = db.schema.createTable(name);
    for (const [column, type] of columns) {
      const nullable = column.endsWith("?");
      table = table.addColumn(nullable ? column.slice(0, -1) : column, types[type] as RawBuilder<string>, (built) =>
        nullable ? built : built.notNull(),
      );
    }
    table = table.addPrimaryKeyConstraint(`${name}_pk`, [columns[0]![0]] as never);
    // STRICT: SQLite then refuses a value of another type, as PostgreSQL does.
    await (dialect === "sqlite" ? table.modifyEnd(sql`strict`) : table).execute();
  }
  for (const [table, columns, where] of INDEXES) {
    const name = columns.length > 1 ? `${table}_replaced_places` : `${table}_${columns[0]}`;
    const index = db.schema
      .createIndex(name)
      .on(table)
      .columns([...columns]);
    await (where === undefined ? index : index.where(sql.ref(where), "is not", null)).execute();
  }
}
