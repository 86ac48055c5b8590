import { equalBytes, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { Drive, Files, Item, Many, ItemRef as SdkItemRef } from "@excalibur/sdk";
import { KEPT_MS, NotFoundError, versionsOf } from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import { Finder } from "./finder.ts";
import { FolderReading, readFolder, stepOf } from "./folder-reading.ts";
import { type FolderSource, Listings, type Source } from "./listings.ts";
import type { Rooms, RoomsHolder } from "./rooms.ts";
import type {
  FileItem,
  ItemDetails,
  ItemRef,
  ListingNews,
  ListOrder,
  MovedItem,
  PathStep,
  Place,
  Trashed,
} from "./types.ts";
import { type Watch, Watched } from "./watched.ts";

/** After so many a page hears how far a copy is, and can stop it. */
const COPIED_AT_ONCE = 256;
/** So many folders are read at a time: one for each page of a window, and some that were left meanwhile. */
const READINGS = 6;

export interface OpenListing {
  readonly place: Place;
  readonly order: ListOrder;
  /** The version that the page has whole. */
  readonly have?: number;
}

/** Somebody was asked whether so much is to be deleted, and means it. */
export interface Deletion {
  readonly isMeant?: boolean;
}

/** A folder that is looked into for a place to put something. */
export interface PlaceChoice {
  readonly path: readonly PathStep[];
  readonly folders: readonly PathStep[];
  readonly mayPut: boolean;
}

/** The tree, as the page sees it. */
export class FolderDesk {
  readonly #accounts: AccountDesk;
  readonly #holder: RoomsHolder;
  readonly #listings = new Listings();
  /** Folders that are listed in part, by the version of the list that a page has. */
  readonly #readings = new Map<number, FolderReading>();
  readonly #finder: Finder;

  constructor(accounts: AccountDesk, holder: RoomsHolder) {
    this.#accounts = accounts;
    this.#holder = holder;
    this.#finder = new Finder((progress) => accounts.tell({ type: "reading", ...progress }));
  }

  /** Throws FolderMissingError, NotFoundError. What says that it is a part goes on when it is asked for what is newer. */
  async open({ place, order, have }: OpenListing): Promise<ListingNews> {
    const reading = await this.#readingOf(place, have);
    if (reading === undefined) return this.#listings.take(await this.#read(place, order), order, have);
    const { source, came } = await reading.next();
    if (have !== undefined) this.#readings.delete(have);
    const isMore = have !== undefined && came !== undefined;
    const news = isMore ? this.#listings.grow({ source, came, have }, order) : this.#listings.take(source, order, have);
    if (source.isPartial) this.#remember(news.facts.version, reading);
    return news;
  }

  /** Of a folder that the page has not whole yet; undefined: it has, or it is no folder. */
  async #readingOf(place: Place, have: number | undefined): Promise<FolderReading | undefined> {
    if (typeof place === "string" || "find" in place) return undefined;
    if (have === undefined) return new FolderReading(await this.#holder.rooms(), place.folderId);
    return this.#readings.get(have);
  }

  #remember(version: number, reading: FolderReading): void {
    this.#readings.set(version, reading);
    // Pages that were left do not come back to what they had of a folder.
    for (const old of this.#readings.keys()) if (this.#readings.size > READINGS) this.#readings.delete(old);
  }

  /** Reading listings for a search ends; what was read stays. */
  stopFinding(): void {
    this.#finder.stop();
  }

  /** undefined: that list is not remembered any more; open it again. */
  slice(version: number, from: number, to: number): readonly FileItem[] | undefined {
    return this.#listings.slice(version, from, to);
  }

  /** Ids of what is starred, wherever it is. */
  async starred(): Promise<string[]> {
    const { stars } = await this.#drive();
    return stars.ids();
  }

  /** Throws StarsFullError; NetworkError, since a star is for all devices. */
  async star(refs: readonly ItemRef[], isStarred: boolean): Promise<void> {
    const { stars, volumes } = await this.#drive();
    if (!isStarred) await stars.remove(refs.map(({ id }) => id));
    else {
      const byVolume = new Map<Uint8Array, string[]>();
      for (const { parentId, id } of refs) {
        const { volumeId } = (await volumes.place(fromBase64Url(parentId))).volume;
        byVolume.set(volumeId, [...(byVolume.get(volumeId) ?? []), id]);
      }
      for (const [volumeId, ids] of byVolume) await stars.add(ids, { volumeId });
    }
    this.#accounts.tell({ type: "changed" });
  }

  /** The folders in a folder, by name, for whoever looks for a place to put something: where one may only look, nothing can be. */
  async subfolders(folderId?: string): Promise<PlaceChoice> {
    return await placeChoice(await this.#holder.rooms(), folderId);
  }

  async makeFolder(parentId: string, name: string): Promise<string> {
    const { files } = await this.#holder.rooms();
    return toBase64Url(await files.makeFolder(fromBase64Url(parentId), name));
  }

  async rename(ref: ItemRef, name: string): Promise<void> {
    const { files } = await this.#holder.rooms();
    await files.rename(toSdk(ref), name);
  }

  /**
   * Gives each item as it stands afterwards, undefined where the page stopped before it. A name that is taken gets a number.
   * Everything is tried; then the first failure is thrown, if there is one.
   */
  async move(refs: readonly ItemRef[], folderId: string, watch?: Watch): Promise<(MovedItem | undefined)[]> {
    const { files } = await this.#holder.rooms();
    const to = { folderId: fromBase64Url(folderId), onConflict: "keep-both" } as const;
    const moves = refs.map((ref) => ({ ref: toSdk(ref), to }));
    const moved = withoutFailure(await files.moveAll(moves, new Watched(watch).options));
    return moved.map(
      (each) =>
        each && {
          ...{ parentId: folderId, id: toBase64Url(each.childId), name: each.name },
          ...(each.left && { leftIn: toBase64Url(each.left.parentId) }),
        },
    );
  }

  /** Puts each item back into the folder and under the name it had; what went into another volume is there again as it was. */
  async moveBack(went: readonly MovedItem[], before: readonly ItemRef[], watch?: Watch): Promise<void> {
    const { files } = await this.#holder.rooms();
    const pairs = went.map((ref, index) => ({ ref, before: before[index] as ItemRef }));
    const within = pairs.filter(({ ref }) => ref.leftIn === undefined);
    const moves = within.map(({ ref, before: { parentId, name, storedName = name } }) => {
      const to = { folderId: fromBase64Url(parentId), name: storedName, onConflict: "keep-both" } as const;
      return { ref: toSdk(ref), to };
    });
    const { options } = new Watched(watch);
    const moved = await files.moveAll(moves, options);
    const across = pairs.filter(({ ref }) => ref.leftIn !== undefined);
    const left = across.map(({ ref: { leftIn = "" }, before: { id, name } }) => toSdk({ parentId: leftIn, id, name }));
    const back = await files.restoreAll(left, options);
    const copies = across.filter((_, index) => back.done[index] !== undefined).map(({ ref }) => toSdk(ref));
    await files.trash(copies, { massDeletion: "meant" });
    // Everything was tried.
    withoutFailure(moved);
    withoutFailure(back);
  }

  /** What was copied before the page stopped it stays. A name that is taken gets a number. */
  async copy(refs: readonly ItemRef[], folderId: string, watch?: Watch): Promise<void> {
    const { files } = await this.#holder.rooms();
    const to = { folderId: fromBase64Url(folderId), onConflict: "keep-both" } as const;
    const watched = new Watched(watch);
    const failures: unknown[] = [];
    for (let at = 0; at < refs.length && !watched.isStopped; at += COPIED_AT_ONCE) {
      const some = refs.slice(at, at + COPIED_AT_ONCE);
      const copies = await Promise.allSettled(some.map((ref) => files.copy(toSdk(ref), to)));
      for (const copy of copies) if (copy.status === "rejected") failures.push(copy.reason);
      watched.onItems(some.length);
    }
    if (failures.length > 0) throw failures[0];
  }

  /** Gives those that are in the trash now, as they stand there. Throws MassDeletionError, and then nothing was moved. */
  async trash(refs: readonly ItemRef[], deletion: Deletion = {}, watch?: Watch): Promise<ItemRef[]> {
    const { files } = await this.#holder.rooms();
    const trashed = await files.trash(refs.map(toSdk), { ...sdkDeletion(deletion), ...new Watched(watch).options });
    const names = new Map(refs.map(({ id, name }) => [id, name]));
    return trashed.map(({ parentId, childId }) => {
      const id = toBase64Url(childId);
      return { id, name: names.get(id) ?? "", parentId: toBase64Url(parentId) };
    });
  }

  /** Gives those that are back, as they stand there, and how many of them are in the root because their folder is gone. */
  async restore(
    refs: readonly ItemRef[],
    watch?: Watch,
  ): Promise<{ readonly restored: ItemRef[]; readonly toRoot: number }> {
    const { files } = await this.#holder.rooms();
    const places = withoutFailure(await files.restoreAll(refs.map(toSdk), new Watched(watch).options));
    const restored = refs.flatMap(({ id }, index) => {
      const place = places[index];
      return place === undefined ? [] : [{ parentId: toBase64Url(place.folderId), id, name: place.name }];
    });
    return { restored, toRoot: places.filter((place) => place?.toRoot).length };
  }

  /** What was deleted before the page stopped it stays deleted. Throws MassDeletionError, and then nothing was deleted. */
  async deleteForGood(refs: readonly ItemRef[], deletion: Deletion = {}, watch?: Watch): Promise<void> {
    const { files } = await this.#holder.rooms();
    const watched = new Watched(watch);
    try {
      await files.deleteForGood(refs.map(toSdk), { ...sdkDeletion(deletion), ...watched.options });
    } catch (error) {
      if (!watched.isStopped) throw error;
    }
  }

  /** Throws NotFoundError. */
  async details(ref: ItemRef): Promise<ItemDetails> {
    const { files } = await this.#holder.rooms();
    const { items } = await files.list(fromBase64Url(ref.parentId));
    const item = items.find(({ childId }) => toBase64Url(childId) === ref.id);
    if (item === undefined) throw new NotFoundError();
    const { file } = item.entry;
    return {
      createdMs: item.createdMs,
      contentId: file && toBase64Url(file.objectId),
      mediaType: file?.mediaType,
      versions: versionsOf(item).map(({ id, sizeBytes, modifiedMs, replacedMs }) => ({
        id: toBase64Url(id),
        sizeBytes,
        modifiedMs,
        replacedMs,
      })),
    };
  }

  /** Makes an earlier version the current one; the one that is current becomes an earlier one. */
  async restoreVersion(ref: ItemRef, versionId: string): Promise<void> {
    const { files } = await this.#holder.rooms();
    await files.restoreVersion(toSdk(ref), fromBase64Url(versionId));
  }

  async deleteVersion(ref: ItemRef, versionId: string): Promise<void> {
    const { files } = await this.#holder.rooms();
    await files.deleteVersions(toSdk(ref), [fromBase64Url(versionId)]);
  }

  async #read(place: Place, order: ListOrder): Promise<Source> {
    if (place === "recent" || place === "starred" || (place !== "trash" && "find" in place))
      return await this.#finder.read(await this.#drive(), place, order);
    const rooms = await this.#holder.rooms();
    return place === "trash" ? await readTrash(rooms.files) : await readFolder(rooms, place.folderId);
  }

  async #drive(): Promise<Drive> {
    return await this.#accounts.account.drive();
  }
}

export async function placeChoice(rooms: Rooms, folderId: string | undefined): Promise<PlaceChoice> {
  const { path, items, role } = await readFolder(rooms, folderId);
  const names = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const folders = items.filter(({ type }) => type === "folder").sort((a, b) => names.compare(a.name, b.name));
  // One that cannot be opened now is no place, either.
  const roles = await Promise.allSettled(
    folders.map(({ entry, childId }) => (entry.mount === undefined ? role : rooms.roleAt(childId))),
  );
  const offered = folders.filter((_, index) => {
    const outcome = roles[index];
    return outcome?.status === "fulfilled" && outcome.value !== "viewer";
  });
  return { path, folders: offered.map(stepOf), mayPut: role !== "viewer" };
}

export function toSdk({ parentId, id, name, storedName = name }: ItemRef): SdkItemRef {
  return { parentId: fromBase64Url(parentId), childId: fromBase64Url(id), entry: { name: storedName } };
}

function sdkDeletion({ isMeant }: Deletion) {
  return isMeant === true ? { massDeletion: "meant" as const } : {};
}

function withoutFailure<T>({ done, failures }: Many<T>): readonly (T | undefined)[] {
  if (failures.length > 0) throw failures[0];
  return done;
}

async function readTrash(files: Files): Promise<FolderSource> {
  const { items, damage } = await files.listTrash();
  const paths = new Map<string, string | undefined>();
  for (const { entry } of items) {
    const from = entry.trashed?.fromNodeId;
    if (from === undefined || paths.has(toBase64Url(from))) continue;
    paths.set(toBase64Url(from), equalBytes(from, files.rootId) ? "/" : await files.pathOf(from));
  }
  const trashed = ({ entry }: Item): Trashed | undefined =>
    entry.trashed && {
      atMs: entry.trashed.atMs,
      keptUntilMs: entry.trashed.atMs + KEPT_MS,
      from: paths.get(toBase64Url(entry.trashed.fromNodeId)),
    };
  return { folderId: toBase64Url(await files.trashId()), path: [], items, isDamaged: damage.length > 0, trashed };
}
