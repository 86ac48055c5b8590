import { equalBytes, toHex } from "@excalibur/core/bytes";
import type { PageRef } from "@excalibur/core/volume/record";
import type { VolumeApi } from "./api.ts";
import { ContentCache } from "./content-cache.ts";
import { ENTRY_TYPE, type Entry, openPageRecord, type PageContent } from "./crypto.ts";
import type { LocalVolumeStore } from "./local-store.ts";
import { PageReader } from "./page-reader.ts";
import { CachedRecords } from "./record-source.ts";
import type { AcceptedState } from "./state.ts";

type Options = { readonly signal?: AbortSignal | undefined };

/**
 * added: the drive has it here and not there. changed: a file with other contents there. moved: the same under another name
 * or in another folder there.
 */
export type LostKind = "added" | "changed" | "moved";

/** Something that the drive has here and not, or not so, there. */
export interface LostItem {
  readonly kind: LostKind;
  /** In the drive as this device knows it; begins with "(trash)" there. */
  readonly path: string;
  readonly parentId: Uint8Array;
  readonly entry: Entry;
  /** The folder that lists it there. */
  readonly thereIn: Uint8Array | undefined;
}

export interface Lost {
  /** Folders before what is in them. */
  readonly items: readonly LostItem[];
  /** Parts of listings that this device does not hold: what is on them it cannot tell. */
  readonly unreadablePages: number;
  /** Items that were deleted here and are there again. Undefined when this device does not hold everything. */
  readonly returned: number | undefined;
}

export interface Comparison {
  readonly api: VolumeApi;
  readonly store: LocalVolumeStore;
  readonly mine: AcceptedState;
  readonly offered: AcceptedState;
}

interface Listed {
  readonly entry: Entry;
  readonly folderId: Uint8Array;
}

/** What a device that remembers `mine` would lose by going on from `offered`. Of `mine` only what lies in the cache is read. */
export async function differences({ api, store, mine, offered }: Comparison, { signal }: Options = {}): Promise<Lost> {
  const there = new CachedRecords(store, api, { keeps: true });
  const here = { load: (hashes: readonly Uint8Array[]) => store.readRecords(hashes), forget: async () => undefined };
  const ours = await entriesOf(mine, pagesOnlyIn(mine, offered), (hashes) => here.load(hashes));
  const theirs = await entriesOf(offered, pagesOnlyIn(offered, mine), (hashes) => there.load(hashes, signal));
  const paths = new Paths(mine, new PageReader(mine, new ContentCache(), here));
  const items: (LostItem & { readonly depth: number })[] = [];
  for (const [id, { entry, folderId }] of ours.entries) {
    const other = theirs.entries.get(id);
    const kind = kindOf({ entry, folderId }, other);
    if (kind === undefined) continue;
    const names = await paths.namesTo(folderId);
    const path = [...names, entry.name].join("/");
    items.push({ kind, path, depth: names.length, parentId: folderId, entry, thereIn: other?.folderId });
  }
  const unreadablePages = ours.unreadable;
  const returned = [...theirs.entries.keys()].filter((id) => !ours.entries.has(id)).length;
  return {
    items: items.sort((a, b) => a.depth - b.depth).map(({ depth: _, ...item }) => item),
    unreadablePages,
    returned: unreadablePages > 0 ? undefined : returned,
  };
}

function kindOf(mine: Listed, theirs: Listed | undefined): LostKind | undefined {
  if (theirs === undefined) return "added";
  const [file, other] = [mine.entry.file, theirs.entry.file];
  if (file !== undefined && (other === undefined || !equalBytes(file.objectId, other.objectId))) return "changed";
  const isSamePlace = equalBytes(mine.folderId, theirs.folderId) && mine.entry.name === theirs.entry.name;
  return isSamePlace ? undefined : "moved";
}

function pagesOnlyIn({ tree }: AcceptedState, other: AcceptedState): PageRef[] {
  const pages: PageRef[] = [];
  for (const page of tree.pages()) {
    const twin = other.tree.page(page.nodeId, page);
    if (twin === null || !equalBytes(twin.recordHash, page.recordHash)) pages.push(page);
  }
  return pages;
}

async function entriesOf(
  state: AcceptedState,
  pages: readonly PageRef[],
  load: (hashes: readonly Uint8Array[]) => Promise<(Uint8Array | undefined)[]>,
): Promise<{ readonly entries: Map<string, Listed>; readonly unreadable: number }> {
  const entries = new Map<string, Listed>();
  let unreadable = 0;
  for (let at = 0; at < pages.length; at += PAGES_AT_ONCE) {
    const group = pages.slice(at, at + PAGES_AT_ONCE);
    const records = await load(group.map(({ recordHash }) => recordHash));
    for (const [index, page] of group.entries()) {
      const content = await tryOpen(state, page, records[index]);
      if (content === undefined) unreadable += 1;
      else for (const entry of content.entries) entries.set(toHex(entry.childId), { entry, folderId: page.nodeId });
    }
  }
  return { entries, unreadable };
}

const PAGES_AT_ONCE = 100;

/** A page that cannot be opened is counted: nothing of it can be told. */
async function tryOpen(
  state: AcceptedState,
  page: PageRef,
  record: Uint8Array | undefined,
): Promise<PageContent | undefined> {
  if (record === undefined) return undefined;
  try {
    return await openPageRecord(state, page, record);
  } catch {
    return undefined;
  }
}

/** Ways to folders, as far as a device holds the listings on them. */
class Paths {
  readonly #state: AcceptedState;
  readonly #reader: PageReader;
  readonly #known = new Map<string, readonly string[]>();
  #trashId: Uint8Array | undefined;

  constructor(state: AcceptedState, reader: PageReader) {
    this.#state = state;
    this.#reader = reader;
  }

  /** Names from the root to a folder; "…" stands for those that cannot be told. */
  async namesTo(folderId: Uint8Array, depth = 0): Promise<readonly string[]> {
    const { volumeId } = this.#state;
    if (equalBytes(folderId, volumeId)) return [""];
    const key = toHex(folderId);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#trashId ??= (await this.#reader.readFolder(volumeId)).attributes?.trashNodeId;
    let names: readonly string[] = ["…"];
    if (this.#trashId !== undefined && equalBytes(folderId, this.#trashId)) names = ["(trash)"];
    else if (this.#reader.hasFolder(folderId) && depth < MAX_DEPTH) {
      const { parentNodeId } = await this.#reader.readFolder(folderId);
      if (parentNodeId && this.#reader.hasFolder(parentNodeId)) {
        const { entries } = await this.#reader.readFolder(parentNodeId);
        const entry = entries.find(({ childId, type }) => type === ENTRY_TYPE.folder && equalBytes(childId, folderId));
        names = [...(await this.namesTo(parentNodeId, depth + 1)), entry?.name ?? "…"];
      }
    }
    this.#known.set(key, names);
    return names;
  }
}

const MAX_DEPTH = 10_000;
