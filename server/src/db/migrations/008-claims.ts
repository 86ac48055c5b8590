import { type Kysely, type RawBuilder, sql } from "kysely";

type Type = RawBuilder<string>;
type Types = { readonly bytes: RawBuilder<unknown>; readonly integer: RawBuilder<unknown> };

/** Accounts that wait to be put in the place of the invitation that they followed. */
export async function up(db: Kysely<unknown>, types: Types, dialect: "sqlite" | "postgres"): Promise<void> {
  const [bytes, integer] = [types.bytes, types.integer] as [Type, Type];
  const table = db.schema
    .createTable("link_claims")
    .addColumn("link_id", bytes, (column) => column.notNull())
    .addColumn("volume_id", bytes, (column) => column.notNull())
    .addColumn("user_id", bytes, (column) => column.notNull())
    .addColumn("server_nonce", bytes, (column) => column.notNull())
    .addColumn("signature", bytes, (column) => column.notNull())
    .addColumn("claimed_ms", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("link_claims_pk", ["link_id"] as never)
    .addForeignKeyConstraint("link_claims_link_id_fk", ["link_id"] as never, "links", ["link_id"])
    .addForeignKeyConstraint("link_claims_volume_id_fk", ["volume_id"] as never, "volumes", ["volume_id"])
    .addForeignKeyConstraint("link_claims_user_id_fk", ["user_id"] as never, "accounts", ["user_id"]);
  await (dialect === "sqlite" ? table.modifyEnd(sql`strict`) : table).execute();
  for (const column of ["volume_id", "user_id"]) {
    await db.schema.createIndex(`link_claims_${column}`).on("link_claims").columns([column]).execute();
  }
}
