import type { MountedVolumes } from "../mounts/index.ts";
import type { SealedNotes } from "../upload/types.ts";
import type { Entry } from "../volumes/index.ts";

/** unknown: written by a newer version of Excalibur; it can be listed, not handled. */
export type ItemType = "folder" | "file" | "unknown";

/** Where an entry stands: the folder that lists it and its id there, which survives renaming and moving. */
export interface ItemRef {
  readonly parentId: Uint8Array;
  readonly childId: Uint8Array;
  /** As it was seen, if it was: who gives it a name then learns when somebody else was quicker. */
  readonly entry?: Pick<Entry, "name">;
}

/** One entry of a folder, as people see it. */
export interface Item extends ItemRef {
  readonly type: ItemType;
  /** As it is shown: a name that stands twice in a listing carries a number. */
  readonly name: string;
  readonly createdMs: number;
  /** May be negative: before 1970. */
  readonly modifiedMs: number;
  /** Of a file that is shared: the entry inside, with the id, the name and the mount of the one that stands for it here. */
  readonly entry: Entry;
  /** Why a file that is shared could not be looked at; its entry says nothing of it then. */
  readonly problem?: unknown;
}

/** An item after it was moved. */
export interface MovedItem {
  /** Another than before when it went into another volume. */
  readonly childId: Uint8Array;
  readonly name: string;
  /** What then stays in the trash of the volume that it was in, earlier versions included. */
  readonly left: ItemRef | undefined;
}

export interface Listing {
  readonly items: readonly Item[];
  /** One cause for each part of the listing that could not be read; the rest is shown. */
  readonly damage: readonly unknown[];
}

/** An item with its path from where a walk began, the parts joined by "/". */
export interface WalkedItem {
  readonly path: string;
  readonly item: Item;
}

/** A folder of a walk whose listing is damaged in part. "" is where the walk began. */
export interface WalkedDamage {
  readonly path: string;
  readonly cause: unknown;
}

/** What to do when a name is taken. `keep-both` gives the newcomer a number. */
export type ConflictPolicy = "fail" | "replace" | "keep-both";

export interface ManyOptions {
  /** Between two steps it ends: what was done until then stays done. */
  readonly signal?: AbortSignal;
  /** So many more were handled, whatever came of each. */
  readonly onItems?: (count: number) => void;
}

/** What became of many items, in the order in which they were given. */
export interface Many<T> {
  /** undefined: it failed, or it was stopped before. */
  readonly done: readonly (T | undefined)[];
  /** Why some failed. */
  readonly failures: readonly unknown[];
}

export interface DeleteOptions extends ManyOptions {
  /** Somebody was asked, and means it, however much it is. Otherwise MassDeletionError asks (deletion-brake.ts). */
  readonly massDeletion?: "meant";
}

/** An entry that was given another id, because it went into another volume. */
export interface Renewed {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** Whoever remembers items by their ids, and goes along when they get others. */
export interface Follower {
  /** Whether anything is remembered of the item with this childId. */
  has(childId: Uint8Array): boolean;
  /** From one volume into another. To be called when it is done; never fails. */
  follow(renewed: readonly Renewed[], volumeIds: { readonly from: Uint8Array; readonly to: Uint8Array }): Promise<void>;
}

export interface FilesOptions {
  readonly volumes: MountedVolumes;
  /** subjectId of the person, 16 bytes. */
  readonly subjectId: Uint8Array;
  /** The server's clock, as far as known. */
  readonly nowMs: () => number;
  /** This device's own clock, whatever the server says. */
  readonly deviceNowMs: () => number;
  /** Where this device remembers, across processes, what it deleted just now, and when it looked for what is old. */
  readonly notes: SealedNotes;
  /** Nobody unless told. */
  readonly follower?: Follower;
}
