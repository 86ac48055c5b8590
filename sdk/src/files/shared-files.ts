/**
 * [Note: A file that is a volume]
 * Sharing a file makes a volume of it alone (decision 0066). Where it is mounted people see the file: its name and its place
 * are those of the mount, and everything else is what the one entry inside says. So an item of such a file carries the entry
 * inside under the id and the name of the mount; what is about the place acts on the mount like on any other, and what is
 * about the contents goes to the entry inside. A volume that lists anything else than one file is shown as the folder it is.
 */

import { equalBytes, toHex } from "@excalibur/core/bytes";
import { Limiter } from "../concurrency/index.ts";
import type { MountedVolumes } from "../mounts/index.ts";
import { NetworkError } from "../ports/index.ts";
import type { Entry, FileContent, Volume } from "../volumes/index.ts";
import { type FileDraft, ListedInsideError, type PutFile } from "./file-changes.ts";
import { findIn } from "./places.ts";
import { findItem } from "./reading.ts";
import { isFile } from "./tree-changes.ts";
import type { Item, ItemRef } from "./types.ts";
import { replaceContent } from "./versions.ts";

/** Volumes that a listing opens at once. */
const OPENED_AT_ONCE = 8;
/** Without a connection a listing does not wait for each of them time and again. */
const ASKED_AGAIN_MS = 10_000;

export type FileEntry = Entry & { readonly file: FileContent };

/** The only thing that a volume lists, if that is a file. Throws the damage of its listing. */
export async function soleFileOf(volume: Volume): Promise<FileEntry | undefined> {
  const { entries, damage } = await volume.readFolder(volume.volumeId);
  if (damage[0]) throw damage[0].cause;
  const [only, ...others] = entries;
  return only !== undefined && others.length === 0 && isFile(only) ? only : undefined;
}

interface Inside {
  readonly volume: Volume;
  readonly sole: FileEntry;
}

/** What a mount of a file leads to; undefined: it is no mount of a file, or not only a file is there. Throws what `follow` does. */
async function lookInside(
  volumes: MountedVolumes,
  outer: Volume,
  { parentId, entry: { childId, mount } }: Pick<Item, "parentId" | "entry">,
): Promise<Inside | undefined> {
  if (!mount?.singleFile) return undefined;
  const volume = await volumes.follow({ ...mount, outer, parentId, childId });
  const sole = await soleFileOf(volume);
  return sole && { volume, sole };
}

/** Where the contents of an item are listed: for a file that is shared inside of its own volume. Throws NotFoundError. */
export async function findContents(
  volumes: MountedVolumes,
  ref: ItemRef,
): Promise<{ readonly volume: Volume; readonly ref: ItemRef }> {
  const at = await findIn(volumes, ref);
  const inside = await lookInside(volumes, at.volume, await findItem(at.volume, at.ref));
  if (inside === undefined) return at;
  return { volume: inside.volume, ref: { parentId: inside.volume.volumeId, childId: inside.sole.childId } };
}

/** Puts what was to take the place of a file that is shared into that file. Gives any other outcome as it is. */
export async function replaceInside(
  volumes: MountedVolumes,
  outer: Volume,
  {
    outcome,
    draft,
    nowMs,
    ...options
  }: {
    readonly outcome: { readonly put: PutFile } | { readonly error: unknown };
    readonly draft: FileDraft;
    readonly nowMs: number;
    readonly signal?: AbortSignal;
  },
): Promise<{ readonly put: PutFile } | { readonly error: unknown }> {
  if (!("error" in outcome && outcome.error instanceof ListedInsideError)) return outcome;
  const { entry } = outcome.error;
  const { folderId: parentId, content, modifiedMs } = draft;
  try {
    const inside = await lookInside(volumes, outer, { parentId, entry });
    if (inside === undefined) return outcome;
    const { volume, sole } = inside;
    const ref = { parentId: volume.volumeId, childId: sole.childId };
    await volume.change((editor) => replaceContent(editor, ref, { content, modifiedMs, nowMs }), options);
    return { put: { childId: entry.childId, name: entry.name, replaced: true } };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { error };
  }
}

/** Shows files that are shared as files. */
export class SharedFiles {
  readonly #volumes: MountedVolumes;
  readonly #nowMs: () => number;
  readonly #limiter = new Limiter(OPENED_AT_ONCE);
  /** One entry inside and one mount always give the same entry: whoever remembers items by theirs finds them again. */
  readonly #shown = new WeakMap<Entry, FileEntry>();
  /** By volumeId, in hex. */
  readonly #unreached = new Map<string, { readonly problem: NetworkError; readonly untilMs: number }>();

  constructor(volumes: MountedVolumes, nowMs: () => number) {
    this.#volumes = volumes;
    this.#nowMs = nowMs;
  }

  async revealAll(outer: Volume, items: readonly Item[]): Promise<readonly Item[]> {
    if (!items.some(({ entry }) => entry.mount?.singleFile)) return items;
    return await Promise.all(items.map((item) => this.reveal(outer, item)));
  }

  /** Any other item as it is. What cannot be opened stays a file, and says why. */
  async reveal(outer: Volume, item: Item): Promise<Item> {
    const { mount } = item.entry;
    if (!mount?.singleFile) return item;
    try {
      const inside = await this.#limiter.run(() => this.#look(outer, item, mount.volumeId));
      if (inside === undefined) return { ...item, type: "folder" };
      const { createdMs, modifiedMs } = inside.sole;
      return { ...item, type: "file", createdMs, modifiedMs, entry: this.#entryOf(item.entry, inside.sole) };
    } catch (problem) {
      return { ...item, type: "file", problem };
    }
  }

  async #look(outer: Volume, item: Item, volumeId: Uint8Array): Promise<Inside | undefined> {
    const key = toHex(volumeId);
    const unreached = this.#unreached.get(key);
    const isOpen = this.#volumes.opened.some((each) => equalBytes(each.volumeId, volumeId));
    if (!isOpen && unreached !== undefined && unreached.untilMs > this.#nowMs()) throw unreached.problem;
    try {
      return await lookInside(this.#volumes, outer, item);
    } catch (problem) {
      if (problem instanceof NetworkError)
        this.#unreached.set(key, { problem, untilMs: this.#nowMs() + ASKED_AGAIN_MS });
      throw problem;
    }
  }

  #entryOf({ childId, name, mount }: Entry, sole: FileEntry): FileEntry {
    const known = this.#shown.get(sole);
    if (known?.name === name && equalBytes(known.childId, childId)) return known;
    const shown = { ...sole, childId, name, ...(mount && { mount }) };
    this.#shown.set(sole, shown);
    return shown;
  }
}
