import { equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { trashFolderId } from "../files/index.ts";
import type { ClockPort } from "../ports/index.ts";
import type { SealedNotes } from "../upload/types.ts";
import type { PageRef, Volume, VolumePages } from "../volumes/index.ts";
import { IndexedPage, type PageMount } from "./indexed-page.ts";
import { KeptIndex } from "./kept-index.ts";
import { PageTable } from "./page-table.ts";
import type { FoundStep, SearchOptions } from "./types.ts";

/** Pages that are opened between two breaths; they come in one request. */
const SLICE_PAGES = 48;
/** Entries that are looked at between two breaths: a few milliseconds. */
export const SLICE_ENTRIES = 20_000;

export interface VolumeIndexOptions {
  readonly volume: Volume;
  /** Where it is kept on this device. */
  readonly notes: SealedNotes;
  readonly clock: ClockPort;
}

/** An entry that leads into another volume, and the page that lists it. */
export interface IndexedMount {
  readonly page: IndexedPage;
  readonly mount: PageMount;
}

/**
 * The names of one volume. Made on this device from verified pages when it is first asked for; later only pages that
 * changed are opened again ([Note: An index of half a million names]).
 */
export class VolumeIndex {
  readonly volume: Volume;
  readonly #clock: ClockPort;
  readonly #kept: KeptIndex;
  #table = new PageTable();
  #trashId: Uint8Array | undefined;
  #isLoaded = false;
  /** Hash of the head that the table is whole for. */
  #wholeAt: Uint8Array | undefined;
  #unread = 0;

  constructor({ volume, notes, clock }: VolumeIndexOptions) {
    this.volume = volume;
    this.#clock = clock;
    this.#kept = new KeptIndex(notes, volume.volumeId);
  }

  /** Pages that could not be read, now or ever. */
  get unread(): number {
    return this.#unread;
  }

  /** Pages of folders that lie in the volume, and not in its trash. */
  async pages(): Promise<Generator<IndexedPage>> {
    const { volumeId } = this.volume;
    this.#trashId ??= await trashFolderId(this.volume, volumeId);
    return this.#table.pagesBelow(volumeId, this.#trashId);
  }

  isListedRightly(page: IndexedPage, index: number): boolean {
    return this.#table.isListedRightly(page, index);
  }

  stepsTo(folderId: Uint8Array, known: Map<string, readonly FoundStep[]>): readonly FoundStep[] {
    return this.#table.stepsTo(folderId, known);
  }

  /** What leads on from it. */
  async mounts(): Promise<IndexedMount[]> {
    const found: IndexedMount[] = [];
    for (const page of await this.pages()) for (const mount of page.mounts) found.push({ page, mount });
    return found;
  }

  /** The only thing that it lists, if that is a file and everything was read. */
  async soleFile(): Promise<{ readonly page: IndexedPage; readonly index: number } | undefined> {
    if (this.#unread > 0) return undefined;
    const pages = [...(await this.pages())].filter(({ count }) => count > 0);
    const [page] = pages;
    const isSole = pages.length === 1 && page?.count === 1 && page.typeAt(0) === "file" && !page.isMountAt(0);
    return isSole ? { page, index: 0 } : undefined;
  }

  /** Takes those out that a folder lists, the trash included; `heads`: the first bytes of each, as numbers. */
  strike(left: Set<string>, heads: ReadonlySet<number>): void {
    for (const page of this.#table.pages()) {
      for (let index = 0; index < page.count; index++) {
        if (heads.has(page.idHeadAt(index))) left.delete(toBase64Url(page.idAt(index)));
      }
    }
  }

  /** Opens what changed since the last time. What was read before somebody cancelled is not read again. */
  async update({ signal, onProgress }: SearchOptions): Promise<void> {
    signal?.throwIfAborted();
    const pages = this.volume.pages();
    if (this.#wholeAt !== undefined && equalBytes(this.#wholeAt, pages.head.hash)) return;
    await this.#load(signal);
    const { table, missing } = await this.#compare(pages, signal);
    this.#table = table;
    this.#unread = missing.length;
    let damaged = 0;
    const total = missing.length;
    if (total > 0) onProgress?.({ done: 0, total });
    for (let done = 0; done < total; done += SLICE_PAGES) {
      const group = missing.slice(done, done + SLICE_PAGES);
      const opened = await pages.open(group, { signal });
      for (const [at, content] of opened.entries()) {
        if ("cause" in content) damaged += 1;
        else this.#put(IndexedPage.of(group[at] as PageRef, content));
      }
      this.#unread = damaged + Math.max(0, total - done - group.length);
      onProgress?.({ done: Math.min(total, done + SLICE_PAGES), total });
      await this.#clock.wait(0, signal);
    }
    this.#wholeAt = damaged === 0 ? pages.head.hash : undefined;
    await this.#kept.keep(this.#table);
  }

  /** What of the state is known already, and what has to be opened. */
  async #compare(pages: VolumePages, signal: AbortSignal | undefined) {
    const table = new PageTable();
    const missing: PageRef[] = [];
    let looked = 0;
    for (const ref of pages.all()) {
      const known = this.#table.get(ref);
      if (known === undefined) missing.push(ref);
      else table.put(known);
      looked += 1;
      if (looked % SLICE_ENTRIES === 0) await this.#clock.wait(0, signal);
    }
    return { table, missing };
  }

  async #load(signal: AbortSignal | undefined): Promise<void> {
    if (this.#isLoaded) return;
    let looked = 0;
    for await (const page of this.#kept.read()) {
      this.#table.put(page);
      looked += page.count;
      if (looked < SLICE_ENTRIES) continue;
      looked = 0;
      await this.#clock.wait(0, signal);
    }
    this.#isLoaded = true;
  }

  #put(page: IndexedPage): void {
    this.#table.put(page);
    this.#kept.note(page);
  }
}
