import { readdir, readFile, realpath, rm } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fromBase64Url, toHex, utf8Encode } from "@excalibur/core/bytes";
import { sha256 } from "@excalibur/core/primitives";
import { writeFileSafely } from "../config/data-folder.ts";
import { holdFileLock } from "../config/server-lock.ts";
import type { Disk } from "../storage/disk/disk-port.ts";
import { makeFolders } from "./copy-file.ts";
import { BackupError, targetProblem } from "./errors.ts";
import { inside, LOCK, MARKER, OBJECTS, README, SNAPSHOTS, snapshotNumber, UNFINISHED } from "./layout.ts";

const ABOUT = `Backups of one Excalibur server, made by «excalibur-server backup».

  snapshots/   one folder a backup: its database, its secrets, and manifest.jsonl with the hash of every file that belongs to it
  objects/     encrypted files, shared by the snapshots

A snapshot folder that ends in .unfinished was interrupted and is no backup.
Keep this folder where only you can read it: with the database AND secrets.json in it somebody can try out passwords.

  excalibur-server backup verify FOLDER     checks everything, and restores it into a scratch folder
  excalibur-server restore FOLDER --data NEWFOLDER
`;

interface Marker {
  readonly format: "excalibur-backup";
  readonly version: 1;
  /** Which server's backups these are: from a hash of its secrets. */
  readonly server: string;
}

/** A short name for whoever holds these secrets, from which nothing of them can be learnt. */
export function serverMark(secretsText: string): string {
  const { ghostKey } = JSON.parse(secretsText) as { ghostKey?: unknown };
  return toHex(sha256(utf8Encode("excalibur backup"), fromBase64Url(String(ghostKey))).subarray(0, 8));
}

async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // Not there yet: what is above it is.
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent), relative(parent, path));
  }
}

/** Whether a path, followed through links, is the folder or lies in it. */
export async function liesIn(path: string, folder: string): Promise<boolean> {
  const [one, other] = [await realPath(resolve(path)), await realPath(resolve(folder))];
  return one === other || one.startsWith(other + sep);
}

/** A backup inside what it copies would be lost together with it, and would copy itself. @throws BackupError */
export async function requireApart(target: string, dataFolder: string): Promise<void> {
  if (!(await liesIn(target, dataFolder))) return;
  throw new BackupError(
    "backup_target_unusable",
    `The backup folder ${target} lies in the data folder ${dataFolder}: what happens to one would happen to the other. Nothing was written. Name a folder elsewhere, best on another disk.`,
  );
}

/** Makes the folder, or recognises it as one for backups of this server. @throws BackupError */
export async function prepareTarget(disk: Disk, target: string, mark: string): Promise<void> {
  try {
    await makeFolders(disk, target);
    const entries = await readdir(target);
    if (entries.includes(MARKER)) {
      await requireSameServer(target, mark);
    } else {
      if (entries.some((entry) => entry !== `${MARKER}.new`)) throw notOurs(target);
      const marker: Marker = { format: "excalibur-backup", version: 1, server: mark };
      await writeFileSafely(join(target, MARKER), `${JSON.stringify(marker)}\n`);
      // Nothing else gets a name before it: a power cut could keep that one only, and nobody would know whose folder it is.
      await disk.syncDirectory(target);
    }
    await writeFileSafely(join(target, README), ABOUT);
    for (const folder of [OBJECTS, `${OBJECTS}/large`, `${OBJECTS}/packs`, SNAPSHOTS]) {
      await makeFolders(disk, inside(target, folder));
    }
    for (const folder of [OBJECTS, ""]) await disk.syncDirectory(inside(target, folder));
    await disk.syncDirectory(dirname(resolve(target)));
  } catch (error) {
    throw targetProblem(target, error);
  }
}

async function readMarker(target: string): Promise<Marker | undefined> {
  try {
    const marker = JSON.parse(await readFile(join(target, MARKER), "utf8")) as Marker;
    return marker.format === "excalibur-backup" && marker.version === 1 ? marker : undefined;
  } catch {
    // Not there or not readable: no backup folder that this program knows.
    return undefined;
  }
}

function notOurs(target: string): BackupError {
  const message = `${target} holds something else than Excalibur's backups. Nothing was written; name an empty folder, or one that a backup made.`;
  return new BackupError("backup_target_unusable", message);
}

async function requireSameServer(target: string, mark: string): Promise<void> {
  const marker = await readMarker(target);
  if (marker === undefined) throw notOurs(target);
  if (marker.server === mark) return;
  throw new BackupError(
    "backup_target_unusable",
    `${target} holds backups of another server, or of this one before its secrets file was replaced. Nothing was written; name another folder.`,
  );
}

/** @throws BackupError when the folder is none of ours */
export async function requireTarget(target: string): Promise<void> {
  if ((await readMarker(target)) !== undefined) return;
  throw new BackupError("backup_missing", `${target} is no folder that «excalibur-server backup» made.`);
}

/** One at a time writes to a backup folder. @throws BackupError `backup_running` */
export function lockTarget(target: string): Disposable {
  let lock: ReturnType<typeof holdFileLock>;
  try {
    lock = holdFileLock(join(target, LOCK));
  } catch (error) {
    const message = `The backup folder ${target} cannot be locked for writing. Nothing was written.`;
    throw new BackupError("backup_target_unusable", message, error);
  }
  if (lock === undefined) {
    const message = `Another backup or check is running on ${target}. Nothing was done; wait for it to end.`;
    throw new BackupError("backup_running", message);
  }
  const { close } = lock;
  return { [Symbol.dispose]: close };
}

/** Names of finished snapshots, oldest first. */
export async function listSnapshots(target: string): Promise<string[]> {
  const names = await readdir(inside(target, SNAPSHOTS)).catch((error: unknown) => {
    if ((error as { code?: string }).code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => snapshotNumber(name) !== undefined).sort();
}

/** @throws BackupError `backup_missing` */
export async function chooseSnapshot(target: string, wanted: string | undefined): Promise<string> {
  await requireTarget(target);
  const names = await listSnapshots(target);
  const chosen = wanted === undefined ? names.at(-1) : names.find((name) => name === wanted);
  if (chosen !== undefined) return chosen;
  const there = names.length === 0 ? "none was ever finished" : `there are ${names.join(", ")}`;
  const what = wanted === undefined ? "no backup" : `no backup ${wanted}`;
  throw new BackupError("backup_missing", `There is ${what} in ${target}: ${there}. Nothing was changed.`);
}

/** Begins the names of folders that a check restores into. */
export const SCRATCH = "scratch-";

/** What an interrupted check left. */
export async function removeScratch(target: string): Promise<void> {
  for (const name of await readdir(target)) {
    if (name.startsWith(SCRATCH)) await rm(join(target, name), { recursive: true, force: true });
  }
}

/** What interrupted backups left: whole folders that no manifest ever stood for. */
export async function removeUnfinished(target: string): Promise<void> {
  await removeScratch(target);
  for (const name of await readdir(inside(target, SNAPSHOTS))) {
    if (name.endsWith(UNFINISHED)) await rm(inside(target, `${SNAPSHOTS}/${name}`), { recursive: true, force: true });
  }
}
