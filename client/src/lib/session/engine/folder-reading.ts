import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { type Item, type Listing, NotFoundError } from "@excalibur/sdk";
import type { FolderSource } from "./listings.ts";
import type { Rooms } from "./rooms.ts";
import type { PathStep } from "./types.ts";

/** A folder as far as it has been read. */
export interface FolderSoFar {
  readonly source: FolderSource;
  /** What was not there the last time; undefined: look at all of it. */
  readonly came: readonly Item[] | undefined;
}

/**
 * [Note: Rows before the whole folder]
 * Of a large folder that this device does not know yet the first pages are listed while the others are still opened. Every row
 * was verified before it is shown (sdk: [Note: A folder in parts]). The answer says that it is a part; who has it asks
 * again, and gets what came since as after any other change. Nothing is opened ahead of who asks, so drawing comes first.
 */
export class FolderReading {
  readonly #rooms: Rooms;
  readonly #nodeId: Uint8Array;
  #parts: AsyncGenerator<readonly Item[], Listing> | undefined;
  #items: Item[] = [];
  #frame: Pick<FolderSource, "folderId" | "path" | "role"> | undefined;

  /** Without an id: the root. */
  constructor(rooms: Rooms, folderId: string | undefined) {
    this.#rooms = rooms;
    this.#nodeId = folderId === undefined ? rooms.files.rootId : fromBase64Url(folderId);
  }

  /** The next part. Throws what reading the folder throws; asked once more, it begins again with what is known by then. */
  async next(): Promise<FolderSoFar> {
    const isFirst = this.#parts === undefined;
    this.#parts ??= this.#rooms.files.listParts(this.#nodeId);
    const came: Item[] = [];
    try {
      for (;;) {
        const { done, value } = await this.#parts.next();
        if (done) return { source: await this.#whole(value), came: undefined };
        // One by one: a hundred thousand are more than a call may be given.
        for (const item of value) {
          came.push(item);
          this.#items.push(item);
        }
        const frame = came.length === 0 ? undefined : await this.#framed();
        // What it lies in cannot be told: the whole will say why.
        if (frame === undefined) continue;
        const source = { ...frame, items: this.#items, isDamaged: false, isPartial: true } as const;
        return { source, came: isFirst ? undefined : came };
      }
    } catch (error) {
      [this.#parts, this.#items] = [undefined, []];
      throw error;
    }
  }

  async #whole({ items, damage }: Listing): Promise<FolderSource> {
    const frame = await this.#framed();
    // What a folder lies in stands on its own page: one that was altered does not make the folder gone.
    if (frame === undefined) throw damage[0] ?? new NotFoundError();
    return { ...frame, items, isDamaged: damage.length > 0 };
  }

  async #framed() {
    if (this.#frame !== undefined) return this.#frame;
    const { files, roleAt } = this.#rooms;
    const steps = await files.stepsTo(this.#nodeId);
    if (steps === undefined) return undefined;
    const path = [{ id: toBase64Url(files.rootId), name: "" }, ...steps.map(stepOf)];
    this.#frame = { folderId: toBase64Url(this.#nodeId), path, role: await roleAt(this.#nodeId) };
    return this.#frame;
  }
}

export function stepOf({ childId, name }: Pick<Item, "childId" | "name">): PathStep {
  return { id: toBase64Url(childId), name };
}

/** All of a folder at once. */
export async function readFolder(rooms: Rooms, folderId: string | undefined): Promise<FolderSource> {
  const reading = new FolderReading(rooms, folderId);
  for (;;) {
    const { source } = await reading.next();
    if (source.isPartial !== true) return source;
  }
}
