import { type FileHandle, open } from "node:fs/promises";
import { toBase64Url } from "@excalibur/core/bytes";
import { sql } from "kysely";
import { type AnyTables, describeTables, type TableShape } from "./table-shapes.ts";

/** A row may be a few MiB long. */
const ROWS_AT_ONCE = 64;
const BUFFER_BYTES = 1024 * 1024;

/** Written as the first line (spec/backup.md §4). */
export const ROWS_FORMAT = { format: "excalibur-rows", version: 1 } as const;

export interface WriteRowsOptions {
  /** One consistent state: the handle of a snapshot. */
  readonly read: AnyTables;
  readonly dialect: "sqlite" | "postgres";
  /** A file that is not there yet. */
  readonly path: string;
}

/** Writes every row of every table as text that either database can be filled from; durable when this resolves. */
export async function writeRows({ read, dialect, path }: WriteRowsOptions): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    const lines = new LineWriter(file);
    await lines.write({ ...ROWS_FORMAT, schema: await schemaNumber(read) });
    let count = 0;
    for (const shape of await describeTables(read, dialect)) {
      await lines.write({ table: shape.name, columns: shape.columns.map(({ name, type }) => [name, type]) });
      for await (const row of rowsOf(read, shape)) {
        await lines.write(shape.columns.map(({ name }) => encodeValue(row[name])));
        count += 1;
      }
    }
    await lines.write({ end: true, rows: count });
    await lines.flush();
    await file.sync();
  } finally {
    await file.close();
  }
}

async function schemaNumber(db: AnyTables): Promise<number> {
  const { rows } = await sql<{ number: number | null }>`select max(number) as number from migrations`.execute(db);
  return rows[0]?.number ?? 0;
}

async function* rowsOf(db: AnyTables, { name, columns, key }: TableShape) {
  if (key.length === 0) throw new TypeError(`The table ${name} has no primary key to read it by.`);
  const keyColumns = sql.join(key.map((column) => sql.ref(column)));
  const select = sql`select ${sql.join(columns.map((column) => sql.ref(column.name)))} from ${sql.table(name)}`;
  const slice = sql`order by ${keyColumns} limit ${sql.lit(ROWS_AT_ONCE)}`;
  let after = sql``;
  for (;;) {
    const { rows } = await sql<Record<string, unknown>>`${select} ${after} ${slice}`.execute(db);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    after = sql`where (${keyColumns}) > (${sql.join(key.map((column) => last[column]))})`;
  }
}

function encodeValue(value: unknown): unknown {
  return value instanceof Uint8Array ? toBase64Url(value) : value;
}

/** One JSON value a line, in large writes. */
class LineWriter {
  readonly #file: FileHandle;
  #lines: string[] = [];
  #length = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(value: unknown): Promise<void> {
    const line = JSON.stringify(value);
    this.#lines.push(line, "\n");
    this.#length += line.length + 1;
    if (this.#length >= BUFFER_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    await this.#file.appendFile(this.#lines.join(""));
    this.#lines = [];
    this.#length = 0;
  }
}
