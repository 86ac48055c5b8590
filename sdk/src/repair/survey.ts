import { equalBytes, toHex } from "@excalibur/core/bytes";
import { rangeHolds } from "@excalibur/core/volume/record";
import {
  type EarlierPage,
  ENTRY_TYPE,
  type Entry,
  type Folder,
  type FolderDamage,
  FolderMissingError,
  isKnownType,
  type PagePlace,
  type Volume,
} from "../volumes/index.ts";

/** Folders read with few requests. */
const FOLDERS_AT_ONCE = 256;

type Options = { readonly signal?: AbortSignal | undefined };

/** A page that cannot stay as it is on the server. */
export interface DamagedPage extends PagePlace {
  readonly cause: unknown;
  /** What this device still has of it. */
  readonly held: readonly Entry[] | undefined;
  /** What would come back of it, if nothing is held. */
  readonly earlier: EarlierPage | undefined;
}

export interface SurveyedFolder {
  readonly nodeId: Uint8Array;
  readonly parentId: Uint8Array | null | undefined;
  /** Folders it lists, or would list when its damaged pages have come back. */
  readonly folders: readonly Entry[];
  /** Entries that lead into another volume. */
  readonly mounts: readonly Entry[];
  /** Names of entries of a newer version. */
  readonly newer: readonly string[];
  readonly damaged: readonly DamagedPage[];
}

/** A file, or something else that is no folder, whose id another listing has already. */
export interface Double {
  readonly folderKey: string;
  readonly entry: Entry;
}

export interface Survey {
  readonly rootKey: string;
  readonly trashKey: string | undefined;
  readonly folders: ReadonlyMap<string, SurveyedFolder>;
  readonly doubles: readonly Double[];
}

/** Reads every folder of a volume, and asks the server for every page, whatever this device remembers of it. */
export async function survey(volume: Volume, options: Options = {}): Promise<Survey> {
  const surveyor = new Surveyor(volume, options);
  await surveyor.readAll();
  await surveyor.lookBack();
  return surveyor.result();
}

interface Draft extends Omit<SurveyedFolder, "parentId" | "folders" | "mounts" | "newer" | "damaged"> {
  parentId: Uint8Array | null | undefined;
  trashId: Uint8Array | undefined;
  folders: Entry[];
  mounts: Entry[];
  newer: string[];
  readonly altered: FolderDamage[];
  damaged: DamagedPage[];
  /** Entries of the pages that only this device can give. */
  readonly held: Map<string, readonly Entry[]>;
}

class Surveyor {
  readonly #volume: Volume;
  readonly #options: Options;
  readonly #folders = new Map<string, Draft>();
  /** childIds of everything that is no folder. */
  readonly #others = new Set<string>();
  readonly #doubles: Double[] = [];

  constructor(volume: Volume, options: Options) {
    this.#volume = volume;
    this.#options = options;
  }

  async readAll(): Promise<void> {
    const inspection = this.#volume.inspect();
    const nodeIds = inspection.folders();
    for (let at = 0; at < nodeIds.length; at += FOLDERS_AT_ONCE) {
      this.#options.signal?.throwIfAborted();
      const group = nodeIds.slice(at, at + FOLDERS_AT_ONCE);
      const altered = await inspection.altered(group, this.#options);
      for (const nodeId of group) {
        const folder = await readIfThere(this.#volume, nodeId);
        if (folder !== undefined)
          this.#take(
            folder,
            altered.filter((each) => equalBytes(each.nodeId, nodeId)),
          );
      }
    }
  }

  #take(folder: Folder, altered: readonly FolderDamage[]): void {
    const key = toHex(folder.nodeId);
    const unreadable = new Set(folder.damage.map(pageKey));
    const draft: Draft = {
      nodeId: folder.nodeId,
      parentId: folder.parentNodeId,
      trashId: folder.attributes?.trashNodeId,
      folders: [],
      mounts: [],
      newer: [],
      altered: [...folder.damage, ...altered.filter((page) => !unreadable.has(pageKey(page)))],
      damaged: [],
      held: new Map(),
    };
    for (const page of altered) {
      if (unreadable.has(pageKey(page))) continue;
      draft.held.set(
        pageKey(page),
        folder.entries.filter(({ childId }) => rangeHolds(page, childId)),
      );
    }
    this.#folders.set(key, draft);
    for (const entry of folder.entries) this.#takeEntry(draft, key, entry);
  }

  #takeEntry(draft: Draft, folderKey: string, entry: Entry): void {
    if (!isKnownType(entry)) draft.newer.push(entry.name);
    if (entry.type === ENTRY_TYPE.folder) {
      draft.folders.push(entry);
      return;
    }
    if (entry.mount !== undefined) draft.mounts.push(entry);
    const id = toHex(entry.childId);
    if (this.#others.has(id)) this.#doubles.push({ folderKey, entry });
    else this.#others.add(id);
  }

  /** For every page that is damaged, what would come back of it. */
  async lookBack(): Promise<void> {
    for (const [key, draft] of this.#folders) {
      for (const { cause, ...page } of draft.altered) {
        const held = draft.held.get(pageKey(page));
        const earlier = held === undefined ? await this.#earlier(draft, key, page) : undefined;
        draft.damaged.push({ ...page, cause, held, earlier });
      }
    }
  }

  async #earlier(draft: Draft, key: string, page: PagePlace): Promise<EarlierPage | undefined> {
    const earlier = await this.#volume.inspect().earlierPage(page, this.#options);
    if (earlier === undefined) return undefined;
    const { folder } = earlier;
    if (folder !== undefined) {
      draft.parentId ??= folder.parentNodeId;
      draft.trashId ??= folder.attributes.trashNodeId;
    }
    // What has moved or gone since must not come back a second time.
    const entries = earlier.entries.filter((entry) => this.#isStillAt(draft.nodeId, entry));
    for (const entry of entries) this.#takeEntry(draft, key, entry);
    return { ...earlier, entries };
  }

  #isStillAt(nodeId: Uint8Array, entry: Entry): boolean {
    const id = toHex(entry.childId);
    if (entry.type !== ENTRY_TYPE.folder) return !this.#others.has(id);
    const folder = this.#folders.get(id);
    if (folder === undefined) return false;
    return folder.parentId === undefined || (folder.parentId !== null && equalBytes(folder.parentId, nodeId));
  }

  result(): Survey {
    const rootKey = toHex(this.#volume.volumeId);
    const trashId = this.#folders.get(rootKey)?.trashId;
    return {
      rootKey,
      trashKey: trashId && toHex(trashId),
      folders: this.#folders,
      doubles: this.#doubles,
    };
  }
}

async function readIfThere(volume: Volume, nodeId: Uint8Array): Promise<Folder | undefined> {
  try {
    return await volume.readFolder(nodeId);
  } catch (error) {
    // Somebody has just deleted it.
    if (error instanceof FolderMissingError) return undefined;
    throw error;
  }
}

function pageKey({ bits, bitsLength }: PagePlace): string {
  return `${bits}/${bitsLength}`;
}
