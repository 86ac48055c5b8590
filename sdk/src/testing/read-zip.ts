/** A second, slower opinion on ZIP files: everything is read from the list at the end, and compared with what it points to. */

export interface UnzippedEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
  /** In seconds since 1970; undefined: only the older field says a time. */
  readonly modifiedSeconds: number | undefined;
  /** Local time, as old programs show it. */
  readonly dosTime: string;
  readonly crc: number;
  /** Where the content begins. */
  readonly start: number;
}

/** What is read: a whole file, or something that knows its bytes without having them all. */
export interface ZipBytes {
  readonly sizeBytes: number;
  read(start: number, length: number): Uint8Array;
}

/** Throws when anything contradicts itself. */
export function readZip(zip: ZipBytes | Uint8Array): UnzippedEntry[] {
  const source = zip instanceof Uint8Array ? inMemory(zip) : zip;
  const view = (start: number, length: number): DataView => {
    const bytes = source.read(start, length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  const { entries, offset, sizeBytes } = findDirectory(source, view);
  const found: UnzippedEntry[] = [];
  let at = offset;
  while (at < offset + sizeBytes) {
    const central = view(at, 46);
    demand(central.getUint32(0, true) === 0x02_01_4b_50, "an entry of the list");
    const [nameLength, extraLength] = [central.getUint16(28, true), central.getUint16(30, true)];
    const name = source.read(at + 46, nameLength);
    const extra = fieldsOf(view(at + 46 + nameLength, extraLength));
    found.push(entryOf(central, { name, extra, view, source }));
    at += 46 + nameLength + extraLength;
  }
  demand(at === offset + sizeBytes, "the length of the list");
  demand(found.length === entries, "the number of entries");
  return found;
}

type View = (start: number, length: number) => DataView;

function findDirectory(source: ZipBytes, view: View) {
  const at = source.sizeBytes - 22;
  const end = view(at, 22);
  demand(end.getUint32(0, true) === 0x06_05_4b_50, "the end");
  const [count, sizeBytes, offset] = [end.getUint16(10, true), end.getUint32(12, true), end.getUint32(16, true)];
  const isZip64 = count === 0xff_ff || sizeBytes === 0xff_ff_ff_ff || offset === 0xff_ff_ff_ff;
  if (!isZip64) return { entries: count, sizeBytes, offset };
  const locator = view(at - 20, 20);
  demand(locator.getUint32(0, true) === 0x07_06_4b_50, "the locator");
  const large = view(Number(locator.getBigUint64(8, true)), 56);
  demand(large.getUint32(0, true) === 0x06_06_4b_50, "the large end");
  const u64 = (place: number): number => Number(large.getBigUint64(place, true));
  demand(u64(24) === u64(32), "one disk");
  return { entries: u64(32), sizeBytes: u64(40), offset: u64(48) };
}

interface Around {
  readonly name: Uint8Array;
  readonly extra: ReadonlyMap<number, DataView>;
  readonly view: View;
  readonly source: ZipBytes;
}

function entryOf(central: DataView, { name, extra, view, source }: Around): UnzippedEntry {
  const flags = central.getUint16(8, true);
  demand((flags & 0x08_00) !== 0, "names in UTF-8");
  demand(central.getUint16(10, true) === 0, "contents as they are");
  const large = extra.get(1);
  let used = 0;
  const outgrown = (value: number): number => {
    if (value !== 0xff_ff_ff_ff) return value;
    const known = Number(large?.getBigUint64(used, true));
    used += 8;
    return known;
  };
  const sizeBytes = outgrown(central.getUint32(24, true));
  demand(outgrown(central.getUint32(20, true)) === sizeBytes, "one size");
  const offset = outgrown(central.getUint32(42, true));
  demand(used === (large?.byteLength ?? 0), "nothing superfluous");
  const crc = central.getUint32(16, true);
  const local = view(offset, 30);
  demand(local.getUint32(0, true) === 0x04_03_4b_50, "an entry where the list says");
  demand(local.getUint16(6, true) === flags, "the same flags twice");
  const nameAgain = source.read(offset + 30, local.getUint16(26, true));
  demand(nameAgain.join() === name.join(), "the same name twice");
  const start = offset + 30 + nameAgain.length + local.getUint16(28, true);
  if ((flags & 8) === 0) demand(local.getUint32(14, true) === crc, "the same checksum twice");
  else demandDescriptor(view(start + sizeBytes, 24), { crc, sizeBytes });
  const path = new TextDecoder("utf-8", { fatal: true }).decode(name);
  const isFolder = path.endsWith("/");
  demand((((central.getUint32(38, true) >>> 16) & 0o40_000) !== 0) === isFolder, "what it is");
  const dosTime = dosTimeOf(central.getUint16(12, true), central.getUint16(14, true));
  return { path, isFolder, sizeBytes, modifiedSeconds: extra.get(0x54_55)?.getInt32(1, true), dosTime, crc, start };
}

function demandDescriptor(
  view: DataView,
  { crc, sizeBytes }: { readonly crc: number; readonly sizeBytes: number },
): void {
  demand(view.getUint32(0, true) === 0x08_07_4b_50, "a descriptor behind the content");
  demand(view.getUint32(4, true) === crc, "the descriptor's checksum");
  const said = sizeBytes >= 0xff_ff_ff_ff ? Number(view.getBigUint64(8, true)) : view.getUint32(8, true);
  demand(said === sizeBytes, "the descriptor's size");
}

function fieldsOf(extra: DataView): Map<number, DataView> {
  const fields = new Map<number, DataView>();
  for (let at = 0; at < extra.byteLength; ) {
    const length = extra.getUint16(at + 2, true);
    fields.set(extra.getUint16(at, true), new DataView(extra.buffer, extra.byteOffset + at + 4, length));
    at += 4 + length;
  }
  return fields;
}

function dosTimeOf(time: number, day: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = [(day >> 9) + 1980, two((day >> 5) & 15), two(day & 31)].join("-");
  return `${date} ${[two(time >> 11), two((time >> 5) & 63), two((time & 31) * 2)].join(":")}`;
}

function inMemory(bytes: Uint8Array): ZipBytes {
  return { sizeBytes: bytes.length, read: (start, length) => bytes.subarray(start, start + length) };
}

function demand(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`The ZIP file lacks ${what}.`);
}
