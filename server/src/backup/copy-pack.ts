import { readdir } from "node:fs/promises";
import type { Disk } from "../storage/disk/disk-port.ts";
import type { PackPlace } from "../storage/disk/layout.ts";
import { recordHeaderBytes, recordMatches } from "../storage/disk/packs/pack-record.ts";
import { walkPack } from "../storage/disk/packs/pack-walk.ts";
import { type CopyRequest, copyStretch, hashStretch, SourceProblem } from "./copy-file.ts";
import type { ObjectCopying } from "./copy-objects.ts";
import { inside, packFolder, parseStretch, type Stretch, stretchPath } from "./layout.ts";
import type { ManifestFile } from "./manifest.ts";

export interface PackCopying {
  readonly packName: string;
  /** Where the last record ends that the copy of the database names. */
  readonly end: number;
  readonly onCopied: (path: string, bytes: number) => void;
  /** Called for what an interrupted backup left, which no manifest knows. */
  readonly onLeftBehind: (path: string) => void;
}

export interface CopiedPack {
  readonly files: readonly ManifestFile[];
  /** What is wrong with a record of this pack; absent when nothing is. */
  readonly problemOf?: (place: PackPlace) => string | undefined;
}

/**
 * Packs only grow: what an earlier backup has of one stays as it is, and the rest comes as a stretch of its own.
 * (Marking a record as deleted changes one byte in place; a record that a row names counts as live, see restore.)
 */
export async function copyPack(room: ObjectCopying, request: PackCopying): Promise<CopiedPack> {
  const { disk, layout, target, known, signal } = room;
  const { packName } = request;
  const from = layout.packPath(packName);
  const sourceBytes = (await disk.fileStatus(from))?.sizeBytes ?? 0;
  const there = await listStretches(room, packName);
  const files: ManifestFile[] = [];
  const damaged = new Set<number>();
  let unreadable = false;
  let at = 0;
  while (at < request.end) {
    const kept = there.find(({ start }) => start === at);
    const end = kept?.end ?? Math.min(request.end, ...there.map(({ start }) => start).filter((start) => start > at));
    const path = stretchPath(packName, { start: at, end });
    const to = inside(target, path);
    const bytes = end - at;
    if (kept) {
      const sha256 = known.get(path)?.sha256 ?? (await hashStretch({ disk, from: to, length: bytes, signal }));
      files.push({ path, bytes, sha256 });
      if (!known.has(path)) request.onLeftBehind(to);
    } else {
      if (sourceBytes < end) break;
      const sha256 = await copyUnlessUnreadable({ disk, from, to, offset: at, length: bytes, signal });
      if (sha256 === undefined) {
        unreadable = true;
        break;
      }
      files.push({ path, bytes, sha256 });
      request.onCopied(to, bytes);
    }
    if (!known.has(path)) for (const offset of await damagedRecords(disk, to, bytes)) damaged.add(at + offset);
    at = end;
  }
  if (at >= request.end && damaged.size === 0) return { files };
  const have = at;
  const problemOf = ({ recordOffset, sizeBytes }: PackPlace) => {
    if (recordOffset + recordHeaderBytes + sizeBytes > have) return missing(sourceBytes, unreadable);
    return damaged.has(recordOffset) ? "its stored bytes are damaged; they were copied as they are" : undefined;
  };
  return { files, problemOf };
}

async function copyUnlessUnreadable(request: CopyRequest): Promise<string | undefined> {
  try {
    return await copyStretch(request);
  } catch (error) {
    if (error instanceof SourceProblem) return undefined;
    throw error;
  }
}

function missing(sourceBytes: number, unreadable: boolean): string {
  if (unreadable) return "its pack cannot be read";
  return sourceBytes === 0 ? "its pack is missing" : "its pack is too short";
}

/** What the backup folder has of a pack, the longest first, so that a chain takes few links. */
async function listStretches({ disk, target }: ObjectCopying, packName: string): Promise<Stretch[]> {
  const folder = inside(target, packFolder(packName));
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  });
  const stretches: Stretch[] = [];
  for (const stretch of names.map(parseStretch)) {
    if (stretch === undefined) continue;
    const status = await disk.fileStatus(inside(target, stretchPath(packName, stretch)));
    if (status?.sizeBytes === stretch.end - stretch.start) stretches.push(stretch);
  }
  return stretches.sort((a, b) => b.end - a.end);
}

/** Offsets of records whose bytes are not those that were stored: found here, they can still be mended at the source. */
async function damagedRecords(disk: Disk, path: string, sizeBytes: number): Promise<number[]> {
  const file = await disk.openFile(path, "read");
  const damaged: number[] = [];
  try {
    let expected = 0;
    for await (const { recordOffset, sizeBytes: length } of walkPack(file, sizeBytes)) {
      const record = new Uint8Array(recordHeaderBytes + length);
      await file.read(record, recordOffset);
      const isWhole = recordMatches(record.subarray(0, recordHeaderBytes), record.subarray(recordHeaderBytes));
      if (!isWhole) damaged.push(recordOffset);
      // A header that is not one: whatever record began there is lost.
      if (recordOffset > expected) damaged.push(expected);
      expected = recordOffset + recordHeaderBytes + length;
    }
    if (expected < sizeBytes) damaged.push(expected);
  } finally {
    await file.close();
  }
  return damaged;
}
