import { equalBytes, fromBase64Url, readUint, toBase64Url } from "@excalibur/core/bytes";
import { trashFolderId } from "../files/index.ts";
import type { ClockPort } from "../ports/index.ts";
import type { SealedNotes } from "../upload/types.ts";
import type { PageRef, Volume, VolumePages } from "../volumes/index.ts";
import { foldWords } from "./fold.ts";
import { IndexedPage } from "./indexed-page.ts";
import { KeptIndex } from "./kept-index.ts";
import { PageTable } from "./page-table.ts";
import { type Candidate, comparing, FirstOf } from "./ranking.ts";
import type { Found, FoundItem, FoundStep, Question, SearchOptions } from "./types.ts";

/** Pages that are opened between two breaths; they come in one request. */
const SLICE_PAGES = 48;
/** Entries that are looked at between two breaths: a few milliseconds. */
const SLICE_ENTRIES = 20_000;

export interface SearchIndexOptions {
  readonly volume: Volume;
  /** Where it is kept on this device. */
  readonly notes: SealedNotes;
  readonly clock: ClockPort;
}

/**
 * Finds entries of a whole drive by name, kind, time and size. The index is made on this device from verified pages when
 * it is first asked for; later only pages that changed are opened again ([Note: An index of half a million names]).
 */
export class SearchIndex {
  readonly #volume: Volume;
  readonly #clock: ClockPort;
  readonly #kept: KeptIndex;
  #table = new PageTable();
  #isLoaded = false;
  /** Hash of the head that the table is whole for. */
  #wholeAt: Uint8Array | undefined;
  #unread = 0;
  readonly #closing = new AbortController();
  /** Readings happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ volume, notes, clock }: SearchIndexOptions) {
    this.#volume = volume;
    this.#clock = clock;
    this.#kept = new KeptIndex(notes, volume.volumeId);
  }

  /**
   * What there is at the accepted head. Throws NetworkError and the like while listings are missing that only the
   * server has; what was read stays, and `findKnown` answers from it.
   */
  async find(question: Question, options: SearchOptions = {}): Promise<Found> {
    await this.update(options);
    return await this.findKnown(question, options);
  }

  /** As `find`, from what was read so far; asks no server. */
  async findKnown(question: Question, { signal }: SearchOptions = {}): Promise<Found> {
    const best = new FirstOf(question.limit, comparing(question.order));
    const matches = matcherOf(question);
    const words = foldWords(question.text ?? "");
    const table = this.#table;
    const { volumeId: rootId } = this.#volume;
    const trashId = await trashFolderId(this.#volume, rootId);
    let looked = 0;
    for (const page of table.pagesBelow(rootId, trashId)) {
      looked += page.count;
      if (looked > SLICE_ENTRIES) {
        looked = 0;
        await this.#breathe(signal);
      }
      for (const index of page.matching(words)) {
        const candidate = { page, index, name: page.nameAt(index) };
        if (matches(candidate) && table.isListedRightly(page, index)) best.offer(candidate);
      }
    }
    const known = new Map<string, readonly FoundStep[]>();
    const items = best.taken().map((candidate) => toFound(candidate, table, known));
    return { items, total: best.seen, unread: this.#unread };
  }

  /** Which of these ids no folder lists any more, the trash included. Only a whole index knows: otherwise none. */
  async gone(ids: readonly string[], options: SearchOptions = {}): Promise<string[]> {
    await this.update(options);
    if (this.#unread > 0) return [];
    const left = new Set(ids);
    const heads = headsOf(left);
    for (const page of this.#table.pages()) {
      for (let index = 0; index < page.count; index++) {
        if (heads.has(page.idHeadAt(index))) left.delete(toBase64Url(page.idAt(index)));
      }
    }
    return [...left];
  }

  /** Opens what changed since the last time. What was read before somebody cancelled is not read again. */
  async update(options: SearchOptions = {}): Promise<void> {
    const { signal } = options;
    const either = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    const mine = this.#turn.then(() => this.#follow({ ...options, signal: either }));
    this.#turn = mine.then(
      () => undefined,
      () => undefined,
    );
    await mine;
  }

  /** Reading ends, whoever asked for it. */
  close(): void {
    this.#closing.abort();
  }

  async #follow({ signal, onProgress }: SearchOptions): Promise<void> {
    signal?.throwIfAborted();
    const pages = this.#volume.pages();
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
      await this.#breathe(signal);
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
      if (looked % SLICE_ENTRIES === 0) await this.#breathe(signal);
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
      await this.#breathe(signal);
    }
    this.#isLoaded = true;
  }

  #put(page: IndexedPage): void {
    this.#table.put(page);
    this.#kept.note(page);
  }

  /** Lets everything else that waits have its turn. */
  async #breathe(signal: AbortSignal | undefined): Promise<void> {
    await this.#clock.wait(0, signal);
  }
}

function matcherOf(question: Question): (candidate: Candidate) => boolean {
  const { accepts, modifiedFromMs = -Infinity, modifiedUntilMs = Infinity, minBytes, maxBytes, ids } = question;
  const heads = ids && headsOf(ids);
  const hasSize = minBytes !== undefined || maxBytes !== undefined;
  return ({ page, index, name }) => {
    if (heads !== undefined && !heads.has(page.idHeadAt(index))) return false;
    if (ids !== undefined && !ids.has(toBase64Url(page.idAt(index)))) return false;
    const modifiedMs = page.modifiedAt(index);
    if (modifiedMs < modifiedFromMs || modifiedMs >= modifiedUntilMs) return false;
    const sizeBytes = hasSize ? page.sizeAt(index) : 0;
    if (sizeBytes === undefined || sizeBytes < (minBytes ?? 0) || sizeBytes > (maxBytes ?? Infinity)) return false;
    return accepts === undefined || accepts(page.typeAt(index), name);
  };
}

/** The first four bytes of each id, which rule out nearly everything else without making a text of it. */
function headsOf(ids: ReadonlySet<string>): Set<number> {
  return new Set([...ids].map((id) => readUint(fromBase64Url(id), 0, 4)));
}

function toFound(
  { page, index, name }: Candidate,
  table: PageTable,
  known: Map<string, readonly FoundStep[]>,
): FoundItem {
  return {
    parentId: page.nodeId,
    childId: page.idAt(index).slice(),
    type: page.typeAt(index),
    name,
    modifiedMs: page.modifiedAt(index),
    changedMs: page.changedAt(index),
    sizeBytes: page.sizeAt(index),
    path: table.stepsTo(page.nodeId, known),
  };
}
