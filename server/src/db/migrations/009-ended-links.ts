import { type Kysely, type RawBuilder, sql } from "kysely";

type Type = RawBuilder<string>;
type Types = { readonly bytes: RawBuilder<unknown>; readonly integer: RawBuilder<unknown> };

/** What is left of a link that was taken back when its volume has gone: enough to tell whoever follows it. */
export async function up(db: Kysely<unknown>, types: Types, dialect: "sqlite" | "postgres"): Promise<void> {
  const [bytes, integer] = [types.bytes, types.integer] as [Type, Type];
  const table = db.schema
    .createTable("ended_links")
    .addColumn("link_id", bytes, (column) => column.notNull())
    .addColumn("knock_hash", bytes, (column) => column.notNull())
    .addColumn("ended_ms", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("ended_links_pk", ["link_id"] as never);
  await (dialect === "sqlite" ? table.modifyEnd(sql`strict`) : table).execute();
  await db.schema.createIndex("ended_links_ended_ms").on("ended_links").columns(["ended_ms"]).execute();
}
