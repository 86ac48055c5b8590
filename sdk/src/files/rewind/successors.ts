/**
 * [Note: What was shared meanwhile]
 * Sharing takes a folder, or a file, out of a volume and puts a mount in its place, and the end of a sharing does the reverse; both make new
 * ids. What an entry has become is told by what they leave as it was: its kind, when and by whom it was added, and its
 * name and place, of which only one can have changed since to be told; several that could be the same are none. A copy is never taken
 * for it: copies are added when they are made.
 */

import { toHex } from "@excalibur/core/bytes";
import { ENTRY_TYPE, type Entry, isKnownType, type VolumeReader } from "../../volumes/index.ts";
import { typeOf } from "../reading.ts";

/** An entry and the folder that lists it. */
export interface Listed {
  readonly parentId: Uint8Array;
  readonly entry: Entry;
}

/** By the hex of childIds. */
export type Listings = ReadonlyMap<string, Listed>;

type Mark = (listed: Listed) => string;

/** Tried one after the other. */
const MARKS: readonly Mark[] = [
  (listed) => `${originOf(listed)} ${toHex(listed.parentId)} ${listed.entry.name}`,
  (listed) => `${originOf(listed)} ${listed.entry.name}`,
  (listed) => `${originOf(listed)} ${toHex(listed.parentId)}`,
];

export class Successors {
  readonly #then: Listings;
  readonly #found = new Map<string, Listed>();
  readonly #standing = new Set<string>();

  /** `stands`: whether what an entry of either moment names is there now. */
  constructor(then: Listings, now: Listings, stands: (entry: Entry) => boolean) {
    this.#then = then;
    const gone = [...then.values()].filter(({ entry }) => isKnownType(entry) && !stands(entry));
    const fresh = [...now].filter(([key, { entry }]) => !then.has(key) && stands(entry)).map(([, listed]) => listed);
    const [mounts, plain] = [fresh.filter(isMount), fresh.filter((listed) => !isMount(listed))];
    this.#pair(gone.filter(isMount), mounts, ({ entry }) => entry.mount && toHex(entry.mount.volumeId));
    for (const mark of MARKS) this.#pair(gone, mounts, mark);
    for (const mark of MARKS) this.#pair(gone.filter(isMount), plain, mark);
  }

  /** What stands for an entry that is gone. */
  of({ childId }: Entry): Listed | undefined {
    return this.#found.get(toHex(childId));
  }

  /** Whether a folder of then is in, or is, what has become another entry, which now stands for all of it. */
  hasTaken(nodeId: Uint8Array): boolean {
    const climbed = new Set<string>();
    for (let key = toHex(nodeId); !climbed.has(key); ) {
      if (this.#found.has(key)) return true;
      climbed.add(key);
      const listed = this.#then.get(key);
      if (listed === undefined) return false;
      key = toHex(listed.parentId);
    }
    return false;
  }

  /** Whether an entry of now stands for one that is gone. */
  isOne({ childId }: Entry): boolean {
    return this.#standing.has(toHex(childId));
  }

  #pair(gone: readonly Listed[], fresh: readonly Listed[], mark: (listed: Listed) => string | undefined): void {
    const left = gone.filter((each) => this.of(each.entry) === undefined && !this.hasTaken(each.parentId));
    const free = fresh.filter(({ entry }) => !this.isOne(entry));
    const candidates = Map.groupBy(free, mark);
    for (const [what, [was, ...more]] of Map.groupBy(left, mark)) {
      const [is, ...others] = candidates.get(what) ?? [];
      if (!was || !is || more.length > 0 || others.length > 0) continue;
      this.#found.set(toHex(was.entry.childId), is);
      this.#standing.add(toHex(is.entry.childId));
    }
  }
}

/** Whether an entry, or something below it that is not among `moved` (hex of childIds), leads into another volume. */
export async function leadsElsewhere(reader: VolumeReader, entry: Entry, moved: ReadonlySet<string>): Promise<boolean> {
  if (entry.mount !== undefined) return true;
  if (entry.type !== ENTRY_TYPE.folder || !reader.hasFolder(entry.childId)) return false;
  const { entries } = await reader.readFolder(entry.childId);
  for (const each of entries) {
    if (!moved.has(toHex(each.childId)) && (await leadsElsewhere(reader, each, moved))) return true;
  }
  return false;
}

function isMount({ entry }: Listed): boolean {
  return entry.type === ENTRY_TYPE.mount;
}

/** What sharing something, and the end of it, leave as it was. */
function originOf({ entry }: Listed): string {
  return `${typeOf(entry)} ${entry.createdMs} ${toHex(entry.addedBy)}`;
}
