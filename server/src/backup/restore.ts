import { readdir, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { dataFolderAt, writeFileSafely } from "../config/data-folder.ts";
import { holdFileLock } from "../config/server-lock.ts";
import { openDatabase } from "../db/index.ts";
import { diskErrorCode } from "../storage/disk/disk-errors.ts";
import type { Disk } from "../storage/disk/disk-port.ts";
import { nodeDisk } from "../storage/disk/node-disk.ts";
import { buildData } from "./build-data.ts";
import { findMissing } from "./check-files.ts";
import { makeFolders } from "./copy-file.ts";
import { BackupDamagedError, BackupError, restoreProblem } from "./errors.ts";
import { type Manifest, type ManifestLoss, readManifest } from "./manifest.ts";
import { chooseSnapshot, liesIn } from "./target.ts";

export interface RestoreOptions {
  readonly target: string;
  /** The newest when not given. */
  readonly snapshot?: string | undefined;
  /** Where the server's data shall be afterwards. */
  readonly dataFolder: string;
  /** PostgreSQL instead of SQLite in the data folder; must be empty. */
  readonly postgresUrl?: string | undefined;
  /** A data folder that is there is renamed. Without this it is a reason to refuse. */
  readonly moveOldDataAside: boolean;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: (doneBytes: number, totalBytes: number) => void;
  readonly disk?: Disk;
}

export interface RestoreReport {
  readonly snapshot: string;
  readonly createdAt: string;
  readonly objects: number;
  readonly bytes: number;
  /** Where the data went that was there before. */
  readonly movedAside: string | undefined;
  readonly losses: readonly ManifestLoss[];
}

/** Says to who finds the folder, and to the next restore, that it is nobody's data yet. */
const NOTE_FILE = "restoring.txt";
const NOTE = `If the name of this folder ends in .restoring, a restore into it was begun and has not ended:
run it again, or delete this folder. Otherwise it has ended, and this file may be deleted.
`;

/**
 * Makes a server's data folder of a backup. Everything is put together beside it and takes its name at the end; until
 * then, and whatever happens, what was there before stays as it was.
 * @throws BackupError, BackupDamagedError (which names each file), DatabaseOccupiedError
 */
export async function restore(options: RestoreOptions): Promise<RestoreReport> {
  const { target, disk = nodeDisk() } = options;
  const dataFolder = resolve(options.dataFolder);
  const manifest = await readWholeManifest(disk, target, options.snapshot);
  if ((await liesIn(dataFolder, target)) || (await liesIn(target, dataFolder))) {
    throw refused(
      `${dataFolder} and the backup folder ${target} lie in one another. Nothing was changed; name another folder.`,
    );
  }
  using oldLock = await takeOldData(dataFolder, options.moveOldDataAside);
  const building = `${dataFolder}.restoring`;
  try {
    await using made = await makeBuilding(disk, building);
    await fill(options, { disk, building, manifest });
    const release = () => {
      oldLock[Symbol.dispose]();
      made.release();
    };
    const movedAside = await replace({ ...options, disk, dataFolder, building, release });
    made.keep();
    await rm(join(dataFolder, NOTE_FILE));
    const { snapshot, createdAt } = manifest.head;
    const { objects, losses } = manifest;
    return { snapshot, createdAt, objects, bytes: totalBytes(manifest), movedAside, losses };
  } catch (error) {
    throw restoreProblem(building, error);
  }
}

export function totalBytes({ files }: Manifest): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

async function readWholeManifest(disk: Disk, target: string, wanted: string | undefined): Promise<Manifest> {
  const manifest = await readManifest(target, await chooseSnapshot(target, wanted));
  const damage = await findMissing(disk, target, manifest.files);
  if (damage.length === 0) return manifest;
  const message = `Nothing was restored, because the backup ${manifest.head.snapshot} is not whole. Put back what is named here, or restore an earlier one with --snapshot.`;
  throw new BackupDamagedError(message, damage);
}

function refused(message: string): BackupError {
  return new BackupError("restore_refused", message);
}

/** Looks at what is in the way, and keeps servers off it. */
async function takeOldData(dataFolder: string, mayMove: boolean): Promise<Disposable> {
  const entries = await entriesOf(dataFolder);
  if (entries.length === 0) return { [Symbol.dispose]: () => undefined };
  if (!mayMove) {
    throw refused(
      `${dataFolder} is not empty, and nothing in it was changed. Restore into another folder with --data; or, to put the backup in its place, stop the server and add ` +
        "--move-old-data-aside: the folder is then renamed, never deleted.",
    );
  }
  let lock = holdFileLock(dataFolderAt(dataFolder).lockFile);
  if (lock) {
    return {
      [Symbol.dispose]: () => {
        lock?.close();
        lock = undefined;
      },
    };
  }
  throw refused(`A server is running on ${dataFolder}. Nothing was changed; stop it first.`);
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (diskErrorCode(error) === "ENOENT") return [];
    if (diskErrorCode(error) !== "ENOTDIR") throw restoreProblem(folder, error);
    throw refused(`${folder} is a file, not a folder. Nothing was changed; name another one with --data.`);
  }
}

interface Building extends AsyncDisposable {
  /** Lets go of its lock. */
  release(): void;
  /** It has become the data folder. */
  keep(): void;
}

/** An empty folder for the data on its way; what an interrupted restore left there goes first. */
async function makeBuilding(disk: Disk, path: string): Promise<Building> {
  const entries = await entriesOf(path);
  if (entries.length > 0 && !entries.includes(NOTE_FILE)) {
    throw refused(
      `${path} is in the way and is not what an interrupted restore left. Nothing was changed; move it away.`,
    );
  }
  await makeFolders(disk, path);
  const lock = holdFileLock(dataFolderAt(path).lockFile);
  if (lock === undefined) throw refused(`Another restore into ${path} is running. Nothing was changed.`);
  let isKept = false;
  let isHeld = true;
  const release = () => {
    if (isHeld) lock.close();
    isHeld = false;
  };
  const building: Building = {
    release,
    keep: () => {
      isKept = true;
    },
    [Symbol.asyncDispose]: async () => {
      release();
      if (!isKept) await rm(path, { recursive: true, force: true });
    },
  };
  const lockNames = [basename(dataFolderAt(path).lockFile), NOTE_FILE];
  for (const entry of await readdir(path)) {
    if (!lockNames.some((name) => entry.startsWith(name))) await rm(join(path, entry), { recursive: true });
  }
  await writeFileSafely(join(path, NOTE_FILE), NOTE);
  return building;
}

async function fill(
  options: RestoreOptions,
  { disk, building, manifest }: { readonly disk: Disk; readonly building: string; readonly manifest: Manifest },
): Promise<void> {
  const { target, postgresUrl, signal } = options;
  const total = totalBytes(manifest);
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    options.onBytes?.(done, total);
  };
  await buildData({ disk, target, manifest, folder: building, postgresUrl, signal, onBytes });
  const { sqliteFile } = dataFolderAt(building);
  const database = await openDatabase(postgresUrl === undefined ? { sqliteFile } : { postgresUrl });
  try {
    // A session that was ended since the backup must not come back to life with it: everybody signs in again.
    await database.write((tx) =>
      tx.updateTable("sessions").set({ ended_ms: options.nowMs }).where("ended_ms", "is", null).execute(),
    );
  } finally {
    await database.close();
  }
}

interface Replacement {
  readonly disk: Disk;
  readonly dataFolder: string;
  readonly building: string;
  readonly nowMs: number;
  /** Lets go of the locks in both folders. */
  readonly release: () => void;
}

/** Two renames. Between them there is no data folder, and both halves lie beside each other under names that say so. */
async function replace({ disk, dataFolder, building, nowMs, release }: Replacement): Promise<string | undefined> {
  const hasOldData = (await entriesOf(dataFolder)).length > 0;
  const time = new Date(nowMs)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "");
  const aside = hasOldData ? await freeName(disk, `${dataFolder}.before-restore-${time}`) : undefined;
  // Windows renames no folder in which a file is open.
  if (process.platform === "win32") release();
  if (aside !== undefined) await disk.rename(dataFolder, aside);
  else if (await disk.fileStatus(dataFolder)) await rmdir(dataFolder);
  try {
    // The old data has its new name for good before its own is given away: a power cut could keep the second renaming only.
    if (aside !== undefined) await disk.syncDirectory(dirname(dataFolder));
    await disk.rename(building, dataFolder);
  } catch (error) {
    if (aside !== undefined) await disk.rename(aside, dataFolder);
    throw error;
  }
  await disk.syncDirectory(dirname(dataFolder));
  return aside;
}

async function freeName(disk: Disk, wanted: string): Promise<string> {
  let name = wanted;
  for (let n = 2; await disk.fileStatus(name); n++) name = `${wanted}-${n}`;
  return name;
}
