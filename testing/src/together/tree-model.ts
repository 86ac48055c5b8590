/**
 * A drive as a person understands it: a few lines without pages, commits or keys. What devices did to a real drive at the
 * same time is played on it one after the other, in the order in which the server took it: then both must be the same.
 */

import { numberedName } from "@excalibur/sdk/files";

export interface ModelItem {
  readonly id: string;
  readonly type: "folder" | "file";
  name: string;
  parent: string;
  /** Contents are told apart by their size. */
  size: number;
  /** Sizes of earlier versions, newest first. */
  versions: number[];
  trashedFrom: string | undefined;
}

/** Where an item stood when somebody decided something about it. */
export interface ModelRef {
  readonly parent: string;
  readonly id: string;
}

export type Policy = "fail" | "replace" | "keep-both";

/** An acknowledged change that could not have been made where the history has it: something was lost or made up. */
export class ModelBrokenError extends Error {}

const ROOT = "root";
const TRASH = "trash";
const MADE = "made ";

export class TreeModel {
  readonly #items = new Map<string, ModelItem>();
  #made = 0;

  static readonly root = ROOT;
  static readonly trash = TRASH;

  makeFolder(parent: string, name: string, id = this.#newId()): string {
    this.#requireFolder(parent);
    this.#requireFree(parent, name);
    return this.#add({ id, type: "folder", name, parent, size: 0, versions: [], trashedFrom: undefined });
  }

  /** Gives the id of the file, whose name may have got a number. */
  write(
    parent: string,
    { name, size, policy }: { name: string; size: number; policy: Policy },
    id = this.#newId(),
  ): string {
    this.#requireFolder(parent);
    const there = this.#child(parent, name);
    if (there !== undefined && policy === "replace") {
      if (there.type !== "file") throw new ModelBrokenError("A folder was replaced by a file.");
      there.versions = [there.size, ...there.versions];
      there.size = size;
      return this.#learnId(there, id);
    }
    if (policy !== "keep-both") this.#requireFree(parent, name);
    const free = this.#freeName(parent, name);
    return this.#add({ id, type: "file", name: free, parent, size, versions: [], trashedFrom: undefined });
  }

  rename(ref: ModelRef, name: string, seenName: string): void {
    const item = this.#require(ref);
    if (item.name === name) return;
    if (item.name !== seenName) throw new ModelBrokenError("A name that somebody else had just given was overwritten.");
    this.#requireFree(item.parent, name);
    item.name = name;
  }

  move(ref: ModelRef, to: string): void {
    const item = this.#require(ref);
    this.#requireFolder(to);
    if (item.parent === to) return;
    this.#requireNotInside(to, item.id);
    this.#requireFree(to, item.name);
    Object.assign(item, { parent: to, trashedFrom: undefined });
  }

  trash(ref: ModelRef): void {
    const item = this.#require(ref);
    if (item.parent !== TRASH) Object.assign(item, { parent: TRASH, trashedFrom: item.parent });
  }

  restore(ref: ModelRef): void {
    const item = this.#require(ref);
    if (item.parent !== TRASH) throw new ModelBrokenError("Something was restored that was not in the trash.");
    const parent = item.trashedFrom !== undefined && this.#isLive(item.trashedFrom) ? item.trashedFrom : ROOT;
    this.#requireNotInside(parent, item.id);
    Object.assign(item, { name: this.#freeName(parent, item.name), parent, trashedFrom: undefined });
  }

  deleteForGood(ref: ModelRef): void {
    const item = this.#require(ref);
    if (item.parent !== TRASH) throw new ModelBrokenError("Something was deleted that was not in the trash.");
    this.#drop(item.id);
  }

  copyFile(ref: ModelRef, to: string): void {
    const { name, size } = this.#require(ref);
    this.#requireFolder(to);
    this.#requireFree(to, name);
    const id = this.#newId();
    this.#add({ id, type: "file", name, parent: to, size, versions: [], trashedFrom: undefined });
  }

  /** The first of two commits; gives the id of the copy, still empty. */
  beginFolderCopy(ref: ModelRef, to: string): string {
    const { name, id } = this.#require(ref);
    this.#requireFolder(to);
    this.#requireNotInside(to, id);
    return this.makeFolder(to, name);
  }

  /** The second one. */
  fillFolderCopy(from: string, to: string, top = to): void {
    this.#requireFolder(from);
    for (const item of this.#childrenOf(from)) {
      if (item.id === top) continue;
      const copy = { ...item, id: this.#newId(), parent: to, versions: [], trashedFrom: undefined };
      this.#add(copy);
      if (item.type === "folder") this.fillFolderCopy(item.id, copy.id, top);
    }
  }

  /** Everything below a folder, as text that is the same for equal trees. */
  describe(id: string): unknown[] {
    const items = this.#childrenOf(id).map((item) =>
      item.type === "folder" ? [item.name, this.describe(item.id)] : [item.name, item.size, ...item.versions],
    );
    return sorted(items);
  }

  get size(): number {
    return this.#items.size;
  }

  #newId(): string {
    this.#made += 1;
    return `${MADE}${this.#made}`;
  }

  /** Ids of copies are nobody's to know, until somebody replaces one and is told which. */
  #learnId(item: ModelItem, id: string): string {
    if (!item.id.startsWith(MADE) || id.startsWith(MADE)) return item.id;
    this.#items.delete(item.id);
    return this.#add({ ...item, id });
  }

  #add(item: ModelItem): string {
    this.#items.set(item.id, item);
    return item.id;
  }

  #childrenOf(id: string): ModelItem[] {
    return [...this.#items.values()].filter(({ parent }) => parent === id);
  }

  #child(parent: string, name: string): ModelItem | undefined {
    return this.#childrenOf(parent).find((item) => item.name === name);
  }

  #require({ parent, id }: ModelRef): ModelItem {
    const item = this.#items.get(id);
    if (item?.parent !== parent) throw new ModelBrokenError("Something was changed where it was no longer.");
    return item;
  }

  #requireFolder(id: string): void {
    if (id === ROOT || id === TRASH || this.#items.get(id)?.type === "folder") return;
    throw new ModelBrokenError("Something went into a folder that was gone.");
  }

  #requireFree(parent: string, name: string): void {
    if (this.#child(parent, name) !== undefined) throw new ModelBrokenError(`The name ${name} was given twice.`);
  }

  #freeName(parent: string, name: string): string {
    let candidate = name;
    for (let number = 2; this.#child(parent, candidate) !== undefined; number++) candidate = numberedName(name, number);
    return candidate;
  }

  #requireNotInside(folder: string, ancestor: string): void {
    for (let at: string | undefined = folder; at !== undefined; at = this.#items.get(at)?.parent) {
      if (at === ancestor) throw new ModelBrokenError("A folder went into itself.");
    }
  }

  #isLive(id: string): boolean {
    let at: string | undefined = id;
    while (at !== undefined && at !== ROOT) at = this.#items.get(at)?.parent;
    return at === ROOT;
  }

  #drop(id: string): void {
    for (const child of this.#childrenOf(id)) this.#drop(child.id);
    this.#items.delete(id);
  }
}

export function sorted(items: readonly unknown[]): unknown[] {
  return [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
