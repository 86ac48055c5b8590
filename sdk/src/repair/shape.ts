/**
 * [Note: What a tree should be]
 * Every folder but the root and the trash is listed once, by the folder that it names as its parent, and the way up leads
 * to the root or the trash. Where that does not hold: of several listings the one of the named parent counts; where that
 * one does not list it, the first other one; and what no way leads to is taken up at its top, a folder that nobody
 * lists, or of a ring the one with the lowest id.
 */

export interface ShapeFolder {
  readonly key: string;
  /** null: the root. undefined: nobody can tell. */
  readonly parentKey: string | null | undefined;
  /** Keys of the folders it lists. */
  readonly listed: readonly string[];
}

/** A line in a listing. */
export interface ShapeLine {
  readonly folderKey: string;
  readonly childKey: string;
}

export interface Shape {
  /** Where a folder belongs; the root, the trash and tops have none. */
  readonly ownerOf: ReadonlyMap<string, string>;
  /** Lines that name a folder which is no longer there. */
  readonly gone: readonly ShapeLine[];
  /** Lines that name a folder which belongs elsewhere. */
  readonly surplus: readonly ShapeLine[];
  /** Folders whose own word of their parent is not where they belong. */
  readonly wrongParent: readonly string[];
  /** Folders that begin a part which no way leads to, and the line of a ring that names one, if it is in one. */
  readonly tops: readonly { readonly key: string; readonly ringLine: ShapeLine | undefined }[];
}

export function shapeOf(
  folders: ReadonlyMap<string, ShapeFolder>,
  fixed: { readonly rootKey: string; readonly trashKey: string | undefined },
): Shape {
  const gone: ShapeLine[] = [];
  const surplus: ShapeLine[] = [];
  const wrongParent: string[] = [];
  const ownerOf = new Map<string, string>();
  const isFixed = (key: string) => key === fixed.rootKey || key === fixed.trashKey;
  for (const [childKey, owners] of linesByChild(folders)) {
    const child = folders.get(childKey);
    const owner = owners.find((key) => key === child?.parentKey) ?? owners[0];
    for (const folderKey of owners) {
      if (child === undefined) gone.push({ folderKey, childKey });
      else if (folderKey !== owner || isFixed(childKey)) surplus.push({ folderKey, childKey });
    }
    if (child === undefined || owner === undefined || isFixed(childKey)) continue;
    ownerOf.set(childKey, owner);
    if (child.parentKey !== undefined && child.parentKey !== owner) wrongParent.push(childKey);
  }
  const tops = topsOf(folders, ownerOf, isFixed);
  for (const { key } of tops) ownerOf.delete(key);
  return { ownerOf, gone, surplus, wrongParent: wrongParent.filter((key) => ownerOf.has(key)), tops };
}

/** For each listed folder, who lists it. */
function linesByChild(folders: ReadonlyMap<string, ShapeFolder>): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const { key, listed } of folders.values()) {
    for (const childKey of listed) lines.set(childKey, [...(lines.get(childKey) ?? []), key]);
  }
  return lines;
}

function topsOf(
  folders: ReadonlyMap<string, ShapeFolder>,
  ownerOf: ReadonlyMap<string, string>,
  isFixed: (key: string) => boolean,
): Shape["tops"] {
  const tops = new Map<string, ShapeLine | undefined>();
  /** Folders of which it is known whether a way leads up. */
  const settled = new Set<string>();
  for (const start of [...folders.keys()].sort()) {
    const way: string[] = [];
    let at = start;
    while (!isFixed(at) && !settled.has(at) && !way.includes(at)) {
      way.push(at);
      const owner = ownerOf.get(at);
      if (owner === undefined) break;
      at = owner;
    }
    const ring = way.includes(at) && ownerOf.has(at) ? way.slice(way.indexOf(at)) : [];
    const top = ring.length > 0 ? [...ring].sort()[0] : way.find((key) => !ownerOf.has(key));
    if (top !== undefined) {
      const folderKey = ownerOf.get(top);
      tops.set(top, folderKey === undefined ? undefined : { folderKey, childKey: top });
    }
    for (const key of way) settled.add(key);
  }
  return [...tops].map(([key, ringLine]) => ({ key, ringLine }));
}
