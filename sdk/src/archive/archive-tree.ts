import { toHex } from "@excalibur/core/bytes";
import { type Files, type Item, isDamage, NewerVersionError, NotFoundError } from "../files/index.ts";
import { assignLocalNames, EVERYWHERE } from "../local-names/index.ts";
import type { FileContent } from "../volumes/index.ts";
import type { ArchiveContents } from "./types.ts";

/** A folder, or a file with its content, and what it is called in the archive. */
export interface Placed {
  /** In the archive: names that every system holds. */
  readonly path: string;
  /** On the drive, from where the archive begins. */
  readonly drivePath: string;
  readonly modifiedMs: number;
  /** undefined: a folder. */
  readonly file: FileContent | undefined;
}

/** A part of the drive that could not be read. */
export interface Unplaced {
  readonly drivePath: string;
  readonly cause: unknown;
}

type Options = { readonly signal: AbortSignal };

type Place = Pick<Placed, "path" | "drivePath">;

/** Siblings with their places. */
type PlacedItem = Place & { readonly item: Item };

/**
 * Everything that the archive holds, folders before what is in them. Siblings get names that are different wherever they
 * are unpacked. What cannot be read is given as such: it is for the caller to end there.
 */
export async function* placeAll(
  files: Pick<Files, "walk">,
  { items, folders = [] }: ArchiveContents,
  { signal }: Options,
): AsyncGenerator<Placed | Unplaced> {
  const names = assignLocalNames(
    [...items, ...folders].map(({ name }) => name),
    EVERYWHERE,
  );
  const nameAt = (index: number): string => (names[index] as (typeof names)[number]).name;
  const top: PlacedItem[] = items.map((item, index) => ({ item, path: nameAt(index), drivePath: item.name }));
  yield* withAllBelow(files, top, { signal });
  for (const [index, folder] of folders.entries()) {
    const path = nameAt(items.length + index);
    const place = { path, drivePath: folder.name };
    yield { ...place, modifiedMs: folder.modifiedMs, file: undefined };
    yield* withAllBelow(files, placeIn(place, folder.items), { signal });
  }
}

async function* withAllBelow(
  files: Pick<Files, "walk">,
  placed: readonly PlacedItem[],
  options: Options,
): AsyncGenerator<Placed | Unplaced> {
  for (const each of placed) yield knownOrNot(each);
  for (const { item, ...place } of placed) {
    if (item.type === "folder") yield* below(files, item, { ...options, place });
  }
}

async function* below(
  files: Pick<Files, "walk">,
  top: Item,
  { place, signal }: Options & { readonly place: Place },
): AsyncGenerator<Placed | Unplaced> {
  // One folder may be mounted in two places, which are walked in the order in which they were met.
  const places = new Map([[contentsId(top), [place]]]);
  let siblings: Item[] = [];
  const placeSiblings = (): PlacedItem[] => {
    const [first] = siblings;
    if (first === undefined) return [];
    const id = toHex(first.parentId);
    const [parent, ...others] = places.get(id) ?? [];
    if (parent === undefined) throw new NotFoundError();
    const placed = placeIn(parent, siblings);
    siblings = [];
    // Each folder is met once: let go of it.
    if (others.length > 0) places.set(id, others);
    else places.delete(id);
    for (const { item, ...at } of placed) {
      if (item.type === "folder") places.set(contentsId(item), [...(places.get(contentsId(item)) ?? []), at]);
    }
    return placed;
  };
  // A walk gives a folder's items one after the other, and a folder before what is in it.
  for await (const walked of files.walk(top.childId, { signal })) {
    if (isDamage(walked)) {
      yield { drivePath: joined(place.drivePath, walked.path), cause: walked.cause };
      return;
    }
    const [first] = siblings;
    if (first !== undefined && toHex(first.parentId) !== toHex(walked.item.parentId)) {
      for (const each of placeSiblings()) yield knownOrNot(each);
    }
    siblings.push(walked.item);
  }
  for (const each of placeSiblings()) yield knownOrNot(each);
}

/** What the items in a folder call their parent: of one that is mounted, the root of its own volume. */
function contentsId({ childId, entry: { mount } }: Item): string {
  return toHex(mount?.volumeId ?? childId);
}

function placeIn(parent: Place, items: readonly Item[]): PlacedItem[] {
  const names = assignLocalNames(
    items.map(({ name }) => name),
    EVERYWHERE,
  );
  return items.map((item, index) => ({
    item,
    path: `${parent.path}/${names[index]?.name}`,
    drivePath: joined(parent.drivePath, item.name),
  }));
}

/** What this version does not know it cannot take along. */
function knownOrNot({ item: { type, entry, modifiedMs, problem }, path, drivePath }: PlacedItem): Placed | Unplaced {
  const { file } = entry;
  if (type === "folder") return { path, drivePath, modifiedMs, file: undefined };
  if (type === "file" && file !== undefined) return { path, drivePath, modifiedMs, file };
  return { drivePath, cause: problem ?? new NewerVersionError() };
}

function joined(path: string, name: string): string {
  return name === "" ? path : `${path}/${name}`;
}
