import { type Kysely, type RawBuilder, sql } from "kysely";

type Type = RawBuilder<string>;
type Types = { readonly bytes: RawBuilder<unknown>; readonly integer: RawBuilder<unknown> };

/** Public keys of accounts that are gone, which members of volumes of others check its signatures with. */
export async function up(db: Kysely<unknown>, types: Types, dialect: "sqlite" | "postgres"): Promise<void> {
  const [bytes, integer] = [types.bytes, types.integer] as [Type, Type];
  const table = db.schema
    .createTable("past_identities")
    .addColumn("user_id", bytes, (column) => column.notNull())
    .addColumn("sequence", integer, (column) => column.notNull())
    .addColumn("record", bytes, (column) => column.notNull())
    .addColumn("fingerprint", bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint("past_identities_pk", ["user_id", "sequence"] as never)
    .addUniqueConstraint("past_identities_fingerprint_unique", ["fingerprint"] as never);
  await (dialect === "sqlite" ? table.modifyEnd(sql`strict`) : table).execute();
}
