import { join } from "node:path";
import { fromBase64Url, toHex } from "@excalibur/core/bytes";

// spec/backup.md §1: what lies where in a backup folder.

/** Paths in a manifest are relative to the backup folder, with "/" on every system. */
export function inside(target: string, path: string): string {
  return join(target, ...path.split("/"));
}

export const MARKER = "excalibur-backup.json";
export const LOCK = "backup.lock";
export const README = "README.txt";
export const SNAPSHOTS = "snapshots";
export const OBJECTS = "objects";
export const MANIFEST = "manifest.jsonl";
/** A folder of this name holds a backup that was begun and not finished. */
export const UNFINISHED = ".unfinished";
/** A file of this name is being written. */
export const PART = ".part";

const SNAPSHOT_NAME = /^(\d{6})-\d{8}T\d{6}Z$/;

/** Undefined for a folder that is no finished snapshot. */
export function snapshotNumber(name: string): number | undefined {
  const match = SNAPSHOT_NAME.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** Sorted by their names they are in the order in which they were made, whatever the clock said. */
export function snapshotName(number: number, nowMs: number): string {
  const time = new Date(nowMs)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "");
  return `${String(number).padStart(6, "0")}-${time}`;
}

export function snapshotFile(name: string, file: string): string {
  return `${SNAPSHOTS}/${name}/${file}`;
}

/** A large object. The tree hash is in the name, so that the name stands for the bytes whatever becomes of the id. */
export function largePath(id: string, treeHash: Uint8Array): string {
  const hex = toHex(fromBase64Url(id));
  return `${OBJECTS}/large/${hex.slice(0, 2)}/${hex}-${toHex(treeHash.subarray(0, 8))}`;
}

/** Bytes that were not right any more when they were copied: better than none. */
export const DAMAGED = "-damaged";

export function packFolder(packName: string): string {
  return `${OBJECTS}/packs/${packName}`;
}

/** Bytes `start` to `end` of a pack. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export function stretchPath(packName: string, { start, end }: Stretch): string {
  return `${packFolder(packName)}/${start}-${end}`;
}

export function parseStretch(fileName: string): Stretch | undefined {
  const match = /^(\d{1,12})-(\d{1,12})$/.exec(fileName);
  const stretch = match && { start: Number(match[1]), end: Number(match[2]) };
  return stretch && stretch.start < stretch.end ? stretch : undefined;
}

/** What a path in a manifest stands for; undefined for one that no backup of ours names. */
export type ManifestPath =
  | { readonly kind: "large"; readonly id: string }
  | ({ readonly kind: "stretch"; readonly packName: string } & Stretch)
  | { readonly kind: "snapshot"; readonly file: string };

export function parseManifestPath(path: string, snapshot: string): ManifestPath | undefined {
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || /[\\:\0]/.test(part))) return undefined;
  const [top, second, third, fourth] = parts;
  if (top === SNAPSHOTS && second === snapshot && third !== undefined) {
    return { kind: "snapshot", file: parts.slice(2).join("/") };
  }
  if (top !== OBJECTS || parts.length !== 4) return undefined;
  const large = /^([0-9a-f]{32})-[0-9a-f]{16}(?:-damaged)?$/.exec(fourth!);
  if (second === "large" && large?.[1]?.startsWith(third!)) return { kind: "large", id: large[1] };
  const stretch = parseStretch(fourth!);
  if (second === "packs" && /^[0-9a-f]{16}$/.test(third!) && stretch)
    return { kind: "stretch", packName: third!, ...stretch };
  return undefined;
}
