import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { isViolation, type Thumbnail } from "@excalibur/sdk";
import { transfer } from "comlink";
import { failureOf } from "./failure.ts";
import type { RoomsHolder } from "./rooms.ts";
import type { EngineFailure } from "./types.ts";

/** Draws a small picture of a file, where this browser can: only a page can play a film and draw a PDF file. */
export type ThumbnailMaker = (file: File) => Promise<Uint8Array | undefined>;

/** failures: of pictures that were altered or exchanged. What is merely not there is no news. */
export interface ThumbnailAnswer {
  readonly pictures: readonly (Uint8Array<ArrayBuffer> | undefined)[];
  readonly failures: readonly EngineFailure[];
}

/** Small pictures: made by the page when files go up, given to it when they are listed. */
export class ThumbnailDesk {
  readonly #holder: RoomsHolder;
  #make: ThumbnailMaker = async () => undefined;

  constructor(holder: RoomsHolder) {
    this.#holder = holder;
  }

  /** From now on pictures are made by this. */
  offer(make: ThumbnailMaker): void {
    this.#make = make;
  }

  make(file: File): Promise<Uint8Array | undefined> {
    return this.#make(file);
  }

  /** The pictures of items of a folder, each verified; undefined: it has none, or none that can be had now. */
  async read(parentId: string, ids: readonly string[]): Promise<ThumbnailAnswer> {
    const { files, downloads } = await this.#holder.rooms();
    const { items } = await files.list(fromBase64Url(parentId));
    const wanted = new Map(ids.map((id, index) => [id, index]));
    const found: { readonly index: number; readonly thumbnail: Thumbnail }[] = [];
    for (const { childId, entry } of items) {
      const thumbnail = entry.file?.thumbnail;
      if (thumbnail === undefined) continue;
      const index = wanted.get(toBase64Url(childId));
      if (index !== undefined) found.push({ index, thumbnail });
    }
    const outcomes = await downloads.thumbnails(found.map(({ thumbnail }) => thumbnail));
    const pictures: (Uint8Array<ArrayBuffer> | undefined)[] = ids.map(() => undefined);
    const failures: EngineFailure[] = [];
    for (const [at, outcome] of outcomes.entries()) {
      const index = found[at]?.index as number;
      if ("picture" in outcome) pictures[index] = outcome.picture.slice();
      else if (isViolation(outcome.error)) failures.push(failureOf(outcome.error));
    }
    const buffers = pictures.flatMap((picture) => (picture === undefined ? [] : [picture.buffer]));
    return transfer({ pictures, failures }, buffers);
  }
}
