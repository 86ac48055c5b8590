import { toHex } from "@excalibur/core/bytes";
import { ENTRY_TYPE, type Entry, isKnownType, type VolumeEditor } from "../volumes/index.ts";
import { IntoItselfError, NameTakenError, NewerVersionError, NotFoundError } from "./errors.ts";
import { freeName, requireRoom } from "./names.ts";
import type { ConflictPolicy, ItemRef } from "./types.ts";

/** What became of one of many. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Throws what went wrong. */
export function valueOrThrow<T>(outcome: Outcome<T>): T {
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

export function mapped<T, Other>(outcome: Outcome<T>, map: (value: T) => Other): Outcome<Other> {
  return "error" in outcome ? outcome : { value: map(outcome.value) };
}

export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

export interface Arrival {
  readonly from: ItemRef;
  readonly entry: Entry;
  readonly folderId: Uint8Array;
  readonly name: string;
  readonly onConflict: Exclude<ConflictPolicy, "replace">;
}

/** What comes into one folder. */
interface Target {
  readonly folderId: Uint8Array;
  /** Names that were given away by this change. */
  readonly given: Set<string>;
  readonly entries: Map<string, { readonly parentId: Uint8Array; readonly entries: Entry[] }>;
}

/**
 * Entries that one change takes from folders to folders: each is looked at by itself, and then all are written together, a
 * folder at a time. To write each by itself takes minutes for 100 000.
 */
export class Arrivals {
  readonly #editor: VolumeEditor;
  readonly #targets = new Map<string, Target>();
  /** Where what is moved will lie, by childId: what is asked next stands on that. */
  readonly #parents = new Map<string, Uint8Array>();

  constructor(editor: VolumeEditor) {
    this.#editor = editor;
  }

  /** Gives the name it has there. Throws NotFoundError, SharedFileError, IntoItselfError, NameTakenError. */
  async add({ from, entry, folderId, name, onConflict }: Arrival): Promise<string> {
    const id = toHex(entry.childId);
    // Whoever names one twice finds it gone the second time.
    if (this.#parents.has(id)) throw new NotFoundError();
    const target = await this.#target(folderId);
    if (entry.type === ENTRY_TYPE.folder) {
      if ((await foldersAbove(this.#editor, folderId, this.#parents)).has(id)) throw new IntoItselfError();
    }
    const there = await freeName(this.#editor, folderId, name, (candidate) => target.given.has(candidate));
    if (there !== name && onConflict === "fail") throw new NameTakenError();
    target.given.add(there);
    this.#parents.set(id, folderId);
    const key = toHex(from.parentId);
    const siblings = target.entries.get(key) ?? { parentId: from.parentId, entries: [] };
    target.entries.set(key, siblings);
    siblings.entries.push({ ...entry, name: there });
    return there;
  }

  /** Throws FolderDamagedError when a page of any of the folders cannot be rewritten. */
  async write(): Promise<void> {
    for (const { folderId, entries } of this.#targets.values())
      for (const siblings of entries.values())
        await relocateAll(this.#editor, siblings.parentId, { ...siblings, folderId });
  }

  async #target(folderId: Uint8Array): Promise<Target> {
    const key = toHex(folderId);
    let target = this.#targets.get(key);
    if (target === undefined) {
      await requireRoom(this.#editor, folderId);
      target = { folderId, given: new Set(), entries: new Map() };
      this.#targets.set(key, target);
    }
    return target;
  }
}

/** Takes several of one folder to another listing, without any check of names. */
export async function relocateAll(
  editor: VolumeEditor,
  parentId: Uint8Array,
  { folderId, entries }: { readonly folderId: Uint8Array; readonly entries: readonly Entry[] },
): Promise<void> {
  const childIds = entries.map(({ childId }) => childId);
  await editor.removeEntries(parentId, childIds);
  await editor.addEntries(folderId, entries);
  for (const { type, childId } of entries) if (type === ENTRY_TYPE.folder) await editor.setParent(childId, folderId);
}

/** The entries of many items, in their order; a failure is a value: NotFoundError, NewerVersionError. */
export async function entriesOf(editor: VolumeEditor, refs: readonly ItemRef[]): Promise<Outcome<Entry>[]> {
  const found: Outcome<Entry>[] = [];
  const indexed = refs.map((ref, index) => ({ ...ref, index }));
  for (const siblings of Map.groupBy(indexed, ({ parentId }) => toHex(parentId)).values()) {
    const { parentId } = siblings[0] as ItemRef;
    const childIds = siblings.map(({ childId }) => childId);
    const entries = editor.hasFolder(parentId) ? await editor.findChildren(parentId, childIds) : [];
    for (const [at, { index }] of siblings.entries()) {
      const entry = entries[at];
      if (entry === undefined) found[index] = { error: new NotFoundError() };
      else found[index] = isKnownType(entry) ? { value: entry } : { error: new NewerVersionError() };
    }
  }
  return found;
}

/** The folder and the way up from it, as it will be. Throws IntoItselfError where folders lie in each other. */
async function foldersAbove(
  editor: VolumeEditor,
  folderId: Uint8Array,
  parents: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<ReadonlySet<string>> {
  const above = new Set<string>();
  for (let at: Uint8Array | null | undefined = folderId; at; ) {
    const key = toHex(at);
    if (above.has(key)) throw new IntoItselfError();
    above.add(key);
    at = parents.get(key) ?? (editor.hasFolder(at) ? await editor.parentOf(at) : undefined);
  }
  return above;
}

/** Follows the parents from a folder to the root. Throws IntoItselfError when they pass through `ancestor`. */
export async function requireNotInside(
  editor: VolumeEditor,
  folderId: Uint8Array,
  ancestor: Uint8Array,
): Promise<void> {
  if ((await foldersAbove(editor, folderId)).has(toHex(ancestor))) throw new IntoItselfError();
}
