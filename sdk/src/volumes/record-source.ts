import { equalBytes } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";
import { type PageRef, pageRecordHash, pageRecordHashBulk, parsePageRecord } from "@excalibur/core/volume/record";
import type { VolumeApi } from "./api.ts";
import type { LocalVolumeStore } from "./local-store.ts";
import type { RecordSource } from "./page-reader.ts";

export interface CachedRecordsOptions {
  /** Whether what is fetched is kept, once its hash was found right: not what is looked at once, as pages that were replaced. */
  readonly keeps: boolean;
}

/** Page records from this device's cache, else from the server. */
export class CachedRecords implements RecordSource {
  readonly #store: LocalVolumeStore;
  readonly #api: VolumeApi;
  readonly #keeps: boolean;

  constructor(store: LocalVolumeStore, api: VolumeApi, { keeps }: CachedRecordsOptions) {
    this.#store = store;
    this.#api = api;
    this.#keeps = keeps;
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
      if (this.#keeps && record && equalBytes(await pageRecordHashBulk(record), hash)) good.push({ hash, record });
    }
    if (good.length > 0) await this.#store.keepRecords(good);
    return records;
  }

  async forget(recordHash: Uint8Array): Promise<void> {
    await this.#store.forgetRecord(recordHash);
  }
}

/** Of the key that each page is sealed with, as its header says; undefined for one whose record is not the one that the state names. */
export async function readGenerations(
  source: Pick<RecordSource, "load">,
  pages: readonly PageRef[],
  signal: AbortSignal | undefined,
): Promise<(number | undefined)[]> {
  const generations: (number | undefined)[] = [];
  for (let at = 0; at < pages.length; at += LIMITS.pagesFetch) {
    signal?.throwIfAborted();
    const some = pages.slice(at, at + LIMITS.pagesFetch);
    const hashes = some.map(({ recordHash }) => recordHash);
    for (const [index, record] of (await source.load(hashes, signal)).entries()) {
      const isRight = record !== undefined && equalBytes(pageRecordHash(record), hashes[index] as Uint8Array);
      generations.push(isRight ? parsePageRecord(record).header.g : undefined);
    }
  }
  return generations;
}
