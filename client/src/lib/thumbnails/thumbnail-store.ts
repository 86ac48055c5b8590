import type { EngineFailure, FileItem, Session } from "../session/index.ts";
import { factsOfPicture } from "../viewing/size-of-picture.ts";
import { canHaveThumbnail } from "../viewing/view-kind.ts";

/** Addresses of pictures that are remembered: some screens of tiles. */
const REMEMBERED = 600;
/** Pictures of one question. */
const TOGETHER = 48;
/** Small pictures are small; whoever wrote a larger one into an entry is not decoded. */
const LARGEST_PX = 1024;

type Listed = Pick<FileItem, "type" | "name" | "parentId" | "id" | "modifiedMs" | "thumbnailId" | "found">;

/** Names the picture; what was found anywhere in the drive does not say whether it has one. undefined: it has none. */
function keyOf({ type, name, id, modifiedMs, thumbnailId, found }: Listed): string | undefined {
  if (thumbnailId !== undefined || found === undefined || type !== "file") return thumbnailId;
  return canHaveThumbnail(name) ? `${id}/${modifiedMs}` : undefined;
}

/** null: there is none to be had. */
type Known = { readonly address: string | null };

export interface ThumbnailStoreOptions {
  readonly session: Session;
  readonly onFailure: (failure: EngineFailure) => void;
}

/** Small pictures of this window, asked for when they come into sight, many at a time, and forgotten when others came. */
export class ThumbnailStore {
  readonly #options: ThumbnailStoreOptions;
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, Listed>();
  readonly #listeners = new Set<() => void>();
  #isAsking = false;

  constructor(options: ThumbnailStoreOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** undefined: there is none, or it is not here yet. */
  address(item: Listed): string | undefined {
    const key = keyOf(item);
    return key === undefined ? undefined : (this.#known.get(key)?.address ?? undefined);
  }

  /** It is in sight. */
  want(item: Listed): void {
    const key = keyOf(item);
    if (key === undefined || this.#known.has(key)) return;
    this.#asked.set(key, item);
    if (!this.#isAsking) void this.#ask();
  }

  /** It went out of sight before anybody asked for it. */
  unwant(item: Listed): void {
    const key = keyOf(item);
    if (key !== undefined) this.#asked.delete(key);
  }

  /** Locked, or gone: nothing of a picture stays. */
  clear(): void {
    for (const { address } of this.#known.values()) if (address !== null) URL.revokeObjectURL(address);
    this.#known.clear();
    this.#asked.clear();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    // What comes into sight together is asked for together.
    await new Promise((resolve) => setTimeout(resolve, 0));
    while (this.#asked.size > 0) {
      const [first] = this.#asked.values();
      const some = [...this.#asked.values()].filter(({ parentId }) => parentId === first?.parentId).slice(0, TOGETHER);
      for (const item of some) this.#asked.delete(keyOf(item) as string);
      await this.#read(first?.parentId ?? "", some);
    }
    this.#isAsking = false;
  }

  async #read(parentId: string, some: readonly Listed[]): Promise<void> {
    const { session, onFailure } = this.#options;
    const ids = some.map(({ id }) => id);
    try {
      const { pictures, failures } = await session.engine.thumbnails.read(parentId, ids);
      for (const [index, item] of some.entries()) this.#keep(keyOf(item) as string, addressOf(pictures[index]));
      if (failures[0] !== undefined) onFailure(failures[0]);
    } catch {
      // Offline, or the folder went away: icons are enough, and whoever scrolls back asks again.
    }
    for (const listener of this.#listeners) listener();
  }

  #keep(key: string, address: string | null): void {
    this.#known.set(key, { address });
    for (const [eldest, old] of this.#known) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(eldest);
      if (old.address !== null) URL.revokeObjectURL(old.address);
    }
  }
}

function addressOf(picture: Uint8Array<ArrayBuffer> | undefined): string | null {
  const facts = picture && factsOfPicture(picture);
  if (picture === undefined || facts === undefined) return null;
  if (facts.width > LARGEST_PX || facts.height > LARGEST_PX) return null;
  return URL.createObjectURL(new Blob([picture], { type: facts.mediaType }));
}
