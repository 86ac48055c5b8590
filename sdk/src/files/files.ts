import { toHex } from "@excalibur/core/bytes";
import type { MountedVolumes } from "../mounts/index.ts";
import type { SealedNotes } from "../upload/types.ts";
import { displayNames, ReadOnlyError, type Volume } from "../volumes/index.ts";
import { crossing, makePaths, moveAcross } from "./across.ts";
import { copyItem } from "./copy-item.ts";
import { braked } from "./deletion-brake.ts";
import { NotAFolderError, NotFoundError, RewindOutdatedError } from "./errors.ts";
import { type Expired, ExpiryRounds } from "./expiry/index.ts";
import { type FileDraft, type PutFile, putFiles } from "./file-changes.ts";
import { deleteMany, type ManyContext, moveMany, restoreMany, trashMany } from "./many.ts";
import { parsePath } from "./paths.ts";
import { findIn, type Group, groupDrafts, groupRefs, stepsTo, walkThrough } from "./places.ts";
import { findItem, listFolder, listParts, resolvePath, trashFolderId } from "./reading.ts";
import { type Landmarks, previewRewind, type RewindPreview, type Rewound, rewind } from "./rewind/index.ts";
import { findContents, replaceInside, SharedFiles } from "./shared-files.ts";
import { type Restored, requireNoMounts, restoreEntry, type TrashPlace } from "./trash-changes.ts";
import { type TrashedItem, toTrashedItems } from "./trashed-items.ts";
import {
  type Author,
  addFolder,
  type Destination,
  type Move,
  moveEntry,
  renameEntry,
  requireMovable,
} from "./tree-changes.ts";
import type {
  DeleteOptions,
  FilesOptions,
  Follower,
  Item,
  ItemRef,
  Listing,
  Many,
  ManyOptions,
  MovedItem,
  WalkedDamage,
  WalkedItem,
} from "./types.ts";
import { type Usage, type UsageOptions, usageOf } from "./usage.ts";
import { deleteVersions, type EarlierVersion, replacersOf, restoreVersion, versionsOf } from "./versions.ts";

type Options = { readonly signal?: AbortSignal };

/** The tree of the home volume and of what is mounted in it: reading it, and every change people make to it. All throw typed errors and then changed nothing, but for what takes many commits: those that were made stay. */
export class Files {
  readonly #volumes: MountedVolumes;
  readonly #subjectId: Uint8Array;
  readonly #nowMs: () => number;
  readonly #notes: SealedNotes;
  readonly #expiry: ExpiryRounds;
  readonly #sharedFiles: SharedFiles;
  readonly #follower: Follower | undefined;

  constructor({ volumes, subjectId, nowMs, deviceNowMs, notes, follower }: FilesOptions) {
    this.#volumes = volumes;
    this.#follower = follower;
    this.#notes = notes;
    this.#sharedFiles = new SharedFiles(volumes, deviceNowMs);
    const clocks = () => ({ deviceMs: deviceNowMs(), serverMs: nowMs() });
    this.#expiry = new ExpiryRounds({ volumes: () => this.#writable(), notes, clocks });
    this.#subjectId = subjectId;
    this.#nowMs = nowMs;
  }

  get rootId(): Uint8Array {
    return this.#volumes.home.volumeId;
  }

  async list(folderId: Uint8Array, options: Options = {}): Promise<Listing> {
    const { volume, items, damage } = await this.#listRaw(folderId, options);
    return { items: await this.#sharedFiles.revealAll(volume, items), damage };
  }

  /** As `list`, with what stands for something else as it stands there: it opens no other volume. */
  async #listRaw(folderId: Uint8Array, options: Options = {}): Promise<Listing & { readonly volume: Volume }> {
    const { volume, nodeId } = await this.#volumes.place(folderId);
    const listing = await listFolder(volume, nodeId, options);
    this.#noteMounts(volume, nodeId, listing.items);
    return { ...listing, volume };
  }

  /**
   * The same for whoever shows what has come so far: items part by part, each once, and then, returned, the whole listing.
   * Whatever is given was verified as in the end; what is small, or in memory, comes as a whole ([Note: A folder in parts]).
   */
  async *listParts(folderId: Uint8Array, options: Options = {}): AsyncGenerator<readonly Item[], Listing> {
    const { volume, nodeId } = await this.#volumes.place(folderId);
    const parts = listParts(volume, nodeId, options);
    for (;;) {
      const { done, value } = await parts.next();
      const items = done ? value.items : value;
      this.#noteMounts(volume, nodeId, items);
      const shown = await this.#sharedFiles.revealAll(volume, items);
      if (done) return { ...value, items: shown };
      yield shown;
    }
  }

  /** The item at a path below the root; null for the root itself. */
  async resolve(path: string, options: Options = {}): Promise<Item | null> {
    let volume = this.#volumes.home;
    return await resolvePath(path, {
      rootId: this.rootId,
      list: async (folderId) => {
        const listing = await this.#listRaw(folderId, options);
        volume = listing.volume;
        return listing;
      },
      reveal: (item) => this.#sharedFiles.reveal(volume, item),
    });
  }

  /** nodeId of the folder at a path. Throws NotAFolderError for anything else. */
  async resolveFolder(path: string, options: Options = {}): Promise<Uint8Array> {
    const item = await this.resolve(path, options);
    if (item === null) return this.rootId;
    if (item.type !== "folder") throw new NotAFolderError();
    return item.childId;
  }

  /** Every item below a folder, parents before children; what is mounted there comes after the rest of its volume. */
  async *walk(folderId: Uint8Array, options: Options = {}): AsyncGenerator<WalkedItem | WalkedDamage> {
    yield* walkThrough(this.#volumes, folderId, {
      ...options,
      reveal: (outer, item) => this.#sharedFiles.reveal(outer, item),
    });
  }

  async makeFolder(parentId: Uint8Array, name: string, options: Options = {}): Promise<Uint8Array> {
    const author = this.#author();
    const { volume, nodeId } = await this.#volumes.place(parentId);
    const entry = await volume.change((editor) => addFolder(editor, { parentId: nodeId, name, author }), options);
    return entry.childId;
  }

  /** Makes what is missing of a path, in one commit, and gives the nodeId of its end. */
  async makeFolders(path: string, options: Options = {}): Promise<Uint8Array> {
    const [nodeId] = await this.makeTree(this.rootId, [parsePath(path)], options);
    return nodeId ?? this.rootId;
  }

  /** Makes many paths below a folder in one commit; what exists stays. Gives the nodeIds in the order of the paths. */
  async makeTree(
    folderId: Uint8Array,
    paths: readonly (readonly string[])[],
    options: Options = {},
  ): Promise<Uint8Array[]> {
    const author = this.#author();
    const groups = await crossing(this.#volumes, (id) => this.list(id, options), { folderId, paths });
    return await makePaths(groups, { author, ...options });
  }

  async rename(ref: ItemRef, name: string, options: Options = {}): Promise<void> {
    const at = await findIn(this.#volumes, ref);
    await at.volume.change((editor) => renameEntry(editor, at.ref, name), options);
  }

  /**
   * Gives what it is there. Into another volume it is copied first, and then goes to the trash of the one it was in:
   * its earlier versions stay there. Throws SharedFolderError for what is mounted.
   */
  async move(ref: ItemRef, to: Destination, options: Options = {}): Promise<MovedItem> {
    const from = await findIn(this.#volumes, ref);
    const place = await this.#trashPlace(from.volume);
    requireMovable(from.ref.childId, [place.rootId, place.trashId]);
    const target = await this.#volumes.place(to.folderId);
    const there = { ...to, folderId: target.nodeId };
    if (target.volume === from.volume) {
      const move = { ref: from.ref, to: there };
      const name = await from.volume.change((editor) => moveEntry(editor, move), options);
      return { childId: ref.childId, name, left: undefined };
    }
    const { volume: into } = target;
    return await moveAcross({ from, target: into, to: there, place, follower: this.#follower }, options);
  }

  /** As `move` for many, each to where it says. */
  async moveAll(moves: readonly Move[], options: ManyOptions = {}): Promise<Many<MovedItem>> {
    return await moveMany({ ...this.#manyContext(), ...options }, moves);
  }

  /** Copies a file or a whole folder; contents are referenced, so it costs the folders and not the bytes. */
  async copy(ref: ItemRef, to: Destination, options: Options = {}): Promise<void> {
    await copyItem(this.#volumes, ref, { ...options, to, author: this.#author() });
  }

  /** Lists files whose objects are on the server. One answer for each, in order. */
  async put(drafts: readonly FileDraft[], options: Options = {}): Promise<({ put: PutFile } | { error: unknown })[]> {
    const context = this.#author();
    const outcomes: ({ put: PutFile } | { error: unknown })[] = [];
    for (const { volume, drafts: some } of await groupDrafts(this.#volumes, drafts)) {
      const placed = some.map(({ draft }) => draft);
      const done = await volume.change((editor) => putFiles(editor, placed, context), options);
      for (const [at, { index, draft }] of some.entries()) {
        const outcome = done[at] as (typeof done)[number];
        const { nowMs } = context;
        outcomes[index] = await replaceInside(this.#volumes, volume, { outcome, draft, nowMs, ...options });
      }
    }
    return outcomes;
  }

  /** The earlier versions of a file, newest first; none of anything else. Throws NotFoundError. */
  async versions(ref: ItemRef): Promise<EarlierVersion[]> {
    const at = await findContents(this.#volumes, ref);
    return versionsOf(await findItem(at.volume, at.ref));
  }

  /** Who replaced each of these versions of a file: subjectIds, undefined for who is no member any more. Asks for the signed history. */
  async versionAuthors(
    ref: ItemRef,
    versions: readonly EarlierVersion[],
    options: Options = {},
  ): Promise<(Uint8Array | undefined)[]> {
    if (versions.length === 0) return [];
    return await replacersOf((await findContents(this.#volumes, ref)).volume.history(), versions, options);
  }

  /** Makes an earlier version the current one; the one it replaces becomes an earlier version itself. */
  async restoreVersion(ref: ItemRef, id: Uint8Array, options: Options = {}): Promise<void> {
    const nowMs = this.#nowMs();
    const at = await findContents(this.#volumes, ref);
    await at.volume.change((editor) => restoreVersion(editor, at.ref, { id, nowMs }), options);
  }

  /** Deletes earlier versions for good; the server keeps their bytes for its retention period only. */
  async deleteVersions(ref: ItemRef, ids: readonly Uint8Array[], options: Options = {}): Promise<void> {
    const at = await findContents(this.#volumes, ref);
    await at.volume.change((editor) => deleteVersions(editor, at.ref, ids), options);
  }

  /**
   * Gives the items as they are in the trash, each in that of its volume; where `signal` aborts after many were moved, those
   * alone. Throws MassDeletionError, and then nothing of it was moved; SharedFolderError for what is mounted.
   */
  async trash(refs: readonly ItemRef[], options: DeleteOptions = {}): Promise<ItemRef[]> {
    const trashed = new Map<string, ItemRef>();
    for (const group of await groupRefs(this.#volumes, refs)) {
      const place = await this.#trashPlace(group.volume);
      await this.#braked(group, options, async () => {
        for (const ref of await trashMany(group, place, { ...options, isBegun: trashed.size > 0 }))
          trashed.set(toHex(ref.childId), ref);
      });
    }
    return refs.flatMap(({ childId }) => trashed.get(toHex(childId)) ?? []);
  }

  /** nodeId of the folder that the home volume's trash is. */
  async trashId(): Promise<Uint8Array> {
    return await trashFolderId(this.#volumes.home, this.rootId);
  }

  /** What is in the trash of the home volume, and of every other one in which this person may write. */
  async listTrash(options: Options = {}): Promise<Listing> {
    const items: Item[] = [];
    const damage: unknown[] = [];
    for (const volume of await this.#writable()) {
      const listing = await listFolder(volume, await trashFolderId(volume, volume.volumeId), options);
      for (const item of listing.items) items.push(item);
      for (const each of listing.damage) damage.push(each);
    }
    // Each volume has a trash of its own, and people see one.
    const names = displayNames(items.map(({ entry }) => entry));
    return { items: items.map((item, index) => ({ ...item, name: names[index] ?? item.name })), damage };
  }

  /** The trash as people look at it: where things were, and until when they are kept; the newest first. */
  async listTrashed(
    options: Options = {},
  ): Promise<{ readonly items: TrashedItem[]; readonly damage: readonly unknown[] }> {
    const { items, damage } = await this.listTrash(options);
    return { items: await toTrashedItems(items, (folderId) => this.pathOf(folderId)), damage };
  }

  /**
   * Deletes for good what has been in the trash, and versions that have been replaced, for 30 days. To be called when a
   * drive was opened and now and then: it looks once a day (versions once a week), and does nothing while there is any
   * doubt about the time (age.ts). What it deletes can still be brought back by a rewind, for as long as the server keeps it.
   */
  async expireWhenDue(options: Options = {}): Promise<Expired> {
    return await this.#expiry.run(options);
  }

  /** As `restore` for many: folders first, and what lay in them after them. */
  async restoreAll(refs: readonly ItemRef[], options: ManyOptions = {}): Promise<Many<Restored>> {
    return await restoreMany({ ...this.#manyContext(), ...options }, refs);
  }

  async restore(ref: ItemRef, options: Options = {}): Promise<Restored> {
    const at = await findIn(this.#volumes, ref);
    const place = await this.#trashPlace(at.volume);
    return await at.volume.change((editor) => restoreEntry(editor, at.ref, place), options);
  }

  /**
   * Deletes items of the trash for good; what was dropped is kept by the server for its retention period only. Throws
   * MassDeletionError, or SharedInsideError where something leads into a shared folder, and then nothing was deleted.
   */
  async deleteForGood(refs: readonly ItemRef[], options: DeleteOptions = {}): Promise<void> {
    for (const { volume, refs: some } of await groupRefs(this.#volumes, refs)) {
      const place = await this.#trashPlace(volume);
      await requireNoMounts(volume, some);
      await this.#braked({ volume, refs: some }, options, () => deleteMany({ volume, refs: some }, place, options));
    }
  }

  /**
   * What bringing a folder back to a moment would do: names, places and contents of everything in it. Changes nothing.
   * Throws MomentGoneError, RewindAroundError, VolumeIntegrityError; ReadOnlyError for who may only look, and so is shown nothing
   * of what was there before.
   */
  async previewRewind(
    { folderId, timeMs }: { readonly folderId: Uint8Array; readonly timeMs: number },
    options: Options & { readonly onFolder?: () => void } = {},
  ): Promise<RewindPreview> {
    const { volume, nodeId } = await this.#volumes.place(folderId);
    if (!volume.hasFolder(nodeId)) throw new NotFoundError();
    if (volume.members().role === "viewer") throw new ReadOnlyError();
    return await previewRewind(volume, await this.#landmarks(volume, nodeId), { ...options, timeMs });
  }

  /**
   * Does what a preview showed, in one commit. What was added since is in the trash then, and contents that were replaced
   * are earlier versions, so that nothing is lost. `withoutLost` goes on although something is no longer kept. Throws
   * RewindOutdatedError when it would do anything else than was shown, RewindIncompleteError, and what `previewRewind` does.
   */
  async rewind(
    preview: RewindPreview,
    options: Options & { readonly withoutLost?: boolean; readonly onFolder?: () => void } = {},
  ): Promise<Rewound> {
    const { volume } = await this.#volumes.place(preview.folderId);
    const marks = await this.#landmarks(volume, preview.folderId);
    return await rewind(volume, marks, { ...options, preview, nowMs: this.#nowMs() });
  }

  /** Brings the folder back to how it was before a rewind. Throws RewindOutdatedError when something in it was changed since. */
  async undoRewind({ folderId, beforeMs, afterMs }: Rewound, options: Options = {}): Promise<void> {
    const since = await this.previewRewind({ folderId, timeMs: afterMs }, options);
    // What is lost since is a mount that was left meanwhile, or something that the server gave up.
    if (since.changes.length > 0 || since.lost.length > 0) throw new RewindOutdatedError();
    await this.rewind(await this.previewRewind({ folderId, timeMs: beforeMs }, options), options);
  }

  /** What this person's bytes are spent on, as the listings of the volumes that are theirs tell; looks at every file. */
  async usage(options: UsageOptions = {}): Promise<Usage> {
    const own = (await this.#volumes.all()).filter((volume) => volume.members().role === "owner");
    return await usageOf(own, options);
  }

  /** The path of a folder from the root, or undefined when its parents do not lead there. */
  async pathOf(folderId: Uint8Array): Promise<string | undefined> {
    const steps = await this.stepsTo(folderId);
    return steps && `/${steps.map(({ name }) => name).join("/")}`;
  }

  /** The folders from below the root down to this one, itself included, or undefined when its parents do not lead to the root. */
  async stepsTo(folderId: Uint8Array): Promise<Item[] | undefined> {
    return await stepsTo(this.#volumes, folderId, (id) => this.#listRaw(id));
  }

  async #braked(group: Group, options: DeleteOptions, deletion: () => Promise<void>): Promise<void> {
    await braked({ ...group, notes: this.#notes, nowMs: this.#nowMs }, options, deletion);
  }

  #manyContext(): ManyContext {
    const placeOf = (volume: Volume) => this.#trashPlace(volume);
    return { volumes: this.#volumes, placeOf, follower: this.#follower };
  }

  /** The volumes in which this person may write. */
  async #writable(): Promise<Volume[]> {
    return (await this.#volumes.all()).filter((volume) => volume.members().role !== "viewer");
  }

  #noteMounts(volume: Volume, nodeId: Uint8Array, items: readonly Item[]): void {
    const mounts = items.filter(({ entry }) => entry.mount !== undefined).map(({ entry }) => entry);
    this.#volumes.note(volume, nodeId, mounts);
  }

  #author(): Author {
    return { addedBy: this.#subjectId, nowMs: this.#nowMs() };
  }

  async #landmarks(volume: Volume, folderId: Uint8Array): Promise<Landmarks> {
    const { rootId, trashId } = await this.#trashPlace(volume);
    const rootPath = volume === this.#volumes.home ? "" : ((await this.pathOf(rootId)) ?? "");
    return { folderId, rootId, trashId, rootPath };
  }

  async #trashPlace(volume: Volume): Promise<TrashPlace> {
    const { volumeId: rootId } = volume;
    return { rootId, trashId: await trashFolderId(volume, rootId), nowMs: this.#nowMs() };
  }
}
