import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { FormatError, fromBase64Url } from "@excalibur/core/bytes";
import type { ColumnType } from "./table-shapes.ts";
import { ROWS_FORMAT } from "./write-rows.ts";

export interface ReadRow {
  readonly table: string;
  readonly row: Readonly<Record<string, Uint8Array | number | string | null>>;
}

/** The rows of a file that `writeRows` wrote, in their order. @throws FormatError when it is another file or is cut off */
export async function* readRows(path: string): AsyncGenerator<ReadRow, void, undefined> {
  const lines = createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
  let table: { readonly name: string; readonly columns: readonly (readonly [string, ColumnType])[] } | undefined;
  let count = -1;
  let hasEnded = false;
  for await (const line of lines) {
    const value = parseLine(line);
    if (count === -1) {
      requireFormat(value);
      count = 0;
    } else if (Array.isArray(value)) {
      if (table === undefined || hasEnded) throw misshapen();
      count += 1;
      yield { table: table.name, row: rowOf(table.columns, value) };
    } else if (typeof value["table"] === "string") {
      table = { name: value["table"], columns: value["columns"] as [string, ColumnType][] };
    } else {
      if (value["end"] !== true || value["rows"] !== count) throw misshapen();
      hasEnded = true;
    }
  }
  if (!hasEnded) throw misshapen();
}

/** The number of the last migration that had been applied. */
export async function readRowsSchema(path: string): Promise<number> {
  const lines = createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    const value = parseLine(line);
    requireFormat(value);
    return Number((value as Record<string, unknown>)["schema"]);
  }
  throw misshapen();
}

function parseLine(line: string): Record<string, unknown> | unknown[] {
  try {
    return JSON.parse(line) as Record<string, unknown> | unknown[];
  } catch (error) {
    throw misshapen(error);
  }
}

function requireFormat(value: Record<string, unknown> | unknown[]): void {
  const { format, version } = value as Record<string, unknown>;
  if (format !== ROWS_FORMAT.format || version !== ROWS_FORMAT.version) throw misshapen();
}

function rowOf(columns: readonly (readonly [string, ColumnType])[], values: readonly unknown[]): ReadRow["row"] {
  if (values.length !== columns.length) throw misshapen();
  return Object.fromEntries(
    columns.map(([name, type], index) => {
      const value = values[index];
      if (value === null) return [name, null];
      if (typeof value !== (type === "integer" ? "number" : "string")) throw misshapen();
      return [name, type === "bytes" ? fromBase64Url(value as string) : (value as string | number)];
    }),
  );
}

function misshapen(cause?: unknown): FormatError {
  const message = "The copy of the database is cut off or is no copy of a database. Nothing was changed.";
  return new FormatError(message, cause === undefined ? {} : { cause });
}
