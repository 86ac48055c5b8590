import { type Kysely, type RawBuilder, sql } from "kysely";

type Type = RawBuilder<string>;
type Types = { readonly bytes: RawBuilder<unknown>; readonly integer: RawBuilder<unknown> };

/** Volumes that wait for the commit which mounts them, who has accepted an invitation, and who has left. */
export async function up(db: Kysely<unknown>, types: Types, dialect: "sqlite" | "postgres"): Promise<void> {
  const [bytes, integer] = [types.bytes, types.integer] as [Type, Type];
  await db.schema.alterTable("volumes").addColumn("pending_ms", integer).execute();
  await db.schema.alterTable("volumes").addColumn("mounted_from", bytes).execute();
  await db.schema.alterTable("members").addColumn("accepted_ms", integer).execute();
  const departures = db.schema
    .createTable("departures")
    .addColumn("volume_id", bytes, (column) => column.notNull())
    .addColumn("subject_id", bytes, (column) => column.notNull())
    .addColumn("left_ms", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("departures_pk", ["volume_id", "subject_id"] as never)
    .addForeignKeyConstraint("departures_volume_id_fk", ["volume_id"] as never, "volumes", ["volume_id"]);
  await (dialect === "sqlite" ? departures.modifyEnd(sql`strict`) : departures).execute();
  await db.schema
    .createIndex("volumes_pending")
    .on("volumes")
    .columns(["pending_ms"])
    .where(sql.ref("pending_ms"), "is not", null)
    .execute();
}
