import { compareBytes } from "@excalibur/core/bytes";
import type { CachePort, CacheRow, CacheWrite } from "../ports/index.ts";

/** A cache that lives as long as the object. Share one between two accounts to play two processes on one folder. */
export class MemoryCache implements CachePort {
  readonly #tables = new Map<string, Map<string, Uint8Array>>();
  /** Called before every write; throw from it to play a full disk. */
  beforeWrite: (write: CacheWrite) => void = () => undefined;

  /** As if the folder had been copied. */
  copy(): MemoryCache {
    const copy = new MemoryCache();
    for (const { table, key, value } of this.rows()) copy.#table(table).set(key, value);
    return copy;
  }

  async get(table: string, key: string): Promise<Uint8Array | undefined> {
    return this.#read({ table, key })?.slice();
  }

  async getMany(table: string, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return keys.map((key) => this.#read({ table, key })?.slice());
  }

  async *list(table: string, { prefix = "" }: { readonly prefix?: string } = {}) {
    const keys = [...(this.#tables.get(table)?.keys() ?? [])].filter((key) => key.startsWith(prefix)).sort();
    for (const key of keys) {
      const value = this.#read({ table, key });
      if (value !== undefined) yield [key, value.slice()] as const;
    }
  }

  async write(write: CacheWrite): Promise<boolean> {
    this.beforeWrite(write);
    for (const expectation of write.expect ?? []) {
      const there = this.#read(expectation);
      const { value } = expectation;
      if (there === undefined || value === undefined ? there !== value : compareBytes(there, value) !== 0) return false;
    }
    for (const { table, key, value } of write.puts ?? []) this.#table(table).set(key, value.slice());
    for (const { table, key } of write.deletes ?? []) this.#tables.get(table)?.delete(key);
    return true;
  }

  async close(): Promise<void> {
    // Nothing to give back: the rows stay for the next "process".
  }

  /** Every row as text of its parts, to search for secrets. */
  rows(): { table: string; key: string; value: Uint8Array }[] {
    return [...this.#tables].flatMap(([table, rows]) => [...rows].map(([key, value]) => ({ table, key, value })));
  }

  #read({ table, key }: CacheRow): Uint8Array | undefined {
    return this.#tables.get(table)?.get(key);
  }

  #table(table: string): Map<string, Uint8Array> {
    const rows = this.#tables.get(table) ?? new Map<string, Uint8Array>();
    this.#tables.set(table, rows);
    return rows;
  }
}
