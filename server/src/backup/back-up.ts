import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { PROGRAM_VERSION } from "@excalibur/core/protocol";
import type { DataFolder } from "../config/data-folder.ts";
import { type CopyForm, type Database, openDatabaseCopy } from "../db/index.ts";
import { findObject, type ObjectRow } from "../db/stores/objects.ts";
import type { Disk } from "../storage/disk/disk-port.ts";
import { layoutOf } from "../storage/disk/layout.ts";
import { nodeDisk } from "../storage/disk/node-disk.ts";
import { copyStretch, hashStretch, makeFolders } from "./copy-file.ts";
import { type CopiedObjects, type CopyProgress, ObjectCopier } from "./copy-objects.ts";
import { listSmallFiles } from "./copy-settings.ts";
import { BackupError, targetProblem } from "./errors.ts";
import { inside, MANIFEST, SNAPSHOTS, snapshotFile, snapshotName, snapshotNumber, UNFINISHED } from "./layout.ts";
import { type ManifestFile, type ManifestHead, type ManifestLoss, readManifest, writeManifest } from "./manifest.ts";
import { removeOldSnapshots } from "./remove-snapshots.ts";
import { listSnapshots, lockTarget, prepareTarget, removeUnfinished, requireApart, serverMark } from "./target.ts";

/** So often is the database copied anew because objects that it names were collected or moved meanwhile. */
const ROUNDS = 5;

export interface BackUpOptions {
  readonly database: Database;
  readonly folder: DataFolder;
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Remove all but so many snapshots afterwards. */
  readonly keep?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: CopyProgress) => void;
  readonly disk?: Disk;
}

export interface BackUpReport {
  readonly snapshot: string;
  readonly objects: number;
  readonly files: number;
  readonly bytes: number;
  /** What was not in the backup folder already. */
  readonly copiedFiles: number;
  readonly copiedBytes: number;
  readonly losses: readonly ManifestLoss[];
  readonly leftOut: readonly string[];
  readonly removed: readonly string[];
}

/**
 * A consistent copy of database, secrets and objects, while the server runs or not: the database first, then every
 * object that this copy of it names. Objects never change, so those that are there already are not copied again.
 * @throws BackupError, DatabaseError; what was backed up earlier is never touched
 */
export async function backUp(options: BackUpOptions): Promise<BackUpReport> {
  const { folder, target, disk = nodeDisk() } = options;
  const mark = serverMark(await readSecrets(folder));
  await requireApart(target, folder.path);
  await prepareTarget(disk, target, mark);
  using _lock = lockTarget(target);
  try {
    await removeUnfinished(target);
    const report = await makeSnapshot(options, disk);
    const removed = options.keep === undefined ? [] : await removeOldSnapshots(disk, target, options.keep);
    return { ...report, removed };
  } catch (error) {
    throw targetProblem(target, error);
  }
}

async function readSecrets(folder: DataFolder): Promise<string> {
  try {
    return await readFile(folder.secretsFile, "utf8");
  } catch (error) {
    const message = `The secrets file ${folder.secretsFile} cannot be read, and a backup without it would end every password. Nothing was written; start the server once, or put the file back.`;
    throw new BackupError("backup_incomplete", message, error);
  }
}

async function makeSnapshot(options: BackUpOptions, disk: Disk): Promise<Omit<BackUpReport, "removed">> {
  const { target, signal } = options;
  const earlier = await listSnapshots(target);
  const newest = earlier.at(-1);
  const snapshot = snapshotName((snapshotNumber(newest ?? "") ?? 0) + 1, options.nowMs);
  const folder = inside(target, `${SNAPSHOTS}/${snapshot}${UNFINISHED}`);
  await makeFolders(disk, folder);
  try {
    const known = await knownFiles(target, newest);
    const copied = await copyData(options, { disk, folder, known });
    const small = await copySmallFiles(options, { disk, folder });
    const named = [...small.files, copied.databaseFile].map((file) => ({
      ...file,
      path: snapshotFile(snapshot, file.path),
    }));
    const files = [...named, ...copied.objects.files];
    const head: ManifestHead = {
      ...{ snapshot, createdAt: new Date(options.nowMs).toISOString(), program: PROGRAM_VERSION },
      ...{ schema: copied.schema, database: copied.form },
    };
    const { objects, losses } = copied.objects;
    signal?.throwIfAborted();
    await writeManifest(disk, join(folder, MANIFEST), { head, files, losses, objects });
    await syncFolders(disk, folder, small.files);
    await disk.rename(folder, inside(target, `${SNAPSHOTS}/${snapshot}`));
    await disk.syncDirectory(inside(target, SNAPSHOTS));
    const { copiedFiles, copiedBytes } = copied;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { snapshot, objects, files: files.length, bytes, copiedFiles, copiedBytes, losses, leftOut: small.leftOut };
  } catch (error) {
    // What was begun is no backup and takes room on a disk that may be full; objects that were copied stay for the next.
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What is known of files in the backup folder without reading them. A damaged manifest is no reason not to back up. */
async function knownFiles(target: string, newest: string | undefined): Promise<ReadonlyMap<string, ManifestFile>> {
  if (newest === undefined) return new Map();
  try {
    return new Map((await readManifest(target, newest)).files.map((file) => [file.path, file]));
  } catch (error) {
    if (error instanceof BackupError) return new Map();
    throw error;
  }
}

const NO_TABLES =
  "The database has no tables yet, so there is nothing to back up. Start the server once, or name the right database.";

interface Place {
  readonly disk: Disk;
  readonly folder: string;
}

interface CopiedData {
  readonly databaseFile: ManifestFile;
  readonly form: CopyForm;
  readonly schema: number;
  readonly objects: CopiedObjects;
  readonly copiedFiles: number;
  readonly copiedBytes: number;
}

async function copyData(
  options: BackUpOptions,
  { disk, folder, known }: Place & { readonly known: ReadonlyMap<string, ManifestFile> },
): Promise<CopiedData> {
  const { database, signal, target } = options;
  const isStillThere = async ({ object_id: id, location }: ObjectRow) =>
    (await findObject(database.read, id))?.location === location;
  const copier = new ObjectCopier({
    ...{ disk, target, known, isStillThere, signal, layout: layoutOf(options.folder.objectsFolder) },
    onProgress: options.onProgress ?? (() => undefined),
  });
  const path = join(folder, "database");
  for (let round = 1; round <= ROUNDS; round++) {
    signal?.throwIfAborted();
    await rm(path, { force: true });
    const form = await database.copyTo(path);
    let schema: number;
    let objects: CopiedObjects;
    {
      await using copy = await openDatabaseCopy({ form, path });
      schema = copy.schema;
      if (schema === 0) throw new BackupError("backup_incomplete", NO_TABLES);
      objects = await copier.copy(copy);
    }
    if (objects.moved) continue;
    await copier.sync();
    const name = form === "sqlite" ? "database.sqlite" : "database.rows";
    await disk.rename(path, join(folder, name));
    const databaseFile = await hashDatabase(disk, folder, name);
    const { copiedFiles, copiedBytes } = copier;
    return { databaseFile, form, schema, objects, copiedFiles, copiedBytes };
  }
  throw new BackupError(
    "backup_unsettled",
    "The server removes and moves objects faster than they can be copied, so this backup was not finished; earlier ones are untouched. Run it again when less is going on: what was copied already stays.",
  );
}

async function hashDatabase(disk: Disk, folder: string, name: string): Promise<ManifestFile> {
  const from = join(folder, name);
  const file = await disk.openFile(from, "existing");
  try {
    // Opening the copy may have written to it.
    await file.datasync();
  } finally {
    await file.close();
  }
  const bytes = (await disk.fileStatus(from))?.sizeBytes ?? 0;
  return { path: name, bytes, sha256: await hashStretch({ disk, from, length: bytes }) };
}

async function copySmallFiles(
  { folder: source, signal }: BackUpOptions,
  { disk, folder }: Place,
): Promise<{ readonly files: readonly ManifestFile[]; readonly leftOut: readonly string[] }> {
  const found = await listSmallFiles(source);
  const files: ManifestFile[] = [];
  for (const { path, bytes } of found.files) {
    const from = inside(source.path, path);
    const to = inside(folder, `files/${path}`);
    const sha256 = await copyStretch({ disk, from, to, length: bytes, signal });
    files.push({ path: `files/${path}`, bytes, sha256 });
  }
  return { files, leftOut: found.leftOut };
}

/** The snapshot's own folder and those in it. */
async function syncFolders(disk: Disk, folder: string, files: readonly ManifestFile[]): Promise<void> {
  const below = new Set<string>();
  for (const { path } of files) {
    for (let cut = path.lastIndexOf("/"); cut > 0; cut = path.lastIndexOf("/", cut - 1)) below.add(path.slice(0, cut));
  }
  for (const path of below) await disk.syncDirectory(inside(folder, path));
  await disk.syncDirectory(folder);
}
