import { toBase64Url } from "@excalibur/core/bytes";
import type { Drive, FoundItem, Question } from "@excalibur/sdk";
import { kindOf } from "../../files/kind-of.ts";
import { failureOf } from "./failure.ts";
import type { FoundSource } from "./listings.ts";
import type { FileItem, FindQuery, FoundPlace, ListOrder } from "./types.ts";

/** More answers nobody looks through: the page says how many there are. */
const MOST = 10_000;
const MOST_RECENT = 200;

interface Progress {
  readonly done: number;
  readonly total: number;
}

/** What is found anywhere in the drive, as something that can be listed. */
export class Finder {
  readonly #onProgress: (progress: Progress) => void;
  #reading = new AbortController();

  constructor(onProgress: (progress: Progress) => void) {
    this.#onProgress = onProgress;
  }

  /** Listings that are not known yet are read first; stopped, it answers from those that are. */
  async read({ search, stars }: Drive, place: FoundPlace, order: ListOrder): Promise<FoundSource> {
    const question = questionOf(place, { order, starred: () => stars.ids() });
    const { signal } = this.#reading;
    try {
      await search.update({ signal, onProgress: this.#onProgress });
    } catch (error) {
      // Without the server, from what this device has read before.
      if (!signal.aborted && failureOf(error).code !== "network") throw error;
    }
    const { items, total, unread } = await search.findKnown(question);
    const folderId = typeof place === "string" ? place : `find ${JSON.stringify(place.find)}`;
    return { folderId, path: [], found: items.map(present), total, isDamaged: unread > 0 };
  }

  stop(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
  }
}

function questionOf(
  place: FoundPlace,
  { order, starred }: { readonly order: ListOrder; readonly starred: () => string[] },
): Question {
  if (place === "starred") return { ids: new Set(starred()), order, limit: MOST };
  if (place === "recent") return { accepts: (type) => type === "file", order, limit: MOST_RECENT };
  const { kind, ...rest }: FindQuery = place.find;
  const accepts = kind && ((type: FileItem["type"], name: string) => kindOf({ type, name }) === kind);
  return { ...rest, accepts, order, limit: MOST };
}

function present({ parentId, childId, path, changedMs, isMount, role, ...item }: FoundItem): FileItem {
  return {
    ...item,
    parentId: toBase64Url(parentId),
    id: toBase64Url(childId),
    ...(isMount ? { isShared: true } : {}),
    found: {
      place: `/${path.map(({ name }) => name).join("/")}`,
      changedMs,
      ...(role === undefined ? {} : { role }),
    },
  };
}
