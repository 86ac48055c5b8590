/**
 * Bytes that outlive the process, shared by several processes at once. What is written here is ciphertext or public:
 * rooms go through the account's sealed cache for anything else.
 */

export interface CacheRow {
  readonly table: string;
  readonly key: string;
}

export interface CachePut extends CacheRow {
  readonly value: Uint8Array;
}

/** What must stand in a row for a write to happen; undefined: nothing. */
export interface CacheExpectation extends CacheRow {
  readonly value: Uint8Array | undefined;
}

export interface CacheWrite {
  readonly expect?: readonly CacheExpectation[];
  readonly puts?: readonly CachePut[];
  readonly deletes?: readonly CacheRow[];
}

export interface CachePort {
  get(table: string, key: string): Promise<Uint8Array | undefined>;
  /** In the order of the keys. */
  getMany(table: string, keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  /** Rows whose key begins with the prefix, sorted by key. Rows written meanwhile may or may not be seen. */
  list(table: string, options?: { readonly prefix?: string }): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  /** All or nothing; outlives the process when it resolves true. False, and nothing written, when an expectation does not hold. */
  write(write: CacheWrite): Promise<boolean>;
  close(): Promise<void>;
}
