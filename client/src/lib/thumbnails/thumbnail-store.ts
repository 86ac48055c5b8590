import type { EngineFailure, FileItem, Session } from "../session/index.ts";
import { factsOfPicture } from "../viewing/size-of-picture.ts";

/** Addresses of pictures that are remembered: some screens of tiles. */
const REMEMBERED = 600;
/** Pictures of one question. */
const TOGETHER = 48;
/** Small pictures are small; whoever wrote a larger one into an entry is not decoded. */
const LARGEST_PX = 1024;

type Listed = Pick<FileItem, "parentId" | "id" | "thumbnailId">;

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
  address({ thumbnailId }: Listed): string | undefined {
    return thumbnailId === undefined ? undefined : (this.#known.get(thumbnailId)?.address ?? undefined);
  }

  /** It is in sight. */
  want(item: Listed): void {
    const { thumbnailId } = item;
    if (thumbnailId === undefined || this.#known.has(thumbnailId)) return;
    this.#asked.set(thumbnailId, item);
    if (!this.#isAsking) void this.#ask();
  }

  /** It went out of sight before anybody asked for it. */
  unwant({ thumbnailId }: Listed): void {
    if (thumbnailId !== undefined) this.#asked.delete(thumbnailId);
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
      for (const { thumbnailId } of some) this.#asked.delete(thumbnailId as string);
      await this.#read(first?.parentId ?? "", some);
    }
    this.#isAsking = false;
  }

  async #read(parentId: string, some: readonly Listed[]): Promise<void> {
    const { session, onFailure } = this.#options;
    const ids = some.map(({ id }) => id);
    try {
      const { pictures, failures } = await session.engine.thumbnails.read(parentId, ids);
      for (const [index, { thumbnailId }] of some.entries()) {
        this.#keep(thumbnailId as string, addressOf(pictures[index]));
      }
      if (failures[0] !== undefined) onFailure(failures[0]);
    } catch {
      // Offline, or the folder went away: icons are enough, and whoever scrolls back asks again.
    }
    for (const listener of this.#listeners) listener();
  }

  #keep(thumbnailId: string, address: string | null): void {
    this.#known.set(thumbnailId, { address });
    for (const [id, old] of this.#known) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(id);
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
