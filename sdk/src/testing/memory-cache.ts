import { MemoryCache as PlainMemoryCache } from "../memory-cache/index.ts";
import type { CacheWrite } from "../ports/index.ts";

/** A cache that lives as long as the object. Share one between two accounts to play two processes on one folder. */
export class MemoryCache extends PlainMemoryCache {
  /** Called before every write; throw from it to play a full disk. */
  beforeWrite: (write: CacheWrite) => void = () => undefined;

  /** As if the folder had been copied. */
  copy(): MemoryCache {
    const copy = new MemoryCache();
    for (const { table, key, value } of this.rows()) copy.table(table).set(key, value);
    return copy;
  }

  override async write(write: CacheWrite): Promise<boolean> {
    this.beforeWrite(write);
    return await super.write(write);
  }

  /** Every row as text of its parts, to search for secrets. */
  rows(): { table: string; key: string; value: Uint8Array }[] {
    return [...this.tables].flatMap(([table, rows]) => [...rows].map(([key, value]) => ({ table, key, value })));
  }
}
