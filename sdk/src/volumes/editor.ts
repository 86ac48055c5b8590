/**
 * [Note: How a change becomes pages]
 * A change works on drafts: every page it touches is replaced by a new immutable value, never altered, so that a change
 * that fails is undone by putting the old maps back, and several changes can share one commit. Only the pages whose
 * entries differ are sealed again; what a page has grown too large for is cut when the commit is built.
 */

import { equalBytes, toHex } from "@excalibur/core/bytes";
import { type PageRange, type PageRef, prefixOf, rangeHolds, WHOLE_FOLDER } from "@excalibur/core/volume/record";
import { drawChildId, type Entry, type FolderHeader, type PageAttributes } from "./crypto.ts";
import { type FolderDamage, FolderDamagedError, FolderMissingError } from "./errors.ts";
import type { PagePlace } from "./inspection.ts";
import type { LoadedFolder, LoadedPage, PageReader } from "./page-reader.ts";
import type { AcceptedHead, Folder, VolumeReader } from "./types.ts";

export interface PageDraft {
  readonly range: PageRange;
  /** What stands in the state now; undefined for a page of a new folder. */
  readonly base: LoadedPage | undefined;
  readonly entries: readonly Entry[];
  readonly damage: FolderDamage | undefined;
}

export interface FolderDraft {
  readonly nodeId: Uint8Array;
  readonly parentNodeId: Uint8Array | null | undefined;
  readonly attributes: PageAttributes | undefined;
  readonly pages: readonly PageDraft[];
  /** The folder goes with all its pages. */
  readonly dropped: boolean;
  /** Parent or attributes differ from what the page with bits 0 says. */
  readonly headerChanged: boolean;
}

/** An entry to be added; without a childId one is drawn where it costs least. */
export type EntryDraft = Omit<Entry, "childId"> & { readonly childId?: Uint8Array };

type Drafts = ReadonlyMap<string, FolderDraft>;

/** What `restore` goes back to. */
export interface Checkpoint {
  readonly drafts: Drafts;
  readonly mounts: readonly Uint8Array[];
  readonly unmounts: readonly Unmount[];
}

/** A volume that ends with the commit, and the head up to which its contents were taken. */
export interface Unmount {
  readonly volumeId: Uint8Array;
  readonly headHash: Uint8Array;
}

const namesOfPage = new WeakMap<readonly Entry[], ReadonlyMap<string, Entry>>();

/** Entries never change in place, so a page's index lives as long as the page. The first of a doubled name wins. */
function indexByName(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  let index = namesOfPage.get(entries);
  if (index === undefined) {
    const names = new Map<string, Entry>();
    for (const entry of entries) if (!names.has(entry.name)) names.set(entry.name, entry);
    index = names;
    namesOfPage.set(entries, index);
  }
  return index;
}

export class VolumeEditor implements VolumeReader {
  readonly #reader: PageReader;
  readonly #signal: AbortSignal | undefined;
  #drafts: Map<string, FolderDraft> = new Map();
  #mounts: readonly Uint8Array[] = [];
  #unmounts: readonly Unmount[] = [];
  /** Folders read but not changed, so that one change reads a folder once. */
  readonly #loaded = new Map<string, FolderDraft>();

  constructor(reader: PageReader, options: { readonly signal?: AbortSignal | undefined } = {}) {
    this.#reader = reader;
    this.#signal = options.signal;
  }

  get head(): AcceptedHead {
    return this.#reader.head;
  }

  get headTimeMs(): number {
    return this.#reader.headTimeMs;
  }

  /**
   * A time for what this change writes: now as far as known, and in any case after the commit it builds on, so that times
   * in pages follow the signed history whatever a clock says.
   */
  timeMs(nowMs: number): number {
    return Math.max(Math.floor(nowMs), this.headTimeMs + 1);
  }

  /** Drafts of every folder touched; the commit is made of them. */
  get drafts(): Drafts {
    return this.#drafts;
  }

  /** Pending volumes that entries of the drafts mount: the commit makes them permanent. */
  get mounts(): readonly Uint8Array[] {
    return this.#mounts;
  }

  /** Volumes whose contents the drafts took over: they end with the commit. */
  get unmounts(): readonly Unmount[] {
    return this.#unmounts;
  }

  checkpoint(): Checkpoint {
    return { drafts: new Map(this.#drafts), mounts: this.#mounts, unmounts: this.#unmounts };
  }

  restore({ drafts, mounts, unmounts }: Checkpoint): void {
    this.#drafts = new Map(drafts);
    this.#mounts = mounts;
    this.#unmounts = unmounts;
  }

  /** Says that an entry which was added mounts a pending volume. */
  mountPending(volumeId: Uint8Array): void {
    this.#mounts = [...this.#mounts, volumeId];
  }

  /** Says that everything in a volume was taken over, and its mount removed. */
  unmount(unmount: Unmount): void {
    this.#unmounts = [...this.#unmounts, unmount];
  }

  hasFolder(nodeId: Uint8Array): boolean {
    const draft = this.#drafts.get(toHex(nodeId));
    return draft ? !draft.dropped : this.#reader.hasFolder(nodeId);
  }

  stampOf(nodeId: Uint8Array): string | undefined {
    // What is being changed has no pages yet that could be named.
    return this.#drafts.has(toHex(nodeId)) ? undefined : this.#reader.stampOf(nodeId);
  }

  async readFolder(nodeId: Uint8Array): Promise<Folder> {
    const draft = await this.#folder(nodeId);
    return {
      nodeId: draft.nodeId,
      parentNodeId: draft.parentNodeId,
      attributes: draft.attributes,
      entries: draft.pages.flatMap((page) => page.entries),
      damage: draft.pages.flatMap((page) => page.damage ?? []),
    };
  }

  /** As the folder says of itself; null for the root, undefined when that page of it is damaged. Lists nothing. */
  async parentOf(nodeId: Uint8Array): Promise<Uint8Array | null | undefined> {
    return (await this.#folder(nodeId)).parentNodeId;
  }

  /** Whether something may be added: the root of a volume that shares one file takes nothing beside it. */
  async hasRoom(nodeId: Uint8Array): Promise<boolean> {
    const { attributes, pages } = await this.#folder(nodeId);
    return attributes?.singleFile !== true || pages.every(({ entries }) => entries.length === 0);
  }

  async findByName(nodeId: Uint8Array, name: string): Promise<Entry | undefined> {
    const { pages } = await this.#folder(nodeId);
    for (const page of pages) {
      const entry = indexByName(page.entries).get(name);
      if (entry) return entry;
    }
    return undefined;
  }

  async findChild(nodeId: Uint8Array, childId: Uint8Array): Promise<Entry | undefined> {
    const page = this.#pageOf(await this.#folder(nodeId), childId);
    return page.entries.find((entry) => equalBytes(entry.childId, childId));
  }

  /** As `findChild` for many at once, in their order. */
  async findChildren(nodeId: Uint8Array, childIds: readonly Uint8Array[]): Promise<(Entry | undefined)[]> {
    const pages = new Set(this.#pagesOf(await this.#folder(nodeId), childIds));
    const byId = new Map<string, Entry>();
    for (const { entries } of pages) for (const entry of entries) byId.set(toHex(entry.childId), entry);
    return childIds.map((childId) => byId.get(toHex(childId)));
  }

  /**
   * Adds entries. Those that come without a childId get ids under the prefix of the folder's emptiest page, so that a
   * batch touches few pages (spec/volumes.md «where new entries go»). Names are the caller's to check.
   */
  async addEntries(nodeId: Uint8Array, entries: readonly EntryDraft[]): Promise<Entry[]> {
    const folder = await this.#folder(nodeId);
    const target = emptiestPage(folder);
    const complete = entries.map(
      (entry) => ({ ...entry, childId: entry.childId ?? drawChildId(target.range) }) as Entry,
    );
    const ids = complete.map(({ childId }) => childId);
    const pages = this.#pagesOf(folder, ids);
    const byPage = Map.groupBy(complete, (_, index) => pages[index] as PageDraft);
    this.#replacePages(folder, byPage, (page, added) => [...page.entries, ...added]);
    return complete;
  }

  /** Puts an entry in the place of the one with the same childId. */
  async replaceEntry(nodeId: Uint8Array, entry: Entry): Promise<void> {
    const folder = await this.#folder(nodeId);
    const page = this.#pageOf(folder, entry.childId);
    this.#replacePages(folder, new Map([[page, [entry]]]), (old) =>
      old.entries.map((each) => (equalBytes(each.childId, entry.childId) ? entry : each)),
    );
  }

  async removeEntries(nodeId: Uint8Array, childIds: readonly Uint8Array[]): Promise<void> {
    const folder = await this.#folder(nodeId);
    const gone = new Set(childIds.map(toHex));
    const byPage = new Map(this.#pagesOf(folder, childIds).map((page) => [page, []]));
    this.#replacePages(folder, byPage, (page) => page.entries.filter((entry) => !gone.has(toHex(entry.childId))));
  }

  /** Makes the pages of a folder; its entry in the parent is added by `addEntries` with the same id. */
  createFolder(options: { readonly nodeId: Uint8Array; readonly parentNodeId: Uint8Array }): void {
    this.#drafts.set(toHex(options.nodeId), {
      nodeId: options.nodeId,
      parentNodeId: options.parentNodeId,
      attributes: {},
      pages: [{ range: WHOLE_FOLDER, base: undefined, entries: [], damage: undefined }],
      dropped: false,
      headerChanged: true,
    });
  }

  async setParent(nodeId: Uint8Array, parentNodeId: Uint8Array): Promise<void> {
    const folder = await this.#folder(nodeId);
    const first = folder.pages.find((page) => page.range.bits === 0);
    if (first?.damage) throw new FolderDamagedError(first.damage);
    this.#drafts.set(toHex(nodeId), { ...folder, parentNodeId, headerChanged: true });
  }

  /** Removes the folder's pages for good, and with them every object they list. Its entry is removed by `removeEntries`. */
  async dropFolder(nodeId: Uint8Array): Promise<void> {
    const folder = await this.#folder(nodeId);
    const key = toHex(nodeId);
    if (folder.pages.every((page) => page.base === undefined)) this.#drafts.delete(key);
    else this.#drafts.set(key, { ...folder, dropped: true });
  }

  /**
   * Writes a page anew, whatever is the matter with the one that stands there: what only that one said is given up. The
   * page with bits 0 needs the folder's parent and attributes.
   */
  async rewritePage(
    { nodeId, ...range }: PagePlace,
    { entries, folder: header }: { readonly entries: readonly Entry[]; readonly folder?: FolderHeader | undefined },
  ): Promise<void> {
    const folder = await this.#folder(nodeId);
    const pages = folder.pages.map((page) =>
      page.range.bits === range.bits && page.range.bitsLength === range.bitsLength
        ? { ...page, entries: [...entries], damage: undefined }
        : page,
    );
    this.#drafts.set(toHex(nodeId), { ...folder, pages, ...(range.bits === 0 && header) });
  }

  /**
   * Seals a page anew as it is, with the key of now. False when it cannot be opened. Nothing where another one stands by now:
   * that was sealed with the key of its time.
   */
  async resealPage({ nodeId, recordHash }: PageRef): Promise<boolean> {
    if (!this.hasFolder(nodeId)) return true;
    const folder = await this.#folder(nodeId);
    const found = folder.pages.find(({ base }) => base !== undefined && equalBytes(base.recordHash, recordHash));
    if (found === undefined) return true;
    if (found.damage !== undefined) return false;
    this.#replacePages(folder, new Map([[found, []]]), ({ entries }) => [...entries]);
    return true;
  }

  async #folder(nodeId: Uint8Array): Promise<FolderDraft> {
    const key = toHex(nodeId);
    const draft = this.#drafts.get(key) ?? this.#loaded.get(key);
    if (draft?.dropped) throw new FolderMissingError();
    if (draft) return draft;
    const loaded = toDraft(await this.#reader.loadFolder(nodeId, { signal: this.#signal }));
    this.#loaded.set(key, loaded);
    return loaded;
  }

  /** The page a childId belongs to; throws when that page is damaged, because it could not be rewritten. */
  #pageOf(folder: FolderDraft, childId: Uint8Array): PageDraft {
    return requireSound(folder.pages.find((each) => rangeHolds(each.range, childId)));
  }

  /** As `#pageOf` for many at once, in their order: to go through all pages for each of 100 000 takes minutes. */
  #pagesOf(folder: FolderDraft, childIds: readonly Uint8Array[]): PageDraft[] {
    const sorted = folder.pages.toSorted((a, b) => a.range.bits - b.range.bits);
    return childIds.map((childId) => {
      let from = 0;
      for (let to = sorted.length; to - from > 1; ) {
        const middle = (from + to) >> 1;
        if ((sorted[middle] as PageDraft).range.bits <= prefixOf(childId)) from = middle;
        else to = middle;
      }
      const page = sorted[from];
      return requireSound(page && rangeHolds(page.range, childId) ? page : undefined);
    });
  }

  #replacePages(
    folder: FolderDraft,
    changes: ReadonlyMap<PageDraft, Entry[]>,
    next: (page: PageDraft, entries: Entry[]) => readonly Entry[],
  ): void {
    const pages = folder.pages.map((page) => {
      const change = changes.get(page);
      return change ? { ...page, entries: next(page, change) } : page;
    });
    this.#drafts.set(toHex(folder.nodeId), { ...folder, pages });
  }
}

function requireSound(page: PageDraft | undefined): PageDraft {
  if (!page) throw new FolderMissingError();
  if (page.damage) throw new FolderDamagedError(page.damage);
  return page;
}

function toDraft(folder: LoadedFolder): FolderDraft {
  return {
    nodeId: folder.nodeId,
    parentNodeId: folder.parentNodeId,
    attributes: folder.attributes,
    pages: folder.pages.map((page) => ({ range: page.range, base: page, entries: page.entries, damage: page.damage })),
    dropped: false,
    headerChanged: false,
  };
}

function emptiestPage(folder: FolderDraft): PageDraft {
  let best: PageDraft | undefined;
  for (const page of folder.pages) {
    if (page.damage) continue;
    const better =
      best === undefined ||
      page.entries.length < best.entries.length ||
      (page.entries.length === best.entries.length &&
        (page.range.bitsLength < best.range.bitsLength ||
          (page.range.bitsLength === best.range.bitsLength && page.range.bits < best.range.bits)));
    if (better) best = page;
  }
  const damage = folder.pages[0]?.damage;
  if (best) return best;
  if (damage) throw new FolderDamagedError(damage);
  throw new FolderMissingError();
}
