import { type ByteReader, type ByteWriter, equalBytes, readUint, utf8Decode, utf8Encode } from "@excalibur/core/bytes";
import type { ItemType } from "../files/types.ts";
import { ENTRY_TYPE, type Entry, type Mount, type PageContent } from "../volumes/index.ts";
import { fold } from "./fold.ts";

/**
 * [Note: An index of half a million names]
 * A page of a listing becomes three things: its names in one text, the same folded in another, and a row of 48 bytes for
 * each entry. Nothing is an object of its own, so that a drive of 500 000 entries takes about 60 MiB, and a word is looked for
 * in a whole page at once. A row: childId 16, type 1, then from 24 on modified, changed and size (8 each); the ends of its
 * names are kept beside.
 */
const ROW_BYTES = 48;
const MODIFIED_AT = 24;
const CHANGED_AT = 32;
const SIZE_AT = 40;
/** Between folded names, where no word matches across. */
const GAP = "\n";

/** Beside the types of entries: a mount that stands for a file. */
const FILE_MOUNT = 3;
/** By the type of the entry; what is mounted is a folder to people, or a file. */
const TYPES: readonly ItemType[] = ["folder", "file", "folder", "file"];
const UNKNOWN_TYPE = 255;

/** Which page of the state it is, and by its hash: which version of it. */
export interface PageName {
  readonly nodeId: Uint8Array;
  readonly bits: number;
  readonly bitsLength: number;
  readonly recordHash: Uint8Array;
}

/** An entry of a page that leads into another volume. */
export interface PageMount extends Mount {
  readonly index: number;
}

/** What a search knows of one page. */
export class IndexedPage implements PageName {
  readonly nodeId: Uint8Array;
  readonly bits: number;
  readonly bitsLength: number;
  readonly recordHash: Uint8Array;
  /** The folder above, null of the root; undefined on all but the first page of a folder. */
  readonly parentId: Uint8Array | null | undefined;
  readonly count: number;
  readonly mounts: readonly PageMount[];
  readonly #rows: DataView;
  readonly #names: string;
  readonly #nameEnds: Uint32Array;
  readonly #folded: string;
  readonly #foldedEnds: Uint32Array;

  private constructor(name: PageName, parentId: Uint8Array | null | undefined, packed: Packed) {
    this.nodeId = name.nodeId;
    this.bits = name.bits;
    this.bitsLength = name.bitsLength;
    this.recordHash = name.recordHash;
    this.parentId = parentId;
    this.count = packed.names.length;
    this.mounts = packed.mounts.map((mount) =>
      packed.rows[mount.index * ROW_BYTES + 16] === FILE_MOUNT ? { ...mount, singleFile: true } : mount,
    );
    this.#rows = new DataView(packed.rows.buffer, packed.rows.byteOffset, packed.rows.byteLength);
    this.#nameEnds = new Uint32Array(this.count);
    this.#foldedEnds = new Uint32Array(this.count);
    let [names, folded] = ["", ""];
    for (const [index, each] of packed.names.entries()) {
      names += each;
      folded += fold(each) + GAP;
      this.#nameEnds[index] = names.length;
      this.#foldedEnds[index] = folded.length;
    }
    this.#names = names;
    this.#folded = folded;
  }

  static of({ nodeId, bits, bitsLength, recordHash }: PageName, { entries, folder }: PageContent): IndexedPage {
    const rows = new Uint8Array(entries.length * ROW_BYTES);
    const view = new DataView(rows.buffer);
    for (const [index, entry] of entries.entries()) writeRow(rows, view, { entry, at: index * ROW_BYTES });
    const name = { nodeId, bits, bitsLength, recordHash };
    const mounts = entries.flatMap(({ mount }, index) => (mount === undefined ? [] : [{ ...mount, index }]));
    return new IndexedPage(name, folder?.parentNodeId, { rows, names: entries.map((entry) => entry.name), mounts });
  }

  /** Of a kept index. Throws FormatError. */
  static read(reader: ByteReader): IndexedPage {
    const nodeId = reader.bytes(16).slice();
    const [bits, bitsLength] = [reader.u16(), reader.u8()];
    const recordHash = reader.bytes(32).slice();
    const kind = reader.u8();
    const parentId = kind === 2 ? reader.bytes(16).slice() : kind === 1 ? null : undefined;
    const count = reader.u32();
    const rows = reader.bytes(count * ROW_BYTES).slice();
    const nameBytes = Array.from({ length: count }, () => reader.u16());
    const names = nameBytes.map((length) => utf8Decode(reader.bytes(length)));
    const mounts = Array.from({ length: reader.u16() }, () => ({
      index: reader.u32(),
      volumeId: reader.bytes(16).slice(),
      genesisCommitHash: reader.bytes(32).slice(),
    }));
    return new IndexedPage({ nodeId, bits, bitsLength, recordHash }, parentId, { rows, names, mounts });
  }

  write(writer: ByteWriter): void {
    writer.bytes(this.nodeId).u16(this.bits).u8(this.bitsLength).bytes(this.recordHash);
    if (this.parentId === undefined) writer.u8(0);
    else if (this.parentId === null) writer.u8(1);
    else writer.u8(2).bytes(this.parentId);
    const { buffer, byteOffset, byteLength } = this.#rows;
    writer.u32(this.count).bytes(new Uint8Array(buffer, byteOffset, byteLength));
    const names = Array.from({ length: this.count }, (_, index) => utf8Encode(this.nameAt(index)));
    for (const { length } of names) writer.u16(length);
    for (const name of names) writer.bytes(name);
    writer.u16(this.mounts.length);
    for (const { index, volumeId, genesisCommitHash } of this.mounts)
      writer.u32(index).bytes(volumeId).bytes(genesisCommitHash);
  }

  idAt(index: number): Uint8Array {
    const { buffer, byteOffset } = this.#rows;
    return new Uint8Array(buffer, byteOffset + index * ROW_BYTES, 16);
  }

  /** The first four bytes of the id, as a number: told apart quicker than the whole. */
  idHeadAt(index: number): number {
    return this.#rows.getUint32(index * ROW_BYTES);
  }

  nameAt(index: number): string {
    return this.#names.slice(index === 0 ? 0 : this.#nameEnds[index - 1], this.#nameEnds[index]);
  }

  typeAt(index: number): ItemType {
    return TYPES[this.#rows.getUint8(index * ROW_BYTES + 16)] ?? "unknown";
  }

  isMountAt(index: number): boolean {
    return this.#rows.getUint8(index * ROW_BYTES + 16) === ENTRY_TYPE.mount || this.isFileMountAt(index);
  }

  isFileMountAt(index: number): boolean {
    return this.#rows.getUint8(index * ROW_BYTES + 16) === FILE_MOUNT;
  }

  modifiedAt(index: number): number {
    return this.#rows.getFloat64(index * ROW_BYTES + MODIFIED_AT);
  }

  changedAt(index: number): number {
    return this.#rows.getFloat64(index * ROW_BYTES + CHANGED_AT);
  }

  /** Bytes of a file; of anything else undefined. */
  sizeAt(index: number): number | undefined {
    const sizeBytes = this.#rows.getFloat64(index * ROW_BYTES + SIZE_AT);
    return sizeBytes < 0 ? undefined : sizeBytes;
  }

  /** Where this very entry stands; -1: not on this page. */
  indexOf(childId: Uint8Array): number {
    const head = readUint(childId, 0, 4);
    for (let index = 0; index < this.count; index++) {
      if (this.idHeadAt(index) === head && equalBytes(this.idAt(index), childId)) return index;
    }
    return -1;
  }

  /** Entries whose folded name holds every word; of no words all. */
  *matching([word, ...others]: readonly string[]): Generator<number> {
    if (word === undefined) {
      for (let index = 0; index < this.count; index++) yield index;
      return;
    }
    let from = 0;
    for (;;) {
      const at = this.#folded.indexOf(word, from);
      if (at < 0) return;
      const index = this.#foldedIndex(at);
      from = this.#foldedEnds[index] as number;
      if (others.length === 0) yield index;
      else {
        const name = this.#folded.slice(index === 0 ? 0 : this.#foldedEnds[index - 1], from);
        if (others.every((other) => name.includes(other))) yield index;
      }
    }
  }

  #foldedIndex(at: number): number {
    let [low, high] = [0, this.count - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#foldedEnds[middle] as number) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

interface Packed {
  readonly rows: Uint8Array;
  readonly names: readonly string[];
  readonly mounts: readonly PageMount[];
}

function writeRow(
  rows: Uint8Array,
  view: DataView,
  { entry, at }: { readonly entry: Entry; readonly at: number },
): void {
  rows.set(entry.childId, at);
  const type = entry.mount?.singleFile ? FILE_MOUNT : entry.type;
  rows[at + 16] = type <= FILE_MOUNT && entry.type <= ENTRY_TYPE.mount ? type : UNKNOWN_TYPE;
  view.setFloat64(at + MODIFIED_AT, entry.modifiedMs);
  view.setFloat64(at + CHANGED_AT, Math.max(entry.createdMs, entry.file?.versions[0]?.replacedMs ?? 0));
  view.setFloat64(at + SIZE_AT, entry.file?.sizeBytes ?? -1);
}
