import { equalBytes } from "@excalibur/core/bytes";
import {
  displayNames,
  ENTRY_TYPE,
  type Entry,
  type Folder,
  isKnownType,
  type Volume,
  type VolumeReader,
} from "../volumes/index.ts";
import { NotAFolderError, NotFoundError } from "./errors.ts";
import { parsePath } from "./paths.ts";
import type { Item, ItemRef, ItemType, Listing, WalkedDamage, WalkedItem } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

export function typeOf(entry: Entry): ItemType {
  if (!isKnownType(entry)) return "unknown";
  // What is mounted is a folder to people, or a file: `entry.mount` says that it is another volume's.
  return entry.type === ENTRY_TYPE.file || entry.mount?.singleFile ? "file" : "folder";
}

/** A folder's entries as items; names that stand twice are told apart. `shown`: names that earlier parts of it were given. */
export function toItems(folder: Pick<Folder, "nodeId" | "entries">, shown?: Set<string>): Item[] {
  const names = displayNames(folder.entries, shown);
  return folder.entries.map((entry, index) => ({
    parentId: folder.nodeId,
    childId: entry.childId,
    type: typeOf(entry),
    name: names[index] ?? entry.name,
    createdMs: entry.createdMs,
    modifiedMs: entry.modifiedMs,
    entry,
  }));
}

export async function listFolder(reader: VolumeReader, nodeId: Uint8Array, options: Options = {}): Promise<Listing> {
  return toListing(await reader.readFolder(nodeId, options));
}

function toListing(folder: Folder): Listing {
  return { items: toItems(folder), damage: folder.damage.map(({ cause }) => cause) };
}

/** Items part by part, each once; then, returned, the whole, in which a number behind a name may be another. */
export async function* listParts(
  volume: Volume,
  nodeId: Uint8Array,
  options: Options,
): AsyncGenerator<readonly Item[], Listing> {
  const shown = new Set<string>();
  const parts = volume.readParts(nodeId, options);
  for (;;) {
    const { done, value } = await parts.next();
    if (done) return toListing(value);
    yield toItems({ nodeId, entries: value }, shown);
  }
}

/**
 * The item at a path; null for the root. Throws NotFoundError, NotAFolderError, or the damage that may hide the name.
 */
export async function resolvePath(
  path: string,
  {
    rootId,
    list,
    reveal,
  }: {
    readonly rootId: Uint8Array;
    readonly list: (folderId: Uint8Array) => Promise<Listing>;
    /** What an item is that stands for something else. */
    readonly reveal: (item: Item) => Promise<Item>;
  },
): Promise<Item | null> {
  let item: Item | null = null;
  for (const [index, part] of parsePath(path).entries()) {
    if (item !== null && item.type !== "folder") throw new NotAFolderError();
    const { items, damage } = await list(item?.childId ?? rootId);
    const found = items.find((each) => each.name === part);
    if (found === undefined) {
      // The name may stand on the part that cannot be read: that is not the same as not being there.
      if (damage.length > 0) throw damage[0];
      throw new NotFoundError({ foundParts: index });
    }
    item = await reveal(found);
  }
  return item;
}

/** Every item below a folder of its volume, parents before children, a level at a time; damage is yielded where it lies. */
export async function* walk(
  volume: Volume,
  nodeId: Uint8Array,
  options: Options = {},
): AsyncGenerator<WalkedItem | WalkedDamage> {
  const seen = new Set<string>();
  let level = [{ nodeId, path: "" }];
  while (level.length > 0) {
    await volume.prefetch(
      level.map((each) => each.nodeId),
      options,
    );
    const next: typeof level = [];
    for (const folder of level) {
      options.signal?.throwIfAborted();
      const { items, damage } = await readOrDamage(volume, folder.nodeId, options);
      for (const cause of damage) yield { path: folder.path, cause };
      for (const item of items) {
        const path = folder.path === "" ? item.name : `${folder.path}/${item.name}`;
        yield { path, item };
        const key = item.childId.join();
        // A listing that leads back to a folder already seen is damage of one writer, not a reason to walk for ever.
        if (item.type !== "folder" || item.entry.mount !== undefined || seen.has(key)) continue;
        seen.add(key);
        next.push({ nodeId: item.childId, path });
      }
    }
    level = next;
  }
}

async function readOrDamage(volume: Volume, nodeId: Uint8Array, options: Options): Promise<Listing> {
  try {
    return await listFolder(volume, nodeId, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    // One folder that cannot be read leaves the others readable.
    return { items: [], damage: [cause] };
  }
}

export function isDamage(walked: WalkedItem | WalkedDamage): walked is WalkedDamage {
  return "cause" in walked;
}

/** The item where the reference says, on the newest state; NotFoundError when it was moved or removed meanwhile. */
export async function findItem(reader: VolumeReader, ref: ItemRef): Promise<Item> {
  if (!reader.hasFolder(ref.parentId)) throw new NotFoundError();
  const { items } = await listFolder(reader, ref.parentId);
  const item = items.find((each) => equalBytes(each.childId, ref.childId));
  if (item === undefined) throw new NotFoundError();
  return item;
}

export async function trashFolderId(reader: VolumeReader, rootId: Uint8Array): Promise<Uint8Array> {
  const { attributes, damage } = await reader.readFolder(rootId);
  if (attributes?.trashNodeId) return attributes.trashNodeId;
  throw damage[0]?.cause ?? new NotFoundError();
}
