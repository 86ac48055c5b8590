/**
 * The records of a ZIP file (PKWARE's APPNOTE 6.3): contents stored as they are, names in UTF-8, everything that
 * outgrew 32 or 16 bits in the fields of ZIP64, and only that, because old programs know the others best.
 */

const NAME_IS_UTF8 = 1 << 11;
const SIZES_FOLLOW = 1 << 3;
const VERSION_PLAIN = 20;
const VERSION_ZIP64 = 45;
/** Attributes mean those of Unix. */
const MADE_ON_UNIX = 3 << 8;
const MAX_16 = 0xff_ff;
const MAX_32 = 0xff_ff_ff_ff;
const ZIP64_FIELD = 0x00_01;
const TIME_FIELD = 0x54_55;
const TIME_OF_CHANGE = 1;
const FOLDER_MODE = 0o40_755;
const FILE_MODE = 0o100_644;
const DOS_FOLDER = 0x10;
/** Beyond it there are no dates at all (ECMA-262). */
const MAX_DATE_MS = 8.64e15;

export interface EntryFacts {
  /** UTF-8; of a folder with a slash at its end. */
  readonly name: Uint8Array;
  readonly isFolder: boolean;
  readonly modifiedMs: number;
  readonly sizeBytes: number;
  /** undefined: known when the content has passed, and written behind it. */
  readonly crc: number | undefined;
}

/** An entry that has been written. */
export interface WrittenEntry extends Omit<EntryFacts, "crc"> {
  readonly crc: number;
  readonly hasDescriptor: boolean;
  /** Where its local header begins. */
  readonly offset: number;
}

/** What the end of the file counts. */
export interface Directory {
  readonly entries: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

type Field = readonly [width: 1 | 2 | 4 | 8, value: number];

/** Little-endian fields, then bytes as they are. */
function record(fields: readonly Field[], ...parts: readonly Uint8Array[]): Uint8Array {
  const width = fields.reduce((sum, [bytes]) => sum + bytes, 0);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, width));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function isLarge(sizeBytes: number): boolean {
  return sizeBytes >= MAX_32;
}

export function localHeader({ name, modifiedMs, sizeBytes, crc }: EntryFacts): Uint8Array {
  const isKnown = crc !== undefined;
  const size = isKnown ? sizeBytes : 0;
  const extra = [...timeFields(modifiedMs), ...(isLarge(sizeBytes) ? zip64([size, size]) : [])];
  const size32 = isLarge(sizeBytes) ? MAX_32 : size;
  return record(
    [
      [4, 0x04_03_4b_50],
      [2, isLarge(sizeBytes) ? VERSION_ZIP64 : VERSION_PLAIN],
      [2, NAME_IS_UTF8 | (isKnown ? 0 : SIZES_FOLLOW)],
      [2, 0],
      ...dosTime(modifiedMs),
      [4, crc ?? 0],
      [4, size32],
      [4, size32],
      [2, name.length],
      [2, lengthOf(extra)],
    ],
    name,
    record(extra),
  );
}

/** Stands behind a content whose header could not say its checksum. */
export function dataDescriptor({ sizeBytes, crc }: { readonly sizeBytes: number; readonly crc: number }): Uint8Array {
  const width = isLarge(sizeBytes) ? 8 : 4;
  return record([
    [4, 0x08_07_4b_50],
    [4, crc],
    [width, sizeBytes],
    [width, sizeBytes],
  ]);
}

export function centralHeader(entry: WrittenEntry): Uint8Array {
  const { name, isFolder, modifiedMs, sizeBytes, crc, hasDescriptor, offset } = entry;
  const outgrown = [...(isLarge(sizeBytes) ? [sizeBytes, sizeBytes] : []), ...(isLarge(offset) ? [offset] : [])];
  const extra = [...timeFields(modifiedMs), ...(outgrown.length > 0 ? zip64(outgrown) : [])];
  return record(
    [
      [4, 0x02_01_4b_50],
      [2, MADE_ON_UNIX | VERSION_ZIP64],
      [2, outgrown.length > 0 ? VERSION_ZIP64 : VERSION_PLAIN],
      [2, NAME_IS_UTF8 | (hasDescriptor ? SIZES_FOLLOW : 0)],
      [2, 0],
      ...dosTime(modifiedMs),
      [4, crc],
      [4, Math.min(sizeBytes, MAX_32)],
      [4, Math.min(sizeBytes, MAX_32)],
      [2, name.length],
      [2, lengthOf(extra)],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, isFolder ? DOS_FOLDER : 0],
      [2, isFolder ? FOLDER_MODE : FILE_MODE],
      [4, Math.min(offset, MAX_32)],
    ],
    name,
    record(extra),
  );
}

export function endOfDirectory({ entries, offset, sizeBytes }: Directory): Uint8Array {
  const end = record([
    [4, 0x06_05_4b_50],
    [2, 0],
    [2, 0],
    [2, Math.min(entries, MAX_16)],
    [2, Math.min(entries, MAX_16)],
    [4, Math.min(sizeBytes, MAX_32)],
    [4, Math.min(offset, MAX_32)],
    [2, 0],
  ]);
  if (entries < MAX_16 && !isLarge(offset) && !isLarge(sizeBytes)) return end;
  const fields: readonly Field[] = [
    [4, 0x06_06_4b_50],
    [8, 44],
    [2, MADE_ON_UNIX | VERSION_ZIP64],
    [2, VERSION_ZIP64],
    [4, 0],
    [4, 0],
    [8, entries],
    [8, entries],
    [8, sizeBytes],
    [8, offset],
    // Where this record stands, for whoever looks from behind.
    [4, 0x07_06_4b_50],
    [4, 0],
    [8, offset + sizeBytes],
    [4, 1],
  ];
  return record(fields, end);
}

function zip64(values: readonly number[]): Field[] {
  return [[2, ZIP64_FIELD], [2, values.length * 8], ...values.map((value): Field => [8, value])];
}

function lengthOf(fields: readonly Field[]): number {
  return fields.reduce((sum, [bytes]) => sum + bytes, 0);
}

/** Seconds since 1970, in no time zone; before 1901 and after 2038 only the older field below says it. */
function timeFields(modifiedMs: number): Field[] {
  const seconds = Math.floor(modifiedMs / 1000);
  if (seconds !== (seconds | 0)) return [];
  return [
    [2, TIME_FIELD],
    [2, 5],
    [1, TIME_OF_CHANGE],
    [4, seconds >>> 0],
  ];
}

/** As old programs know it: local time, two seconds a step, from 1980 to 2107. */
function dosTime(modifiedMs: number): readonly [Field, Field] {
  const date = new Date(Math.min(Math.max(modifiedMs, -MAX_DATE_MS), MAX_DATE_MS));
  const year = date.getFullYear();
  if (year < 1980) return dosFields([1980, 1, 1], [0, 0, 0]);
  if (year > 2107) return dosFields([2107, 12, 31], [23, 59, 58]);
  const day = [year, date.getMonth() + 1, date.getDate()] as const;
  return dosFields(day, [date.getHours(), date.getMinutes(), date.getSeconds()]);
}

function dosFields(
  [year, month, day]: readonly [number, number, number],
  [hours, minutes, seconds]: readonly [number, number, number],
): readonly [Field, Field] {
  return [
    [2, (hours << 11) | (minutes << 5) | (seconds >> 1)],
    [2, ((year - 1980) << 9) | (month << 5) | day],
  ];
}
