import { equalBytes } from "@excalibur/core/bytes";
import type { CacheExpectation, CachePort, CacheRow, CacheWrite } from "@excalibur/sdk/ports";
import { committed, localStateError, ROWS, settled } from "./database.ts";

const LIST_BATCH = 200;
/** After every text that begins with a prefix: no key of ours has such a character. */
const LAST = "\u{FFFF}";

/**
 * [Note: One database for several windows]
 * Every window has its own sdk over the same rows, as processes of the command line share one file. A write is one
 * transaction, which the browser runs alone, and checks its expectations inside it: windows never overwrite each other's
 * news.
 */
export class IndexedDbCache implements CachePort {
  readonly #database: IDBDatabase;

  constructor(database: IDBDatabase) {
    this.#database = database;
  }

  async get(table: string, key: string): Promise<Uint8Array | undefined> {
    const [value] = await this.getMany(table, [key]);
    return value;
  }

  async getMany(table: string, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return await this.#reading(async (rows) =>
      Promise.all(keys.map((key) => settled<Uint8Array>(rows.get([table, key])))),
    );
  }

  async *list(table: string, { prefix = "" }: { readonly prefix?: string } = {}) {
    const end = [table, `${prefix}${LAST}`];
    let range = IDBKeyRange.bound([table, prefix], end);
    for (;;) {
      // In batches, each a transaction of its own: none stays open while the caller thinks.
      const [keys, values] = await this.#reading((rows) =>
        Promise.all([
          settled(rows.getAllKeys(range, LIST_BATCH)),
          settled<Uint8Array[]>(rows.getAll(range, LIST_BATCH)),
        ]),
      );
      let last: IDBValidKey | undefined;
      for (const [index, key] of keys.entries()) {
        last = key;
        yield [(key as string[])[1] as string, values[index] as Uint8Array] as const;
      }
      if (last === undefined || keys.length < LIST_BATCH) return;
      range = IDBKeyRange.bound(last, end, true);
    }
  }

  async write({ expect = [], puts = [], deletes = [] }: CacheWrite): Promise<boolean> {
    try {
      const transaction = this.#database.transaction(ROWS, "readwrite");
      const rows = transaction.objectStore(ROWS);
      const there = await Promise.all(expect.map((row) => settled<Uint8Array | undefined>(rows.get(keyOf(row)))));
      const holds = expect.every((expectation, index) => isAsExpected(expectation, there[index]));
      if (holds) {
        for (const row of puts) rows.put(alone(row.value), keyOf(row));
        for (const row of deletes) rows.delete(keyOf(row));
      }
      await committed(transaction);
      return holds;
    } catch (cause) {
      throw localStateError("written", cause);
    }
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  async #reading<T>(read: (rows: IDBObjectStore) => Promise<T>): Promise<T> {
    try {
      return await read(this.#database.transaction(ROWS, "readonly").objectStore(ROWS));
    } catch (cause) {
      throw localStateError("read", cause);
    }
  }
}

/** A view would be kept with everything around it: of each page the whole answer that it came in. */
function alone(value: Uint8Array): Uint8Array {
  return value.byteLength === value.buffer.byteLength ? value : value.slice();
}

function keyOf({ table, key }: CacheRow): [string, string] {
  return [table, key];
}

function isAsExpected({ value }: CacheExpectation, there: Uint8Array | undefined): boolean {
  if (there === undefined || value === undefined) return there === value;
  return equalBytes(there, value);
}
