import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from "kysely";

type Type = RawBuilder<string>;
type Types = {
  readonly bytes: RawBuilder<unknown>;
  readonly integer: RawBuilder<unknown>;
  readonly text: RawBuilder<unknown>;
};

/** A name that ends in "?" may be null. */
interface Columns {
  readonly bytes: readonly string[];
  readonly integer: readonly string[];
  readonly text?: readonly string[];
  /** Beside the volume. */
  readonly hasLink: boolean;
}

const TABLES: Readonly<Record<string, Columns>> = {
  links: {
    bytes: ["link_id", "volume_id", "created_by", "fingerprint", "identity", "knock_hash", "record"],
    integer: [
      ...["role", "has_password", "view_only", "created_ms", "expires_ms?", "max_downloads?", "downloads"],
      ...["paused", "revoked_ms?"],
    ],
    hasLink: false,
  },
  link_sessions: {
    bytes: ["session_id", "link_id", "volume_id", "public_key"],
    integer: ["created_ms", "last_used_ms", "reserved_ms?", "spent_ms?"],
    text: ["client"],
    hasLink: true,
  },
  link_log: {
    bytes: ["entry_id", "link_id", "volume_id"],
    integer: ["at_ms", "count"],
    text: ["outcome", "client"],
    hasLink: true,
  },
};

type Table = CreateTableBuilder<string, string>;

function addColumns(table: Table, type: Type, names: readonly string[] = []): Table {
  return names.reduce((built, name) => {
    const isNullable = name.endsWith("?");
    return built.addColumn(isNullable ? name.slice(0, -1) : name, type, (column) =>
      isNullable ? column : column.notNull(),
    );
  }, table);
}

/** Links, the sessions of their visitors, what happened at them, and which uploads came through one. */
export async function up(db: Kysely<unknown>, types: Types, dialect: "sqlite" | "postgres"): Promise<void> {
  const [bytes, integer, text] = [types.bytes, types.integer, types.text] as [Type, Type, Type];
  for (const [name, columns] of Object.entries(TABLES)) {
    let table: Table = db.schema.createTable(name) as Table;
    table = addColumns(table, bytes, columns.bytes);
    table = addColumns(table, integer, columns.integer);
    table = addColumns(table, text, columns.text);
    table = table
      .addPrimaryKeyConstraint(`${name}_pk`, [columns.bytes[0]] as never)
      .addForeignKeyConstraint(`${name}_volume_id_fk`, ["volume_id"] as never, "volumes", ["volume_id"]);
    if (columns.hasLink)
      table = table.addForeignKeyConstraint(`${name}_link_id_fk`, ["link_id"] as never, "links", ["link_id"]);
    else table = table.addUniqueConstraint(`${name}_fingerprint_unique`, ["fingerprint"] as never);
    await (dialect === "sqlite" ? table.modifyEnd(sql`strict`) : table).execute();
  }
  for (const [table, ...columns] of [
    ["links", "volume_id"],
    ["link_sessions", "link_id"],
    ["link_sessions", "volume_id"],
    ["link_log", "link_id", "at_ms"],
    ["link_log", "volume_id"],
  ] as const) {
    await db.schema
      .createIndex(`${table}_${columns.join("_")}`)
      .on(table)
      .columns([...columns])
      .execute();
  }
  await db.schema.alterTable("uploads").addColumn("link_id", bytes).execute();
  await db.schema.alterTable("objects").addColumn("link_id", bytes).execute();
}
