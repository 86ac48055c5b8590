import { toHex } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";
import type { PageRange, PageRef } from "@excalibur/core/volume/record";
import type { ContentCache } from "./content-cache.ts";
import { type Entry, openPageRecord, type PageAttributes, type PageContent } from "./crypto.ts";
import { type FolderDamage, FolderMissingError, PageMissingError } from "./errors.ts";
import type { AcceptedState } from "./state.ts";
import type { AcceptedHead, Folder, FolderFrame, VolumeReader } from "./types.ts";

/** A page of the state, opened or found damaged. */
export interface LoadedPage {
  readonly range: PageRange;
  readonly version: number;
  readonly recordHash: Uint8Array;
  readonly entries: readonly Entry[];
  /** What a newer version put on the page: carried over when it is rewritten. */
  readonly preserved: PageContent["preserved"];
  readonly damage: FolderDamage | undefined;
}

export interface LoadedFolder {
  readonly nodeId: Uint8Array;
  /** undefined: the page that says it is damaged. */
  readonly parentNodeId: Uint8Array | null | undefined;
  readonly attributes: PageAttributes | undefined;
  readonly pages: readonly LoadedPage[];
}

/** So many pages are opened before the first entries of a large folder are handed on, and so many more each time. */
const FIRST_PART_PAGES = 8;
const PART_PAGES = 24;

/** Where sealed page records come from: this device's cache first, then the server. */
export interface RecordSource {
  /** In the order of the hashes; undefined where neither has it. */
  load(recordHashes: readonly Uint8Array[], signal: AbortSignal | undefined): Promise<(Uint8Array | undefined)[]>;
  /** Forgets a record that was not what its hash says, so that it is asked for again. */
  forget(recordHash: Uint8Array): Promise<void>;
}

export type Opened = PageContent | FolderDamage;

/** Decrypted pages that were opened before, by the hash of their record. */
export type RememberedContents = Pick<ContentCache, "get" | "put">;

function isDamage(opened: Opened): opened is FolderDamage {
  return "cause" in opened;
}

/** Reads folders at one accepted state of the volume. */
export class PageReader implements VolumeReader {
  readonly #state: AcceptedState;
  readonly #contents: RememberedContents;
  readonly #records: RecordSource;

  constructor(state: AcceptedState, contents: RememberedContents, records: RecordSource) {
    this.#state = state;
    this.#contents = contents;
    this.#records = records;
  }

  get head(): AcceptedHead {
    return this.#state.head;
  }

  get headTimeMs(): number {
    return this.#state.commit.timeMs;
  }

  hasFolder(nodeId: Uint8Array): boolean {
    return this.#state.tree.has(nodeId);
  }

  stampOf(nodeId: Uint8Array): string | undefined {
    if (!this.#state.tree.has(nodeId)) return undefined;
    return this.#state.tree
      .pagesOf(nodeId)
      .map(({ recordHash }) => toHex(recordHash))
      .join();
  }

  async readFolder(nodeId: Uint8Array, options: { readonly signal?: AbortSignal } = {}): Promise<Folder> {
    return toFolder(await this.loadFolder(nodeId, options));
  }

  async readHeader(nodeId: Uint8Array, options: { readonly signal?: AbortSignal } = {}): Promise<FolderFrame> {
    // It stands on the page with bits 0, which is the first.
    const refs = this.#refsOf(nodeId).slice(0, 1);
    const { entries: _, ...frame } = toFolder(loaded(nodeId, refs, await this.openPages(refs, options.signal)));
    return frame;
  }

  /**
   * [Note: A folder in parts]
   * Gives the entries of each part of the pages as soon as that part was opened, and in the end the whole folder. Which pages
   * there are, and that none is missing between them, is known from the verified state before the first one is asked for; each
   * is compared with its hash there and opened before anything of it is handed on. So what was handed on is as good as in
   * the end: what comes later is more, never something else. Pages that are in memory wait for nobody, and a folder of which
   * all are is handed on as a whole. While a part is opened, the records of the next one are on their way.
   */
  async *readParts(
    nodeId: Uint8Array,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<readonly Entry[], Folder> {
    const refs = this.#refsOf(nodeId);
    const opened = this.#remembered(refs);
    const parts = cutParts(missingOf(refs, opened));
    let next = parts[0] && this.#loadAhead(parts[0], signal);
    let from = 0;
    for (const [number, part] of parts.entries()) {
      const outcome = await next;
      if (outcome?.status === "rejected") throw outcome.reason;
      const after = parts[number + 1];
      next = after && this.#loadAhead(after, signal);
      await Promise.all(
        part.map(async ({ ref, index }, at) => {
          opened[index] = await this.#openOne(ref, outcome?.value[at], signal);
        }),
      );
      const upTo = after?.[0]?.index;
      // The last part is told with the whole.
      if (upTo === undefined) break;
      yield opened.slice(from, upTo).flatMap((page) => (page === undefined || isDamage(page) ? [] : page.entries));
      from = upTo;
    }
    return toFolder(loaded(nodeId, refs, opened as Opened[]));
  }

  /** Brings the pages of many folders into memory with few requests. Damage shows when they are read. */
  async prefetch(
    nodeIds: readonly Uint8Array[],
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    await this.openPages(
      nodeIds.flatMap((nodeId) => this.#state.tree.pagesOf(nodeId)),
      options.signal,
    );
  }

  async loadFolder(
    nodeId: Uint8Array,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<LoadedFolder> {
    const refs = this.#refsOf(nodeId);
    return loaded(nodeId, refs, await this.openPages(refs, options.signal));
  }

  /** Pages of this state, in the order asked for. */
  async openPages(refs: readonly PageRef[], signal: AbortSignal | undefined): Promise<Opened[]> {
    const opened = this.#remembered(refs);
    const missing = missingOf(refs, opened);
    for (let from = 0; from < missing.length; from += LIMITS.pagesFetch) {
      const group = missing.slice(from, from + LIMITS.pagesFetch);
      const records = await this.#records.load(
        group.map(({ ref }) => ref.recordHash),
        signal,
      );
      for (const [at, { ref, index }] of group.entries()) opened[index] = await this.#openOne(ref, records[at], signal);
    }
    return opened as Opened[];
  }

  #refsOf(nodeId: Uint8Array): PageRef[] {
    const refs = this.#state.tree.completePagesOf(nodeId);
    if (refs.length === 0) throw new FolderMissingError();
    return refs;
  }

  #remembered(refs: readonly PageRef[]): (Opened | undefined)[] {
    return refs.map((ref) => this.#contents.get(toHex(ref.recordHash)));
  }

  /** Settled either way: who reads may have gone before it is there. */
  async #loadAhead(part: readonly Missing[], signal: AbortSignal | undefined) {
    const hashes = part.map(({ ref }) => ref.recordHash);
    const [outcome] = await Promise.allSettled([this.#records.load(hashes, signal)]);
    return outcome;
  }

  async #openOne(ref: PageRef, record: Uint8Array | undefined, signal: AbortSignal | undefined): Promise<Opened> {
    try {
      if (record === undefined) throw new PageMissingError();
      const content = await openPageRecord(this.#state, ref, record);
      this.#contents.put(toHex(ref.recordHash), content);
      return content;
    } catch (cause) {
      signal?.throwIfAborted();
      await this.#records.forget(ref.recordHash);
      return { nodeId: ref.nodeId, bits: ref.bits, bitsLength: ref.bitsLength, cause };
    }
  }
}

interface Missing {
  readonly ref: PageRef;
  readonly index: number;
}

function missingOf(refs: readonly PageRef[], opened: readonly (Opened | undefined)[]): Missing[] {
  return refs.flatMap((ref, index) => (opened[index] === undefined ? [{ ref, index }] : []));
}

function cutParts(missing: readonly Missing[]): Missing[][] {
  const parts: Missing[][] = [];
  for (let from = 0; from < missing.length; ) {
    const to = from + (from === 0 ? FIRST_PART_PAGES : PART_PAGES);
    parts.push(missing.slice(from, to));
    from = to;
  }
  return parts;
}

function loaded(nodeId: Uint8Array, refs: readonly PageRef[], opened: readonly Opened[]): LoadedFolder {
  let parentNodeId: Uint8Array | null | undefined;
  let attributes: PageAttributes | undefined;
  const pages = refs.map((ref, index): LoadedPage => {
    const page = opened[index] as Opened;
    const { version, recordHash } = ref;
    const range = { bits: ref.bits, bitsLength: ref.bitsLength };
    if (isDamage(page)) return { range, version, recordHash, entries: [], preserved: undefined, damage: page };
    if (page.folder) ({ parentNodeId, attributes } = page.folder);
    return { range, version, recordHash, entries: page.entries, preserved: page.preserved, damage: undefined };
  });
  return { nodeId, parentNodeId, attributes, pages };
}

function toFolder({ nodeId, parentNodeId, attributes, pages }: LoadedFolder): Folder {
  return {
    nodeId,
    parentNodeId,
    attributes,
    entries: pages.flatMap((page) => page.entries),
    damage: pages.flatMap((page) => page.damage ?? []),
  };
}
