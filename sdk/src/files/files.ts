import { equalBytes } from "@excalibur/core/bytes";
import type { SealedNotes } from "../upload/types.ts";
import type { Volume, VolumeEditor } from "../volumes/index.ts";
import { DeletionBrake } from "./deletion-brake.ts";
import { IntoItselfError, NotAFolderError, NotFoundError } from "./errors.ts";
import { type Expired, ExpiryRounds } from "./expiry/index.ts";
import { type FileDraft, type PutFile, putFiles } from "./file-changes.ts";
import { freeName } from "./names.ts";
import { parsePath } from "./paths.ts";
import { findItem, listFolder, resolvePath, trashFolderId, walk } from "./reading.ts";
import { previewRewind, type RewindPreview, rewind } from "./rewind/index.ts";
import { deleteForGood, type Restored, restoreEntry, type TrashPlace, trashEntry } from "./trash-changes.ts";
import { type TrashedItem, toTrashedItems } from "./trashed-items.ts";
import {
  type Author,
  addFolder,
  copyFileEntry,
  copyOf,
  type Destination,
  ensureFolder,
  isFile,
  moveEntry,
  nameThere,
  renameEntry,
  requireHandled,
  requireMovable,
  requireNotInside,
} from "./tree-changes.ts";
import type { Item, ItemRef, Listing, WalkedDamage, WalkedItem } from "./types.ts";
import { type Usage, type UsageOptions, usageOf } from "./usage.ts";
import { deleteVersions, type EarlierVersion, replacersOf, restoreVersion, versionsOf } from "./versions.ts";

/** Entries that one commit of a copied tree takes. */
const COPIED_A_COMMIT = 5_000;

type Options = { readonly signal?: AbortSignal };

export interface DeleteOptions extends Options {
  /** Somebody was asked, and means it, however much it is. Otherwise MassDeletionError asks (deletion-brake.ts). */
  readonly massDeletion?: "meant";
}

export interface FilesOptions {
  readonly volume: Volume;
  /** subjectId of the person, 16 bytes. */
  readonly subjectId: Uint8Array;
  /** The server's clock, as far as known. */
  readonly nowMs: () => number;
  /** This device's own clock, whatever the server says. */
  readonly deviceNowMs: () => number;
  /** Where this device remembers, across processes, what it deleted just now, and when it looked for what is old. */
  readonly notes: SealedNotes;
}

/** The tree of a volume: reading it, and every change people make to it. All throw typed errors and then changed nothing. */
export class Files {
  readonly #volume: Volume;
  readonly #subjectId: Uint8Array;
  readonly #nowMs: () => number;
  readonly #brake: DeletionBrake;
  readonly #expiry: ExpiryRounds;

  constructor({ volume, subjectId, nowMs, deviceNowMs, notes }: FilesOptions) {
    this.#volume = volume;
    this.#brake = new DeletionBrake({ volume, notes, nowMs });
    this.#expiry = new ExpiryRounds({ volume, notes, clocks: () => ({ deviceMs: deviceNowMs(), serverMs: nowMs() }) });
    this.#subjectId = subjectId;
    this.#nowMs = nowMs;
  }

  get rootId(): Uint8Array {
    return this.#volume.volumeId;
  }

  async list(folderId: Uint8Array, options: Options = {}): Promise<Listing> {
    return await listFolder(this.#volume, folderId, options);
  }

  /** The item at a path below the root; null for the root itself. */
  async resolve(path: string, options: Options = {}): Promise<Item | null> {
    return await resolvePath(this.#volume, path, options);
  }

  /** nodeId of the folder at a path. Throws NotAFolderError for anything else. */
  async resolveFolder(path: string, options: Options = {}): Promise<Uint8Array> {
    const item = await this.resolve(path, options);
    if (item === null) return this.rootId;
    if (item.type !== "folder") throw new NotAFolderError();
    return item.childId;
  }

  walk(folderId: Uint8Array, options: Options = {}): AsyncGenerator<WalkedItem | WalkedDamage> {
    return walk(this.#volume, folderId, options);
  }

  async makeFolder(parentId: Uint8Array, name: string, options: Options = {}): Promise<Uint8Array> {
    const author = this.#author();
    const entry = await this.#volume.change((editor) => addFolder(editor, { parentId, name, author }), options);
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
    return await this.#volume.change(async (editor) => {
      const made: Uint8Array[] = [];
      for (const path of paths) {
        let parentId = folderId;
        for (const name of path) parentId = await ensureFolder(editor, { parentId, name, author });
        made.push(parentId);
      }
      return made;
    }, options);
  }

  async rename(ref: ItemRef, name: string, options: Options = {}): Promise<void> {
    await this.#volume.change((editor) => renameEntry(editor, ref, name), options);
  }

  /** Gives the name that it has there. */
  async move(ref: ItemRef, to: Destination, options: Options = {}): Promise<string> {
    const { trashId } = await this.#trashPlace();
    requireMovable(ref.childId, [this.rootId, trashId]);
    return await this.#volume.change((editor) => moveEntry(editor, ref, to), options);
  }

  /** Copies a file or a whole folder; contents are referenced, so it costs the folders and not the bytes. */
  async copy(ref: ItemRef, to: Destination, options: Options = {}): Promise<void> {
    const author = this.#author();
    const item = await findItem(this.#volume, ref);
    if (item.type === "folder") {
      await this.#copyFolder(item, to, author, options);
      return;
    }
    await this.#volume.change(async (editor) => {
      const entry = await requireHandled(editor, ref);
      if (!isFile(entry)) throw new NotFoundError();
      await copyFileEntry(editor, { entry, to, author });
    }, options);
  }

  /** Lists files whose objects are on the server. One answer for each, in order. */
  async put(drafts: readonly FileDraft[], options: Options = {}): Promise<({ put: PutFile } | { error: unknown })[]> {
    const context = this.#author();
    return await this.#volume.change((editor) => putFiles(editor, drafts, context), options);
  }

  /** The earlier versions of a file, newest first; none of anything else. Throws NotFoundError. */
  async versions(ref: ItemRef): Promise<EarlierVersion[]> {
    return versionsOf(await findItem(this.#volume, ref));
  }

  /** Who replaced each of these versions: subjectIds, undefined for who is no member any more. Asks for the signed history. */
  async versionAuthors(
    versions: readonly EarlierVersion[],
    options: Options = {},
  ): Promise<(Uint8Array | undefined)[]> {
    if (versions.length === 0) return [];
    return await replacersOf(this.#volume.history(), versions, options);
  }

  /** Makes an earlier version the current one; the one it replaces becomes an earlier version itself. */
  async restoreVersion(ref: ItemRef, id: Uint8Array, options: Options = {}): Promise<void> {
    const nowMs = this.#nowMs();
    await this.#volume.change((editor) => restoreVersion(editor, ref, { id, nowMs }), options);
  }

  /** Deletes earlier versions for good; the server keeps their bytes for its retention period only. */
  async deleteVersions(ref: ItemRef, ids: readonly Uint8Array[], options: Options = {}): Promise<void> {
    await this.#volume.change((editor) => deleteVersions(editor, ref, ids), options);
  }

  /** Throws MassDeletionError, and then nothing of it was moved. */
  async trash(refs: readonly ItemRef[], options: DeleteOptions = {}): Promise<void> {
    const place = await this.#trashPlace();
    for (const ref of refs) requireMovable(ref.childId, [this.rootId, place.trashId]);
    await this.#braked(refs, options, async () => {
      await this.#volume.change(async (editor) => {
        for (const ref of refs) await trashEntry(editor, ref, place);
      }, options);
    });
  }

  /** nodeId of the folder that the trash is. */
  async trashId(): Promise<Uint8Array> {
    return await trashFolderId(this.#volume, this.rootId);
  }

  async listTrash(options: Options = {}): Promise<Listing> {
    const { trashId } = await this.#trashPlace();
    return await listFolder(this.#volume, trashId, options);
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

  async restore(ref: ItemRef, options: Options = {}): Promise<Restored> {
    const place = await this.#trashPlace();
    return await this.#volume.change((editor) => restoreEntry(editor, ref, place), options);
  }

  /** Deletes items of the trash for good; what was dropped is kept by the server for its retention period only. Throws MassDeletionError, and then nothing was deleted. */
  async deleteForGood(refs: readonly ItemRef[], options: DeleteOptions = {}): Promise<void> {
    const place = await this.#trashPlace();
    await this.#braked(refs, options, async () => {
      for (let left = refs; left.length > 0; ) {
        const now = left;
        left = await this.#volume.change((editor) => deleteForGood(editor, now, place), options);
      }
    });
  }

  /**
   * What bringing a folder back to a moment would do: names, places and contents of everything in it. Changes nothing.
   * Throws MomentGoneError, RewindAroundError, VolumeIntegrityError.
   */
  async previewRewind(
    { folderId, timeMs }: { readonly folderId: Uint8Array; readonly timeMs: number },
    options: Options & { readonly onFolder?: () => void } = {},
  ): Promise<RewindPreview> {
    const { trashId } = await this.#trashPlace();
    if (!this.#volume.hasFolder(folderId)) throw new NotFoundError();
    return await previewRewind(this.#volume, { folderId, rootId: this.rootId, trashId }, { ...options, timeMs });
  }

  /**
   * Does what a preview showed, in one commit. What was added since is in the trash then, and contents that were replaced
   * are earlier versions, so that nothing is lost. `withoutLost` goes on although something is no longer kept. Throws
   * RewindOutdatedError when it would do anything else than was shown, RewindIncompleteError, and what `previewRewind` does.
   */
  async rewind(
    preview: RewindPreview,
    options: Options & { readonly withoutLost?: boolean; readonly onFolder?: () => void } = {},
  ): Promise<void> {
    const { trashId, nowMs } = await this.#trashPlace();
    const marks = { folderId: preview.folderId, rootId: this.rootId, trashId };
    await rewind(this.#volume, marks, { ...options, preview, nowMs });
  }

  /** What the drive's bytes are spent on, as its listings tell; looks at every file. */
  async usage(options: UsageOptions = {}): Promise<Usage> {
    return await usageOf(this.#volume, options);
  }

  /** The path of a folder from the root, or undefined when its parents do not lead there. */
  async pathOf(folderId: Uint8Array): Promise<string | undefined> {
    const steps = await this.stepsTo(folderId);
    return steps && `/${steps.map(({ name }) => name).join("/")}`;
  }

  /** The folders from below the root down to this one, itself included, or undefined when its parents do not lead to the root. */
  async stepsTo(folderId: Uint8Array): Promise<Item[] | undefined> {
    const steps: Item[] = [];
    let at = folderId;
    for (let left = 10_000; left > 0; left--) {
      if (equalBytes(at, this.rootId)) return steps.reverse();
      if (!this.#volume.hasFolder(at)) return undefined;
      const parentId: Uint8Array | null | undefined = (await this.#volume.readFolder(at)).parentNodeId;
      if (!parentId || !this.#volume.hasFolder(parentId)) return undefined;
      const { items } = await this.list(parentId);
      const here = at;
      const item = items.find((each) => equalBytes(each.childId, here));
      if (!item) return undefined;
      steps.push(item);
      at = parentId;
    }
    return undefined;
  }

  async #braked(refs: readonly ItemRef[], options: DeleteOptions, deletion: () => Promise<void>): Promise<void> {
    if (options.massDeletion === "meant") {
      await deletion();
      await this.#brake.meant();
      return;
    }
    const items = await this.#brake.count(refs, options);
    await deletion();
    await this.#brake.done(items);
  }

  #author(): Author {
    return { addedBy: this.#subjectId, nowMs: this.#nowMs() };
  }

  async #trashPlace(): Promise<TrashPlace> {
    const trashId = await trashFolderId(this.#volume, this.rootId);
    return { rootId: this.rootId, trashId, nowMs: this.#nowMs() };
  }

  async #copyFolder(item: Item, to: Destination, author: Author, options: Options): Promise<void> {
    const top = await this.#volume.change(async (editor) => {
      const entry = await requireHandled(editor, item);
      await requireNotInside(editor, to.folderId, entry.childId);
      const name = await nameThere(editor, { ...to, name: to.name ?? entry.name });
      return await addFolder(editor, { parentId: to.folderId, name, author });
    }, options);
    if (equalBytes(top.childId, item.childId)) throw new IntoItselfError();
    let pending = [{ from: item.childId, to: top.childId }];
    while (pending.length > 0) {
      const batch = pending;
      pending = await this.#volume.change((editor) => copySome(editor, batch, { author, top: top.childId }), options);
    }
  }
}

interface FolderPair {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/**
 * Copies the listings of as many folders as one commit takes; gives those that are left. The copy itself is left out: it
 * may have got into what is copied meanwhile, and would be copied into itself without an end.
 */
async function copySome(
  editor: VolumeEditor,
  pairs: readonly FolderPair[],
  { author, top }: { readonly author: Author; readonly top: Uint8Array },
): Promise<FolderPair[]> {
  const left = [...pairs];
  let copied = 0;
  while (copied < COPIED_A_COMMIT) {
    const pair = left.shift();
    if (pair === undefined) break;
    const { entries, damage } = await editor.readFolder(pair.from);
    if (damage[0]) throw damage[0].cause;
    const files = entries.filter(isFile).map((entry) => copyOf(entry, { name: entry.name, author }));
    await editor.addEntries(pair.to, files);
    for (const entry of entries) {
      if (isFile(entry) || !editor.hasFolder(entry.childId) || equalBytes(entry.childId, top)) continue;
      const name = await freeName(editor, pair.to, entry.name);
      const made = await addFolder(editor, { parentId: pair.to, name, author });
      left.push({ from: entry.childId, to: made.childId });
    }
    copied += entries.length + 1;
  }
  return left;
}
