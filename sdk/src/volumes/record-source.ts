import { equalBytes } from "@excalibur/core/bytes";
import { pageRecordHash } from "@excalibur/core/volume/record";
import type { VolumeApi } from "./api.ts";
import type { LocalVolumeStore } from "./local-store.ts";
import type { RecordSource } from "./page-reader.ts";

/** Page records from this device's cache, else from the server, kept once their hash was found right. */
export class CachedRecords implements RecordSource {
  readonly #store: LocalVolumeStore;
  readonly #api: VolumeApi;

  constructor(store: LocalVolumeStore, api: VolumeApi) {
    this.#store = store;
    this.#api = api;
  }

  async load(
    recordHashes: readonly Uint8Array[],
    signal: AbortSignal | undefined,
  ): Promise<(Uint8Array | undefined)[]> {
    const records = await this.#store.readRecords(recordHashes);
    const missing = recordHashes.flatMap((hash, index) => (records[index] === undefined ? [{ hash, index }] : []));
    if (missing.length === 0) return records;
    const fetched = await this.#api.pages(
      missing.map(({ hash }) => hash),
      { signal },
    );
    const good: { hash: Uint8Array; record: Uint8Array }[] = [];
    for (const [at, { hash, index }] of missing.entries()) {
      const record = fetched[at];
      records[index] = record;
      if (record && equalBytes(pageRecordHash(record), hash)) good.push({ hash, record });
    }
    if (good.length > 0) await this.#store.keepRecords(good);
    return records;
  }

  async forget(recordHash: Uint8Array): Promise<void> {
    await this.#store.forgetRecord(recordHash);
  }
}

/** As `CachedRecords`, for pages that were replaced: this device need not keep what it looks at once. */
export class PassingRecords implements RecordSource {
  readonly #store: LocalVolumeStore;
  readonly #api: VolumeApi;

  constructor(store: LocalVolumeStore, api: VolumeApi) {
    this.#store = store;
    this.#api = api;
  }

  async load(
    recordHashes: readonly Uint8Array[],
    signal: AbortSignal | undefined,
  ): Promise<(Uint8Array | undefined)[]> {
    const records = await this.#store.readRecords(recordHashes);
    const missing = recordHashes.filter((_, index) => records[index] === undefined);
    if (missing.length === 0) return records;
    const fetched = await this.#api.pages(missing, { signal });
    return records.map((record) => record ?? fetched.shift());
  }

  async forget(recordHash: Uint8Array): Promise<void> {
    await this.#store.forgetRecord(recordHash);
  }
}
