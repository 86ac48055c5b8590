import { ByteReader, ByteWriter, equalBytes } from "@excalibur/core/bytes";
import type { SealedNotes } from "../upload/types.ts";
import { KeptIndex } from "./kept-index.ts";

const NOTE = "search-volumes";
const ID_BYTES = 16;

/** The mounted volumes of which this device keeps names: what is to be deleted when nothing leads to them any more. */
export class KeptVolumes {
  readonly #notes: SealedNotes;

  constructor(notes: SealedNotes) {
    this.#notes = notes;
  }

  async all(): Promise<Uint8Array[]> {
    const note = await this.#notes.get(NOTE);
    if (note === undefined) return [];
    const reader = new ByteReader(note, "kept volumes");
    const ids: Uint8Array[] = [];
    while (reader.remaining >= ID_BYTES) ids.push(reader.bytes(ID_BYTES).slice());
    return ids;
  }

  /** Before anything of it is kept. */
  async note(volumeId: Uint8Array): Promise<void> {
    const ids = await this.all();
    if (!ids.some((id) => equalBytes(id, volumeId))) await this.#put([...ids, volumeId]);
  }

  /** Names of that volume do not stay on this device. */
  async drop(volumeId: Uint8Array): Promise<void> {
    const ids = await this.all();
    const others = ids.filter((id) => !equalBytes(id, volumeId));
    if (others.length === ids.length) return;
    await new KeptIndex(this.#notes, volumeId).drop();
    await this.#put(others);
  }

  async #put(ids: readonly Uint8Array[]): Promise<void> {
    const writer = new ByteWriter(ids.length * ID_BYTES);
    for (const id of ids) writer.bytes(id);
    await this.#notes.put(NOTE, writer.finish());
  }
}
