/** What the rooms above see of a volume: its accepted state, its folders, and one way to change it. */

import type { PageRef } from "@excalibur/core/volume/record";
import type { Entry, PageAttributes, PageContent } from "./crypto.ts";
import type { VolumeEditor } from "./editor.ts";
import type { FolderDamage } from "./errors.ts";
import type { VolumeInspection } from "./inspection.ts";
import type { MemberEvent, MembersChange, Signer, VolumeMembers } from "./members/types.ts";

export type { Entry, FileContent, FileVersion, Mount, ObjectPointer, PageAttributes, PageContent } from "./crypto.ts";
export type * from "./members/types.ts";
export type { PageRef };

/** Sequence and hash of the commit that was accepted last. Going back is an error (cryptography rule 8). */
export interface AcceptedHead {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** The person on whose behalf volumes are read and written. The account room provides it. */
export interface VolumeMember {
  /** userId, 16 bytes; the subjectId of manifests. */
  readonly subjectId: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly signatureSeed: Uint8Array;
  readonly sealingSeed: Uint8Array;
  /** Volume keys by generation that the keyring holds. */
  volumeKeys(volumeId: Uint8Array): ReadonlyMap<number, Uint8Array>;
  /** What the keyring remembers of other devices' view: the floor of a fresh device. */
  acceptedHead(volumeId: Uint8Array): AcceptedHead | undefined;
  /** Called after every accepted commit; goes into the keyring now and then. */
  rememberHead(volumeId: Uint8Array, head: AcceptedHead): void;
}

/** A folder as its pages tell it, at one state of the volume. */
export interface Folder {
  readonly nodeId: Uint8Array;
  /** null: the root. undefined: the page that says it cannot be read. */
  readonly parentNodeId: Uint8Array | null | undefined;
  readonly attributes: PageAttributes | undefined;
  /** Sorted by childId; those on damaged pages are missing. */
  readonly entries: readonly Entry[];
  /** One for each page that failed its checks; its entries are not shown, the rest is (cryptography rule 12). */
  readonly damage: readonly FolderDamage[];
}

/** What is known of a folder without its entries. */
export type FolderFrame = Omit<Folder, "entries">;

export interface VolumeReader {
  readonly head: AcceptedHead;
  /** When the head was signed, as its writer said; never before the commit under it. */
  readonly headTimeMs: number;
  /** Whether the folder has pages at all. */
  hasFolder(nodeId: Uint8Array): boolean;
  /** Another text whenever a page of the folder is another one; undefined when it has no pages. */
  stampOf(nodeId: Uint8Array): string | undefined;
  /** Throws FolderMissingError when it has no pages. Damage is a value, not a throw. */
  readFolder(nodeId: Uint8Array, options?: { readonly signal?: AbortSignal }): Promise<Folder>;
}

/** A commit of the signed history. */
export interface SignedMoment {
  readonly sequence: number;
  readonly hash: Uint8Array;
  /** When it was signed, as its writer said; always after the one before. */
  readonly timeMs: number;
  /** subjectId of who signed it; undefined when that is no member any more. */
  readonly writerId: Uint8Array | undefined;
}

/** An entry and the folder that lists it. */
export interface PlacedEntry {
  readonly folderId: Uint8Array;
  readonly entry: Entry;
}

/** One side is missing: the entry came into what was compared, or went. */
export interface EntryChange {
  readonly before: PlacedEntry | undefined;
  readonly after: PlacedEntry | undefined;
}

export type MomentKind = "created" | "changed" | "members" | "rejoined";

/** A commit, and what it did. */
export interface ToldMoment {
  readonly sequence: number;
  readonly hash: Uint8Array;
  /** When it was signed, as its writer said. */
  readonly timeMs: number;
  readonly kind: MomentKind;
  /** Also of those who are no members any more. */
  readonly writer: Signer | undefined;
  readonly members: readonly MemberEvent[];
  /** undefined: pages that it replaced are not to be had any more. */
  readonly entries: readonly EntryChange[] | undefined;
}

export interface ToldOptions {
  /** Commits at most. */
  readonly limit: number;
  /** Only commits that changed this folder, and what they did to it. */
  readonly folderId?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The volume as an earlier commit left it, as far as the server still has its pages. */
export interface PastVolume extends VolumeReader {
  /** nodeIds of the folders that were changed since. */
  readonly touched: readonly Uint8Array[];
  /** Sequence of the commit that brought a page which is damaged here; undefined when it is still the current one. */
  introducedBy(damage: FolderDamage): number | undefined;
  prefetch(nodeIds: readonly Uint8Array[], options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}

/** What is behind one accepted head, proven by it. All of it throws VolumeIntegrityError when the server gives another. */
export interface VolumeHistory {
  readonly head: AcceptedHead;
  /** When the first commit was signed, as the owner of then said. */
  readonly createdMs: number;
  /** Folders at that head, whatever the volume follows meanwhile. */
  readonly now: VolumeReader;
  /** Newest first, from the head back to genesis. */
  moments(options?: { readonly signal?: AbortSignal | undefined }): AsyncGenerator<SignedMoment>;
  at(sequence: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<PastVolume>;
  /** The newest commits and what each of them did. */
  told(options: ToldOptions): Promise<ToldMoment[]>;
  /** By the newest identity that any member list has named them with. */
  person(userId: Uint8Array): Signer | undefined;
  /** Who put somebody on the member list, as they stand on it now. */
  adder(userId: Uint8Array): Signer | undefined;
  /** Whether any member list up to the newest has named somebody. */
  hasListed(subjectId: Uint8Array): boolean;
  /** subjectIds of whoever could write at some time since a moment, links among them. Walks back to it only if somebody has gone. */
  writersSince(timeMs: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<Uint8Array[]>;
  /** Newest commit of each person, by hex of the userId; walks until it has found all that were asked for, or genesis. */
  lastWritten(
    userIds: readonly Uint8Array[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ReadonlyMap<string, AcceptedHead & { readonly timeMs: number }>>;
}

/** All pages of one accepted state, for whoever looks at everything. */
export interface VolumePages {
  readonly head: AcceptedHead;
  all(): Generator<PageRef>;
  /** In the order asked for. They are not remembered: whoever reads everything would push out what people look at. */
  open(
    pages: readonly PageRef[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<(PageContent | FolderDamage)[]>;
  /** Of the key that each is sealed with, in the order asked for; undefined for one that the server does not give as it was written. */
  generations(
    pages: readonly PageRef[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<(number | undefined)[]>;
}

/** Runs on one state, again on a newer one when somebody was quicker; must hold no effect outside the editor. */
export type VolumeChange<T> = (editor: VolumeEditor) => Promise<T>;

export interface Volume extends VolumeReader {
  /** 16 bytes; also the nodeId of the root folder. */
  readonly volumeId: Uint8Array;
  /** Of its first commit: what a mount names beside the id. */
  readonly genesisHash: Uint8Array;
  /** Of the newest member list. */
  readonly manifestHash: Uint8Array;
  /** Whether that member list is the newest one, or led to it. */
  hasManifest(hash: Uint8Array): boolean;
  /** Of the key that what is written now is sealed with: it grows by one whenever somebody is taken off the list. */
  readonly generation: number;
  /** By generation: what the keyring keeps. */
  readonly keys: ReadonlyMap<number, Uint8Array>;
  /** Who is in it, as the newest accepted member list says. */
  members(): VolumeMembers;
  /**
   * Writes a new member list. Throws ManifestError when this person may not make that change, VolumeKeyError when somebody's
   * key is not the one of the list; nothing is changed then.
   */
  changeMembers(change: MembersChange, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Follows every commit since the accepted head. Throws RollbackError, ForkError or CommitError and then keeps the state it had. */
  catchUp(options?: { readonly signal?: AbortSignal }): Promise<AcceptedHead>;
  /**
   * Makes a change as one commit, or as a part of one together with other changes that wait. Resolves when the server
   * has accepted it. What the change throws is thrown here, and then nothing of this change is committed.
   */
  change<T>(change: VolumeChange<T>, options?: { readonly signal?: AbortSignal }): Promise<T>;
  /** What the folder's first page says of it, however many there are. Throws FolderMissingError. */
  readHeader(nodeId: Uint8Array, options?: { readonly signal?: AbortSignal }): Promise<FolderFrame>;
  /**
   * Entries in their order, part by part as their pages were opened, each part once; then, as what the generator returns, the
   * whole. Of a folder that is small or in memory the whole at once. Throws FolderMissingError ([Note: A folder in parts]).
   */
  readParts(nodeId: Uint8Array, options?: { readonly signal?: AbortSignal }): AsyncGenerator<readonly Entry[], Folder>;
  /** Brings the listings of many folders into memory with few requests. */
  prefetch(nodeIds: readonly Uint8Array[], options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Every page of the head that is accepted now. */
  pages(): VolumePages;
  /** A close look at what the server stores of the accepted head. */
  inspect(): VolumeInspection;
  /** The history behind the head that is accepted now. */
  history(): VolumeHistory;
  /** Those of many objects that the server does not have any more, as it says: to know before a commit lists them. */
  missingObjects(
    objectIds: readonly Uint8Array[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Uint8Array[]>;
  /** Called after each newly accepted head, one's own included. */
  onAdvance(listener: (head: AcceptedHead) => void): () => void;
  close(): Promise<void>;
}
