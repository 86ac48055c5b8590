import type { BlobLocation, PackRewriting, RewriteOptions, SmallBlob, StoredRecord } from "../../blob-store.ts";
import { diskErrorCode, readError } from "../disk-errors.ts";
import type { Disk, DiskFile } from "../disk-port.ts";
import { type Layout, packLocation } from "../layout.ts";
import { readRecordHeader, recordHeaderBytes, recordMatches } from "./pack-record.ts";
import type { PackRemover } from "./pack-remover.ts";
import { walkPack } from "./pack-walk.ts";

/** Copied, synced and moved together. */
const groupBytes = 4 * 1024 * 1024;
const groupRecords = 256;

export interface PackRewriterSeat {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly remover: PackRemover;
  readonly put: (objects: readonly SmallBlob[]) => Promise<BlobLocation[]>;
}

/**
 * Copies what rows name out of a pack, so that the pack can go: copies are durable before rows move, rows have moved before
 * the old records are dead. A crash in between leaves copies or old records without a row, and both are swept.
 */
export async function rewritePack(
  seat: PackRewriterSeat,
  packName: string,
  options: RewriteOptions,
): Promise<PackRewriting> {
  const path = seat.layout.packPath(packName);
  const sizeBytes = (await seat.disk.fileStatus(path))?.sizeBytes ?? 0;
  const done = { moved: 0, movedBytes: 0, damaged: [] as string[] };
  const file = await openPack(seat, packName);
  if (file === undefined) return { ...done, removed: true };
  try {
    for await (const group of groupsOf(file, { packName, sizeBytes }))
      await moveGroup(seat, { file, group, done }, options);
  } finally {
    await file.close();
  }
  const removed = await seat.remover.removeIfDead(packName, async () => !(await options.rows.anyIn(packName)));
  return { ...done, removed };
}

async function openPack({ disk, layout }: PackRewriterSeat, packName: string): Promise<DiskFile | undefined> {
  try {
    return await disk.openFile(layout.packPath(packName), "read");
  } catch (error) {
    if (diskErrorCode(error) === "ENOENT") return undefined;
    throw readError(error, packName);
  }
}

interface LiveRecord extends StoredRecord {
  readonly packName: string;
  readonly recordOffset: number;
}

async function* groupsOf(
  file: DiskFile,
  { packName, sizeBytes: packBytes }: { readonly packName: string; readonly sizeBytes: number },
): AsyncGenerator<LiveRecord[], void, undefined> {
  let group: LiveRecord[] = [];
  let bytes = 0;
  for await (const { id, live, recordOffset, sizeBytes } of walkPack(file, packBytes)) {
    if (!live) continue;
    if (group.length === groupRecords || (group.length > 0 && bytes + sizeBytes > groupBytes)) {
      yield group;
      group = [];
      bytes = 0;
    }
    const location = packLocation({ packName, recordOffset, sizeBytes });
    group.push({ id, location, sizeBytes, packName, recordOffset });
    bytes += sizeBytes;
  }
  if (group.length > 0) yield group;
}

interface Moving {
  readonly file: DiskFile;
  readonly group: readonly LiveRecord[];
  readonly done: { moved: number; movedBytes: number; damaged: string[] };
}

async function moveGroup(seat: PackRewriterSeat, { file, group, done }: Moving, { rows, rest }: RewriteOptions) {
  const named = await rows.named(group);
  const copies: { readonly record: LiveRecord; readonly blob: SmallBlob }[] = [];
  for (const record of group.filter((_, n) => named[n])) {
    const bytes = await readWhole(file, record);
    if (bytes === undefined) done.damaged.push(record.id);
    else copies.push({ record, blob: { id: record.id, bytes } });
  }
  if (copies.length > 0) {
    const locations = await seat.put(copies.map(({ blob }) => blob));
    const moves = copies.map(({ record }, n) => ({
      id: record.id,
      from: record.location,
      to: locations[n] as BlobLocation,
    }));
    const moved = await rows.move(moves);
    for (const [n, { record }] of copies.entries()) {
      // The row went, or means another copy by now: then the copy just made is the one that nobody needs.
      const unneeded = moved[n] ? record.location : (locations[n] as BlobLocation);
      await seat.remover.deleteAt(record.id, unneeded);
      if (!moved[n]) continue;
      done.moved += 1;
      done.movedBytes += record.sizeBytes;
    }
  }
  await rest(group.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
}

/** Undefined when they are not what was stored: such a record stays where it is, for somebody to look at. */
async function readWhole(file: DiskFile, { recordOffset, sizeBytes }: LiveRecord): Promise<Uint8Array | undefined> {
  const whole = new Uint8Array(recordHeaderBytes + sizeBytes);
  const filled = await file.read(whole, recordOffset);
  const header = whole.subarray(0, recordHeaderBytes);
  const bytes = whole.subarray(recordHeaderBytes);
  if (filled < whole.length || readRecordHeader(header) === undefined) return undefined;
  return recordMatches(header, bytes) ? bytes : undefined;
}
