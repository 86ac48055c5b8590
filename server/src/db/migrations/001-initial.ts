import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from "kysely";

type Type = RawBuilder<unknown>;
type Types = { readonly bytes: Type; readonly integer: Type; readonly text: Type };

/** Column lists by type; a name that ends in "?" may be null. The first list is the primary key. */
interface Columns {
  readonly key: readonly string[];
  readonly bytes?: readonly string[];
  readonly integer?: readonly string[];
  readonly text?: readonly string[];
  /** column → table.column */
  readonly references?: Readonly<Record<string, string>>;
  readonly unique?: readonly string[];
}

const TABLES: Readonly<Record<string, Columns>> = {
  accounts: {
    key: ["user_id"],
    bytes: ["user_id", "opaque_record", "recovery_public_key", "home_volume_id", "sign_up_hash"],
    integer: ["admin", "disabled", "created_ms", "quota_bytes?", "used_bytes", "ak_generation"],
    text: ["name"],
    unique: ["name"],
  },
  slots: {
    key: ["user_id", "slot_id"],
    bytes: ["user_id", "slot_id", "sealed"],
    integer: ["type", "generation", "created_ms"],
    references: { user_id: "accounts.user_id" },
  },
  keyrings: {
    key: ["user_id"],
    bytes: ["user_id", "sealed"],
    integer: ["version", "generation"],
    references: { user_id: "accounts.user_id" },
  },
  keyring_hashes: {
    key: ["user_id", "version"],
    bytes: ["user_id", "hash"],
    integer: ["version"],
    references: { user_id: "accounts.user_id" },
  },
  identities: {
    key: ["user_id", "sequence"],
    bytes: ["user_id", "record", "fingerprint"],
    integer: ["sequence"],
    references: { user_id: "accounts.user_id" },
    unique: ["fingerprint"],
  },
  invites: {
    key: ["code_hash"],
    bytes: ["code_hash", "used_by?"],
    integer: ["admin", "first_run", "created_ms", "expires_ms", "used_ms?", "revoked_ms?"],
  },
  logins: {
    key: ["login_id"],
    bytes: ["login_id", "user_id?", "told_user_id", "subject", "state", "server_nonce"],
    integer: ["expires_ms"],
    text: ["purpose", "name"],
  },
  sessions: {
    key: ["session_id"],
    bytes: ["session_id", "user_id", "public_key"],
    integer: ["created_ms", "last_used_ms", "signed_in_ms", "ended_ms?"],
    text: ["device_name", "client"],
    references: { user_id: "accounts.user_id" },
  },
  nonces: { key: ["session_id", "nonce"], bytes: ["session_id", "nonce"], integer: ["expires_ms"] },
  idempotency: {
    key: ["session_id", "key"],
    bytes: ["session_id", "request_digest"],
    integer: ["expires_ms"],
    text: ["key", "reply"],
  },
  login_attempts: { key: ["subject"], bytes: ["subject"], integer: ["failures", "last_ms", "locked_until_ms"] },
  volumes: {
    key: ["volume_id"],
    bytes: ["volume_id", "owner_user_id", "head_hash", "state_root", "genesis_hash"],
    integer: ["head_sequence", "manifest_version", "g", "created_ms"],
    references: { owner_user_id: "accounts.user_id" },
  },
  manifests: {
    key: ["volume_id", "version"],
    bytes: ["volume_id", "record", "hash"],
    integer: ["version"],
    references: { volume_id: "volumes.volume_id" },
  },
  members: {
    key: ["volume_id", "subject_id"],
    bytes: ["volume_id", "subject_id", "fingerprint"],
    integer: ["role"],
    references: { volume_id: "volumes.volume_id" },
  },
  envelopes: {
    key: ["volume_id", "g", "recipient_fingerprint"],
    bytes: ["volume_id", "recipient_fingerprint", "record"],
    integer: ["g"],
    references: { volume_id: "volumes.volume_id" },
  },
  previous_keys: {
    key: ["volume_id", "g"],
    bytes: ["volume_id", "sealed"],
    integer: ["g"],
    references: { volume_id: "volumes.volume_id" },
  },
  commits: {
    key: ["volume_id", "sequence"],
    bytes: ["volume_id", "hash", "record"],
    integer: ["sequence", "received_ms"],
    references: { volume_id: "volumes.volume_id" },
  },
  pages: {
    key: ["volume_id", "record_hash"],
    bytes: ["volume_id", "node_id", "record_hash", "record"],
    integer: ["bits_length", "bits", "version", "size_bytes", "sequence", "replaced_ms?"],
    references: { volume_id: "volumes.volume_id" },
  },
  pending_pages: {
    key: ["volume_id", "record_hash"],
    bytes: ["volume_id", "record_hash", "header", "node_id", "record", "user_id"],
    integer: ["bits_length", "bits", "version", "size_bytes", "received_ms"],
    references: { volume_id: "volumes.volume_id" },
  },
  objects: {
    key: ["object_id"],
    bytes: ["object_id", "header", "root", "tree_hash", "uploader_user_id"],
    integer: ["ciphertext_length", "created_ms"],
    text: ["location"],
  },
  object_leaves: {
    key: ["object_id", "chunk"],
    bytes: ["object_id", "leaves", "tree_hash"],
    integer: ["chunk"],
  },
  object_references: {
    key: ["volume_id", "object_id"],
    bytes: ["volume_id", "object_id"],
    integer: ["count", "added_ms", "dropped_ms?"],
    references: { volume_id: "volumes.volume_id", object_id: "objects.object_id" },
  },
  uploads: {
    key: ["object_id"],
    bytes: ["object_id", "user_id", "header?"],
    integer: ["ciphertext_length", "created_ms"],
    references: { user_id: "accounts.user_id" },
  },
  upload_parts: {
    key: ["object_id", "part"],
    bytes: ["object_id", "leaves"],
    integer: ["part"],
    references: { object_id: "uploads.object_id" },
  },
  audit: {
    key: ["audit_id"],
    bytes: ["audit_id", "actor?"],
    integer: ["at_ms"],
    text: ["action", "subject?", "request_id?"],
  },
  settings: { key: ["key"], text: ["key", "value"] },
};

const INDEXES: readonly (readonly [table: string, ...columns: string[]])[] = [
  ["sessions", "user_id"],
  ["logins", "expires_ms"],
  ["nonces", "expires_ms"],
  ["idempotency", "expires_ms"],
  ["login_attempts", "last_ms"],
  ["members", "subject_id"],
  ["members", "fingerprint"],
  ["pending_pages", "received_ms"],
  ["pending_pages", "user_id", "size_bytes"],
  ["objects", "uploader_user_id"],
  ["object_references", "object_id"],
  ["uploads", "user_id"],
  ["audit", "at_ms"],
];

type Table = CreateTableBuilder<string, string>;

function addColumns(table: Table, type: Type, names: readonly string[] = []): Table {
  return names.reduce((built, name) => {
    const nullable = name.endsWith("?");
    return built.addColumn(nullable ? name.slice(0, -1) : name, type as RawBuilder<string>, (column) =>
      nullable ? column : column.notNull(),
    );
  }, table);
}

function createTable(db: Kysely<unknown>, types: Types, name: string): Table {
  const columns = TABLES[name]!;
  let table: Table = db.schema.createTable(name) as Table;
  table = addColumns(table, types.bytes, columns.bytes);
  table = addColumns(table, types.integer, columns.integer);
  table = addColumns(table, types.text, columns.text);
  table = table.addPrimaryKeyConstraint(`${name}_pk`, [...columns.key] as never);
  for (const column of columns.unique ?? [])
    table = table.addUniqueConstraint(`${name}_${column}_unique`, [column] as never);
  for (const [column, target] of Object.entries(columns.references ?? {})) {
    const [otherTable, otherColumn] = target.split(".");
    table = table.addForeignKeyConstraint(`${name}_${column}_fk`, [column] as never, otherTable!, [otherColumn!]);
  }
  return table;
}

export async function up(db: Kysely<unknown>, types: Types, dialect: "sqlite" | "postgres"): Promise<void> {
  for (const name of Object.keys(TABLES)) {
    const table = createTable(db, types, name);
    // STRICT: SQLite then refuses a value of another type, as PostgreSQL does.
    await (dialect === "sqlite" ? table.modifyEnd(sql`strict`) : table).execute();
  }
  for (const [table, ...columns] of INDEXES) {
    await db.schema
      .createIndex(`${table}_${columns.join("_")}`)
      .on(table)
      .columns(columns)
      .execute();
  }
  // One current page in each place, and the page list in its order.
  await db.schema
    .createIndex("pages_current")
    .on("pages")
    .columns(["volume_id", "node_id", "bits_length", "bits"])
    .unique()
    .where(sql.ref("replaced_ms"), "is", null)
    .execute();
}
