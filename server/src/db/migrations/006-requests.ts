import { type Kysely, type RawBuilder, sql } from "kysely";

type Type = RawBuilder<string>;
type Types = { readonly bytes: RawBuilder<unknown>; readonly integer: RawBuilder<unknown> };

/** Upload requests, who sends into them, and what they have sent. */
export async function up(db: Kysely<unknown>, types: Types, dialect: "sqlite" | "postgres"): Promise<void> {
  const [bytes, integer] = [types.bytes, types.integer] as [Type, Type];
  const strict = <T extends { modifyEnd(end: RawBuilder<unknown>): T }>(table: T): T =>
    dialect === "sqlite" ? table.modifyEnd(sql`strict`) : table;
  const requests = db.schema
    .createTable("requests")
    .addColumn("request_id", bytes, (column) => column.notNull())
    .addColumn("owner_user_id", bytes, (column) => column.notNull())
    .addColumn("public_key", bytes, (column) => column.notNull())
    .addColumn("knock_hash", bytes, (column) => column.notNull())
    .addColumn("sealed_text", bytes, (column) => column.notNull())
    .addColumn("max_bytes", integer, (column) => column.notNull())
    .addColumn("max_items", integer, (column) => column.notNull())
    .addColumn("max_item_bytes", integer, (column) => column.notNull())
    .addColumn("used_bytes", integer, (column) => column.notNull())
    .addColumn("used_items", integer, (column) => column.notNull())
    .addColumn("last_place", integer, (column) => column.notNull())
    .addColumn("created_ms", integer, (column) => column.notNull())
    .addColumn("expires_ms", integer)
    .addColumn("closed_ms", integer)
    .addPrimaryKeyConstraint("requests_pk", ["request_id"] as never)
    .addForeignKeyConstraint("requests_owner_user_id_fk", ["owner_user_id"] as never, "accounts", ["user_id"]);
  await strict(requests).execute();
  const senders = db.schema
    .createTable("request_senders")
    .addColumn("sender_id", bytes, (column) => column.notNull())
    .addColumn("request_id", bytes, (column) => column.notNull())
    .addColumn("public_key", bytes, (column) => column.notNull())
    .addColumn("created_ms", integer, (column) => column.notNull())
    .addColumn("last_used_ms", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("request_senders_pk", ["sender_id"] as never)
    .addUniqueConstraint("request_senders_key_unique", ["request_id", "public_key"] as never)
    .addForeignKeyConstraint("request_senders_request_id_fk", ["request_id"] as never, "requests", ["request_id"]);
  await strict(senders).execute();
  const items = db.schema
    .createTable("request_items")
    .addColumn("object_id", bytes, (column) => column.notNull())
    .addColumn("request_id", bytes, (column) => column.notNull())
    .addColumn("sender_id", bytes, (column) => column.notNull())
    .addColumn("ciphertext_length", integer, (column) => column.notNull())
    .addColumn("begun_ms", integer, (column) => column.notNull())
    .addColumn("place", integer)
    .addColumn("arrived_ms", integer)
    .addColumn("description", bytes)
    .addColumn("filed_proof", bytes)
    .addPrimaryKeyConstraint("request_items_pk", ["object_id"] as never)
    .addForeignKeyConstraint("request_items_request_id_fk", ["request_id"] as never, "requests", ["request_id"]);
  await strict(items).execute();
  const indexes = [
    ["requests", "owner_user_id"],
    ["request_senders", "last_used_ms"],
    ["request_items", "request_id", "place"],
    ["request_items", "sender_id", "place"],
  ] as const;
  for (const [table, ...columns] of indexes) {
    await db.schema
      .createIndex(`${table}_${columns.join("_")}`)
      .on(table)
      .columns([...columns])
      .execute();
  }
  await db.schema
    .createIndex("request_items_unfinished")
    .on("request_items")
    .columns(["begun_ms"])
    .where(sql.ref("arrived_ms"), "is", null)
    .execute();
}
