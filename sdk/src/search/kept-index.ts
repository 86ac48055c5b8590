import { ByteReader, ByteWriter, FormatError, toBase64Url } from "@excalibur/core/bytes";
import type { SealedNotes } from "../upload/types.ts";
import { IndexedPage, type PageName } from "./indexed-page.ts";
import type { PageTable } from "./page-table.ts";

/**
 * [Note: What is kept of an index]
 * Sealed notes on this device, so that the next start need not open every page again. They stand in parts, by place, so
 * that a change rewrites a part and not all; and a drive so small that reading it again costs nothing keeps none. A page is
 * used only if its hash is the one that the verified state names, so what is kept can be old or missing, never wrong.
 */
const PARTS = 32;
const FORMAT = 2;
/** Fewer pages read than this, and less than a hundredth of all, are read again the next time instead. */
const WORTH_KEEPING = 32;

export class KeptIndex {
  readonly #notes: SealedNotes;
  readonly #prefix: string;
  readonly #changed = new Set<number>();
  #unkept = 0;

  constructor(notes: SealedNotes, volumeId: Uint8Array) {
    this.#notes = notes;
    this.#prefix = `search/${toBase64Url(volumeId)}`;
  }

  /** Every page that was kept, whether it still stands or not. */
  async *read(): AsyncGenerator<IndexedPage> {
    for (let part = 0; part < PARTS; part++) {
      const note = await this.#notes.get(`${this.#prefix}/${part}`);
      if (note !== undefined) yield* pagesOf(note);
    }
  }

  /** The page was read or has gone. */
  note(page: PageName): void {
    this.#changed.add(partOf(page));
    this.#unkept += 1;
  }

  /** Nothing of it stays on this device. */
  async drop(): Promise<void> {
    await this.#notes.delete(Array.from({ length: PARTS }, (_, part) => `${this.#prefix}/${part}`));
  }

  async keep(table: PageTable): Promise<void> {
    if (this.#unkept < WORTH_KEEPING || this.#unkept * 100 < table.size) return;
    const writers = new Map([...this.#changed].map((part) => [part, new ByteWriter(4096).u8(FORMAT)]));
    for (const page of table.pages()) {
      const writer = writers.get(partOf(page));
      if (writer !== undefined) page.write(writer);
    }
    for (const [part, writer] of writers) await this.#notes.put(`${this.#prefix}/${part}`, writer.finish());
    this.#changed.clear();
    this.#unkept = 0;
  }
}

function* pagesOf(note: Uint8Array): Generator<IndexedPage> {
  const reader = new ByteReader(note, "kept index");
  try {
    if (reader.u8() !== FORMAT) return;
    while (reader.remaining > 0) yield IndexedPage.read(reader);
  } catch (error) {
    // Only this program of another version writes something else: the pages are read again.
    if (!(error instanceof FormatError)) throw error;
  }
}

/** Pages of one large folder are spread by their place in it, folders by their id. */
function partOf({ nodeId, bits }: PageName): number {
  return ((nodeId[0] as number) ^ (bits >>> 11)) % PARTS;
}
