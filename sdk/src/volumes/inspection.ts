import { equalBytes } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";
import {
  type PageRange,
  type PageRef,
  pageRecordHash,
  rangeCovers,
  rangeHolds,
  VolumeIntegrityError,
} from "@excalibur/core/volume/record";
import type { VolumeApi } from "./api.ts";
import { type Entry, openPageRecord, type PageContent } from "./crypto.ts";
import { type FolderDamage, PageMissingError } from "./errors.ts";
import type { LocalVolumeStore } from "./local-store.ts";
import type { AcceptedState } from "./state.ts";
import { historyUpTo } from "./whole-history.ts";

/** So far back an earlier version of a page is looked for. */
const EARLIER_VERSIONS = 20;

type Options = { readonly signal?: AbortSignal | undefined };

/** A page of a folder. */
export interface PagePlace extends PageRange {
  readonly nodeId: Uint8Array;
}

/** What an earlier version of a page held, of the part of the folder that the page has now. */
export interface EarlierPage {
  readonly entries: readonly Entry[];
  /** On the page with bits 0 only. */
  readonly folder: PageContent["folder"];
  readonly version: number;
}

/** A close look at what the server stores of a volume, whatever this device remembers of it: for repair. */
export class VolumeInspection {
  readonly #state: AcceptedState;
  readonly #api: VolumeApi;
  readonly #store: LocalVolumeStore;

  constructor(facts: { readonly state: AcceptedState; readonly api: VolumeApi; readonly store: LocalVolumeStore }) {
    this.#state = facts.state;
    this.#api = facts.api;
    this.#store = facts.store;
  }

  /** nodeIds of all folders that have pages, reachable or not. */
  folders(): Uint8Array[] {
    return [...this.#state.tree.folders()];
  }

  /** Pages of these folders that the server lacks or does not give as they were written. The others are in the cache afterwards. */
  async altered(nodeIds: readonly Uint8Array[], { signal }: Options = {}): Promise<FolderDamage[]> {
    const refs = nodeIds.flatMap((nodeId) => this.#state.tree.pagesOf(nodeId));
    const damage: FolderDamage[] = [];
    for (let at = 0; at < refs.length; at += LIMITS.pagesFetch) {
      const group = refs.slice(at, at + LIMITS.pagesFetch);
      const hashes = group.map(({ recordHash }) => recordHash);
      const records = await this.#api.pages(hashes, { signal });
      const known = await this.#store.readRecords(hashes);
      const fresh: { hash: Uint8Array; record: Uint8Array }[] = [];
      for (const [index, ref] of group.entries()) {
        const record = records[index];
        const cause = causeOf(ref, record);
        if (cause !== undefined) damage.push({ ...placeOf(ref), cause });
        else if (record !== undefined && known[index] === undefined) fresh.push({ hash: ref.recordHash, record });
      }
      if (fresh.length > 0) await this.#store.keepRecords(fresh);
    }
    return damage;
  }

  /**
   * The newest earlier version of a page that can be opened, as long as the server keeps it; undefined when there is none.
   * It is good because a commit in the head's history lists it (docs/spec/volumes.md §2).
   */
  async earlierPage(place: PagePlace, { signal }: Options = {}): Promise<EarlierPage | undefined> {
    const earlier = (await this.#historyOf(place, { signal })).slice(-EARLIER_VERSIONS).reverse();
    if (earlier.length === 0) return undefined;
    const records = await this.#api.pages(
      earlier.map(({ recordHash }) => recordHash),
      { signal },
    );
    for (const [index, ref] of earlier.entries()) {
      const content = await this.#tryOpen(ref, records[index]);
      if (content === undefined) continue;
      const entries = content.entries.filter(({ childId }) => rangeHolds(place, childId));
      return { entries, folder: place.bits === 0 ? content.folder : undefined, version: ref.version };
    }
    return undefined;
  }

  /** One that cannot be opened either is no reason to stop: the one before it may be. */
  async #tryOpen(ref: PageRef, record: Uint8Array | undefined): Promise<PageContent | undefined> {
    if (record === undefined) return undefined;
    try {
      return await openPageRecord(this.#state, ref, record);
    } catch {
      return undefined;
    }
  }

  /** Every page that stood at this place before, oldest first, as the commits list them that lead to the accepted head. */
  async #historyOf(place: PagePlace, options: Options): Promise<PageRef[]> {
    const { head } = this.#state;
    const current = this.#state.tree.page(place.nodeId, place);
    const found: PageRef[] = [];
    for await (const commit of historyUpTo(this.#api, head, options)) {
      for (const change of commit.changes) {
        if (change.version === 0 || !equalBytes(change.nodeId, place.nodeId) || !rangeCovers(change, place)) continue;
        if (current === null || !equalBytes(change.recordHash, current.recordHash)) found.push(change);
      }
    }
    return found;
  }
}

function causeOf(ref: PageRef, record: Uint8Array | undefined): unknown {
  if (record === undefined) return new PageMissingError();
  return equalBytes(pageRecordHash(record), ref.recordHash) ? undefined : new VolumeIntegrityError("page", "page_hash");
}

function placeOf({ nodeId, bits, bitsLength }: PageRef): PagePlace {
  return { nodeId, bits, bitsLength };
}
