import { type Kysely, sql } from "kysely";

/** Any table of either database. */
export type AnyTables = Kysely<Record<string, Record<string, unknown>>>;

export type ColumnType = "bytes" | "integer" | "text";

export interface TableShape {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** Its primary key, in order. */
  readonly key: readonly string[];
}

const TYPES: Readonly<Record<string, ColumnType>> = {
  blob: "bytes",
  bytea: "bytes",
  integer: "integer",
  int8: "integer",
  text: "text",
};

interface Catalogue {
  keyOf(db: AnyTables, table: string): Promise<readonly string[]>;
  parentsOf(db: AnyTables, table: string): Promise<readonly string[]>;
}

const CATALOGUES: Readonly<Record<"sqlite" | "postgres", Catalogue>> = {
  sqlite: {
    keyOf: async (db, table) =>
      (
        await sql<{ name: string }>`select name from pragma_table_info(${table}) where pk > 0 order by pk`.execute(db)
      ).rows.map(({ name }) => name),
    parentsOf: async (db, table) =>
      (await sql<{ name: string }>`select "table" as name from pragma_foreign_key_list(${table})`.execute(db)).rows.map(
        ({ name }) => name,
      ),
  },
  postgres: {
    keyOf: async (db, table) =>
      (
        await sql<{ name: string }>`select a.attname as name from pg_index i
          cross join lateral unnest(i.indkey::int2[]) with ordinality as part(number, place)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = part.number
          where i.indrelid = ${table}::regclass and i.indisprimary order by part.place`.execute(db)
      ).rows.map(({ name }) => name),
    parentsOf: async (db, table) =>
      (
        await sql<{ name: string }>`select c.relname as name from pg_constraint f
          join pg_class c on c.oid = f.confrelid where f.contype = 'f' and f.conrelid = ${table}::regclass`.execute(db)
      ).rows.map(({ name }) => name),
  },
};

/**
 * Every table as the database itself describes it, a table after those that its rows refer to. Asked of the catalogue and
 * not of schema.ts, because the database may be older than this program.
 */
export async function describeTables(db: AnyTables, dialect: "sqlite" | "postgres"): Promise<TableShape[]> {
  const { keyOf, parentsOf } = CATALOGUES[dialect];
  const own = dialect === "sqlite" ? undefined : await currentSchema(db);
  const found = (await db.introspection.getTables()).filter(({ schema, isView }) => !isView && schema === own);
  const shapes = new Map<string, TableShape>();
  const parents = new Map<string, readonly string[]>();
  for (const { name, columns } of found) {
    const typed = columns.map((column) => ({ name: column.name, type: typeOf(name, column.name, column.dataType) }));
    shapes.set(name, { name, columns: typed, key: await keyOf(db, name) });
    parents.set(name, await parentsOf(db, name));
  }
  const ordered: TableShape[] = [];
  const visit = (name: string) => {
    const shape = shapes.get(name);
    if (shape === undefined) return;
    shapes.delete(name);
    for (const parent of parents.get(name) ?? []) visit(parent);
    ordered.push(shape);
  };
  for (const name of [...shapes.keys()].sort()) visit(name);
  return ordered;
}

async function currentSchema(db: AnyTables): Promise<string | undefined> {
  return (await sql<{ name: string }>`select current_schema() as name`.execute(db)).rows[0]?.name;
}

function typeOf(table: string, column: string, dataType: string): ColumnType {
  const type = TYPES[dataType.toLowerCase()];
  if (type === undefined) throw new TypeError(`${table}.${column} is of a type that no copy knows: ${dataType}`);
  return type;
}
