import { compareBytes } from "@excalibur/core/bytes";
import type { CachePort, CacheRow, CacheWrite } from "../ports/index.ts";

/** A cache that lives as long as the object: for what shall leave no trace on this device. */
export class MemoryCache implements CachePort {
  protected readonly tables = new Map<string, Map<string, Uint8Array>>();

  async get(table: string, key: string): Promise<Uint8Array | undefined> {
    return this.#read({ table, key })?.slice();
  }

  async getMany(table: string, keys: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    return keys.map((key) => this.#read({ table, key })?.slice());
  }

  async *list(table: string, { prefix = "" }: { readonly prefix?: string } = {}) {
    const keys = [...(this.tables.get(table)?.keys() ?? [])].filter((key) => key.startsWith(prefix)).sort();
    for (const key of keys) {
      const value = this.#read({ table, key });
      if (value !== undefined) yield [key, value.slice()] as const;
    }
  }

  async write(write: CacheWrite): Promise<boolean> {
    for (const expectation of write.expect ?? []) {
      const there = this.#read(expectation);
      const { value } = expectation;
      if (there === undefined || value === undefined ? there !== value : compareBytes(there, value) !== 0) return false;
    }
    for (const { table, key, value } of write.puts ?? []) this.table(table).set(key, value.slice());
    for (const { table, key } of write.deletes ?? []) this.tables.get(table)?.delete(key);
    return true;
  }

  async close(): Promise<void> {
    // Nothing to give back: the rows stay as long as the object does.
  }

  protected table(table: string): Map<string, Uint8Array> {
    const rows = this.tables.get(table) ?? new Map<string, Uint8Array>();
    this.tables.set(table, rows);
    return rows;
  }

  #read({ table, key }: CacheRow): Uint8Array | undefined {
    return this.tables.get(table)?.get(key);
  }
}
