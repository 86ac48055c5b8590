import { equalBytes, fromBase64Url, toHex } from "@excalibur/core/bytes";
import { addFolder, freeName } from "../files/index.ts";
import { ApiError } from "../transport/errors.ts";
import { ENTRY_TYPE, type Entry, type Lost, type LostItem, type Volume, type VolumeEditor } from "../volumes/index.ts";
import { type MendContext, recoveredFolder, withoutMissing } from "./mend.ts";

/** So often a commit is tried again without what the server has no longer. */
const MISSING_ATTEMPTS = 10_000;

export interface SalvageOptions {
  readonly volume: Volume;
  readonly lost: Lost;
  /** Others have gone on since: then nothing that is there is moved or replaced, and what differs is put beside it. */
  readonly wentOn: boolean;
  readonly author: Pick<MendContext, "addedBy" | "nowMs">;
  readonly signal?: AbortSignal | undefined;
}

export interface Salvaged {
  /** Paths of what is there again. */
  readonly restored: readonly string[];
  /** Files whose contents the server has no longer: only a copy elsewhere brings them back. */
  readonly lost: readonly { readonly path: string; readonly sizeBytes: number }[];
  /** Paths of what stays under the name, or in the folder, that it has on the server. */
  readonly left: readonly string[];
}

/** Puts back, in one ordinary commit, what a server lost and a device remembers, as far as the objects exist. */
export async function salvage({ volume, lost, wentOn, author, signal }: SalvageOptions): Promise<Salvaged> {
  const missing = new Set<string>();
  const context: MendContext = { ...author, rootId: volume.volumeId, missing };
  for (let left = MISSING_ATTEMPTS; ; left--) {
    try {
      const run = (editor: VolumeEditor) => new Salvage(editor, context, wentOn).all(lost.items);
      return await volume.change(run, signal ? { signal } : {});
    } catch (error) {
      const ids = error instanceof ApiError && error.code === "object_missing" ? (error.facts.ids ?? []) : [];
      if (ids.length === 0 || left === 0) throw error;
      for (const id of ids) missing.add(toHex(fromBase64Url(id)));
    }
  }
}

class Salvage {
  readonly #editor: VolumeEditor;
  readonly #context: MendContext;
  readonly #wentOn: boolean;
  /** Folders that were made again, by the id they had. */
  readonly #madeAgain = new Map<string, Uint8Array>();
  readonly #restored: string[] = [];
  readonly #lost: { path: string; sizeBytes: number }[] = [];
  readonly #left: string[] = [];

  constructor(editor: VolumeEditor, context: MendContext, wentOn: boolean) {
    this.#editor = editor;
    this.#context = context;
    this.#wentOn = wentOn;
  }

  async all(items: readonly LostItem[]): Promise<Salvaged> {
    for (const item of items) await this.#one(item);
    return { restored: this.#restored, lost: this.#lost, left: this.#left };
  }

  async #one(item: LostItem): Promise<void> {
    const { kind, path } = item;
    // What it led to may be gone with it; who shares it can do so again, and who was invited still is or can be.
    if (item.entry.mount !== undefined) {
      this.#left.push(path);
      return;
    }
    const [entry] = withoutMissing([item.entry], this.#context.missing);
    if (entry === undefined) {
      this.#lost.push({ path, sizeBytes: item.entry.file?.sizeBytes ?? 0 });
      return;
    }
    if (kind === "moved" && this.#wentOn) this.#left.push(path);
    else if (kind === "added") await this.#add(item, entry);
    else if (this.#wentOn) await this.#addBeside(item, entry);
    else await this.#place(item, entry);
  }

  async #add(item: LostItem, entry: Entry): Promise<void> {
    if (entry.type === ENTRY_TYPE.folder) await this.#makeAgain(item, entry);
    else await this.#addBeside(item, entry);
  }

  /** An id that was given up is not used again: the folder is a new one of the old name. */
  async #makeAgain({ path, parentId }: LostItem, { childId, name, trashed }: Entry): Promise<void> {
    const folderId = await this.#folder(parentId);
    const there = await this.#editor.findByName(folderId, name);
    if (there?.type === ENTRY_TYPE.folder && trashed === undefined) {
      this.#madeAgain.set(toHex(childId), there.childId);
      return;
    }
    const author = this.#context;
    const made = await addFolder(this.#editor, {
      parentId: folderId,
      name: await freeName(this.#editor, folderId, name),
      author,
    });
    if (trashed !== undefined) await this.#editor.replaceEntry(folderId, { ...made, trashed });
    this.#madeAgain.set(toHex(childId), made.childId);
    this.#restored.push(path);
  }

  async #addBeside({ path, parentId }: LostItem, { childId: _, ...entry }: Entry): Promise<void> {
    const folderId = await this.#folder(parentId);
    const name = await freeName(this.#editor, folderId, entry.name);
    await this.#editor.addEntries(folderId, [{ ...entry, name }]);
    this.#restored.push(path);
  }

  /** Nobody has gone on from what the server has: what this device knows is newer. */
  async #place({ path, parentId, thereIn }: LostItem, entry: Entry): Promise<void> {
    const editor = this.#editor;
    const isThere = thereIn && editor.hasFolder(thereIn) && (await editor.findChild(thereIn, entry.childId));
    if (!thereIn || !isThere) {
      this.#left.push(path);
      return;
    }
    const folderId = await this.#folder(parentId);
    await editor.removeEntries(thereIn, [entry.childId]);
    const name = await freeName(editor, folderId, entry.name);
    await editor.addEntries(folderId, [{ ...entry, name }]);
    if (entry.type === ENTRY_TYPE.folder && !equalBytes(thereIn, folderId))
      await editor.setParent(entry.childId, folderId);
    this.#restored.push(path);
  }

  async #folder(nodeId: Uint8Array): Promise<Uint8Array> {
    const madeAgain = this.#madeAgain.get(toHex(nodeId));
    if (madeAgain !== undefined) return madeAgain;
    return this.#editor.hasFolder(nodeId) ? nodeId : await recoveredFolder(this.#editor, this.#context);
  }
}
