import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { toHex, utf8Encode } from "@excalibur/core/bytes";
import { createSha256 } from "@excalibur/core/primitives";
import type { CopyForm } from "../db/index.ts";
import type { Disk } from "../storage/disk/disk-port.ts";
import { BackupError } from "./errors.ts";
import { inside, MANIFEST, parseManifestPath, snapshotFile } from "./layout.ts";

// spec/backup.md §2: one JSON value a line; the last line holds the hash of those before it.
const FORMAT = "excalibur-backup";
const VERSION = 1;

export interface ManifestHead {
  readonly snapshot: string;
  readonly createdAt: string;
  /** Version of the program that made it. */
  readonly program: string;
  /** Number of the last migration of the database. */
  readonly schema: number;
  readonly database: CopyForm;
}

export interface ManifestFile {
  /** Relative to the backup folder. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** Something the server itself no longer had when it was copied. */
export interface ManifestLoss {
  readonly object: string;
  readonly problem: string;
}

export interface Manifest {
  readonly head: ManifestHead;
  readonly files: readonly ManifestFile[];
  readonly losses: readonly ManifestLoss[];
  readonly objects: number;
}

const BUFFER_LINES = 2048;

/** Writes and syncs a manifest; the folder it lies in is the caller's to sync. */
export async function writeManifest(disk: Disk, path: string, manifest: Manifest): Promise<void> {
  const file = await disk.openFile(path, "new");
  try {
    const hash = createSha256();
    let position = 0;
    const write = async (lines: readonly unknown[]) => {
      const bytes = utf8Encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
      await file.write([bytes], position);
      position += bytes.length;
      return bytes;
    };
    hash.update(await write([{ format: FORMAT, version: VERSION, ...manifest.head }]));
    for (let at = 0; at < manifest.files.length; at += BUFFER_LINES) {
      hash.update(await write(manifest.files.slice(at, at + BUFFER_LINES)));
    }
    hash.update(await write(manifest.losses));
    const end = { end: true, files: manifest.files.length, objects: manifest.objects, sha256: toHex(hash.digest()) };
    await write([end]);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** @throws BackupError `backup_missing` without one, `backup_damaged` when it is not as it was written */
export async function readManifest(target: string, snapshot: string): Promise<Manifest> {
  const path = inside(target, snapshotFile(snapshot, MANIFEST));
  try {
    return await parseManifest(path, snapshot);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    if ((error as { code?: string }).code === "ENOENT") {
      const message = `The backup ${snapshot} was never finished, or its manifest ${path} is gone. Nothing was changed.`;
      throw new BackupError("backup_missing", message, error);
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw altered(path, error);
  }
}

async function parseManifest(path: string, snapshot: string): Promise<Manifest> {
  const hash = createSha256();
  const files: ManifestFile[] = [];
  const losses: ManifestLoss[] = [];
  let head: ManifestHead | undefined;
  let end: Record<string, unknown> | undefined;
  for await (const line of createInterface({ input: createReadStream(path, "utf8") })) {
    const value = JSON.parse(line) as Record<string, unknown>;
    if (end !== undefined) throw altered(path);
    if (value["end"] === true) {
      end = value;
      continue;
    }
    hash.update(utf8Encode(`${line}\n`));
    if (head === undefined) head = requireHead(value, { path, snapshot });
    else if (typeof value["path"] === "string") files.push(value as unknown as ManifestFile);
    else losses.push(value as unknown as ManifestLoss);
  }
  const isWhole = end?.["files"] === files.length && end["sha256"] === toHex(hash.digest());
  if (!head || !end || !isWhole) throw altered(path);
  if (files.some((file) => parseManifestPath(file.path, snapshot) === undefined)) throw altered(path);
  return { head, files, losses, objects: Number(end["objects"]) };
}

function requireHead(
  value: Record<string, unknown>,
  { path, snapshot }: { readonly path: string; readonly snapshot: string },
): ManifestHead {
  if (value["format"] === FORMAT && typeof value["version"] === "number" && value["version"] > VERSION) {
    const message = `${path} was written by a newer Excalibur (${String(value["program"])}). Nothing was changed; take that version.`;
    throw new BackupError("backup_missing", message);
  }
  if (value["format"] !== FORMAT || value["version"] !== VERSION || value["snapshot"] !== snapshot) throw altered(path);
  return value as unknown as ManifestHead;
}

function altered(path: string, cause?: unknown): BackupError {
  const message = `The manifest ${path} is damaged or was altered: it does not say any more what belongs to this backup. Nothing was changed; use another snapshot.`;
  return new BackupError("backup_damaged", message, cause);
}
