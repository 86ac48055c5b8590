import { type ByteReader, type Bytes, compareBytes, FormatError } from "../../bytes/index.ts";

/** How items of one fixed size are read and written. */
export interface RecordShape<T> {
  readonly sizeBytes: number;
  /** The list is sorted by, and unique in, this many first bytes. */
  readonly sortedBytes: number;
  readonly read: (item: Uint8Array) => T;
  /** Writes the item at `offset`; throws FormatError if a field has a wrong length. */
  readonly write: (item: T, target: Uint8Array, offset: number) => void;
  /** Refuses impossible items (FormatError) without making an object of each. */
  readonly check?: (bytes: Uint8Array, offset: number) => void;
}

/**
 * A list of a signed record, read in place: a commit may name a million objects, and most readers look at each once.
 */
export class RecordList<T> implements Iterable<T> {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #shape: RecordShape<T>;

  constructor(bytes: Uint8Array, shape: RecordShape<T>) {
    this.length = bytes.length / shape.sizeBytes;
    this.#bytes = bytes;
    this.#shape = shape;
  }

  /** The item at `index` (0 … length - 1); its byte fields are views into the record. */
  at(index: number): T {
    return this.#shape.read(this.itemBytes(index));
  }

  itemBytes(index: number): Uint8Array {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`The list has no item ${index}.`);
    return this.#bytes.subarray(index * this.#shape.sizeBytes, (index + 1) * this.#shape.sizeBytes);
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /** Whether no sorted part stands in both lists. */
  isDisjoint(other: RecordList<T>): boolean {
    const { sizeBytes, sortedBytes } = this.#shape;
    let i = 0;
    let j = 0;
    while (i < this.#bytes.length && j < other.#bytes.length) {
      let order = 0;
      for (let k = 0; order === 0 && k < sortedBytes; k++) {
        order = (this.#bytes[i + k] as number) - (other.#bytes[j + k] as number);
      }
      if (order === 0) return false;
      if (order < 0) i += sizeBytes;
      else j += sizeBytes;
    }
    return true;
  }

  /** The item that begins with `key` (as many bytes as the list is sorted by), or null. */
  find(key: Uint8Array): T | null {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareBytes(this.itemBytes(middle).subarray(0, this.#shape.sortedBytes), key);
      if (order === 0) return this.at(middle);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return null;
  }
}

/** n4 × item. Throws FormatError unless the sorted part grows strictly from item to item and every item is possible. */
export function readRecordList<T>(reader: ByteReader, shape: RecordShape<T>): RecordList<T> {
  const count = reader.u32();
  const bytes = reader.bytes(count * shape.sizeBytes);
  for (let offset = 0; offset < bytes.length; offset += shape.sizeBytes) {
    shape.check?.(bytes, offset);
    if (offset > 0 && !growsAt(bytes, offset, shape)) {
      throw new FormatError("A list of the record is not sorted, or names something twice.");
    }
  }
  return new RecordList(bytes, shape);
}

type Sizes = Pick<RecordShape<unknown>, "sizeBytes" | "sortedBytes">;

function growsAt(bytes: Uint8Array, offset: number, { sizeBytes, sortedBytes }: Sizes): boolean {
  for (let i = offset; i < offset + sortedBytes; i++) {
    const difference = (bytes[i] as number) - (bytes[i - sizeBytes] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Writes the items in their order, whatever order they come in: without the count, and with repetitions kept. */
export function writeRecordList<T>(items: Iterable<T>, shape: RecordShape<T>): { count: number; bytes: Bytes } {
  const { sizeBytes, sortedBytes } = shape;
  const list = [...items];
  const bytes = new Uint8Array(list.length * sizeBytes);
  for (const [i, item] of list.entries()) shape.write(item, bytes, i * sizeBytes);
  let isSorted = true;
  for (let offset = sizeBytes; isSorted && offset < bytes.length; offset += sizeBytes) {
    isSorted = growsAt(bytes, offset, shape);
  }
  if (isSorted) return { count: list.length, bytes };
  const rows = list.map((_, i) => bytes.subarray(i * sizeBytes, (i + 1) * sizeBytes));
  rows.sort((a, b) => compareBytes(a.subarray(0, sortedBytes), b.subarray(0, sortedBytes)));
  const sorted = new Uint8Array(bytes.length);
  for (const [i, row] of rows.entries()) sorted.set(row, i * sizeBytes);
  return { count: list.length, bytes: sorted };
}

/** Writes a field of fixed length into a record. Throws FormatError for another length. */
export function writeField(target: Uint8Array, offset: number, field: Uint8Array, length: number): void {
  if (field.length !== length) throw new FormatError("An id or a hash in a list has a wrong length.");
  target.set(field, offset);
}
