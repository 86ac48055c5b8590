import { type Kysely, type RawBuilder, sql } from "kysely";

type Type = RawBuilder<string>;
type Types = {
  readonly bytes: RawBuilder<unknown>;
  readonly integer: RawBuilder<unknown>;
  readonly text: RawBuilder<unknown>;
};

/** Notices to the running server, invitations for one name, lockouts by account, and an audit log that knows the operator and counts. */
export async function up(db: Kysely<unknown>, types: Types, dialect: "sqlite" | "postgres"): Promise<void> {
  const [bytes, integer, text] = [types.bytes, types.integer, types.text] as [Type, Type, Type];
  const notices = db.schema
    .createTable("notices")
    .addColumn("notice_id", integer, (column) => column.notNull())
    .addColumn("at_ms", integer, (column) => column.notNull())
    .addColumn("kind", text, (column) => column.notNull())
    .addColumn("subject", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("notices_pk", ["notice_id"]);
  await (dialect === "sqlite" ? notices.modifyEnd(sql`strict`) : notices).execute();

  await db.schema.alterTable("invites").addColumn("name", text).execute();
  await db.schema.alterTable("login_attempts").addColumn("user_id", bytes).execute();
  await db.schema
    .alterTable("audit")
    .addColumn("actor_kind", text, (column) => column.notNull().defaultTo(sql`'account'`))
    .execute();
  await db.schema
    .alterTable("audit")
    .addColumn("count", integer, (column) => column.notNull().defaultTo(sql`1`))
    .execute();
}
