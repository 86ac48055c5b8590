import { toHex } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";
import type { PageRange, PageRef } from "@excalibur/core/volume/record";
import type { ContentCache } from "./content-cache.ts";
import { type Entry, openPageRecord, type PageAttributes, type PageContent } from "./crypto.ts";
import { type FolderDamage, FolderMissingError, PageMissingError } from "./errors.ts";
import type { AcceptedState } from "./state.ts";
import type { AcceptedHead, Folder, VolumeReader } from "./types.ts";

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
    const folder = await this.loadFolder(nodeId, options);
    return {
      nodeId,
      parentNodeId: folder.parentNodeId,
      attributes: folder.attributes,
      entries: folder.pages.flatMap((page) => page.entries),
      damage: folder.pages.flatMap((page) => page.damage ?? []),
    };
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
    const refs = this.#state.tree.completePagesOf(nodeId);
    if (refs.length === 0) throw new FolderMissingError();
    const opened = await this.openPages(refs, options.signal);
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

  /** Pages of this state, in the order asked for. */
  async openPages(refs: readonly PageRef[], signal: AbortSignal | undefined): Promise<Opened[]> {
    const opened = refs.map((ref): Opened | undefined => this.#contents.get(toHex(ref.recordHash)));
    const missing = refs.flatMap((ref, index) => (opened[index] === undefined ? [{ ref, index }] : []));
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
