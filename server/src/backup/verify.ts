import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { toBase64Url } from "@excalibur/core/bytes";
import { sql } from "kysely";
import { dataFolderAt } from "../config/data-folder.ts";
import { readSecrets } from "../config/secrets.ts";
import { allObjects, type Database, migrate, openDatabase } from "../db/index.ts";
import { type Damage, verifyObject } from "../jobs/index.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { openDiskBlobStore } from "../storage/disk/disk-blob-store.ts";
import type { Disk } from "../storage/disk/disk-port.ts";
import { nodeDisk } from "../storage/disk/node-disk.ts";
import { buildData } from "./build-data.ts";
import { findAltered } from "./check-files.ts";
import { BackupDamagedError, BackupError, targetProblem } from "./errors.ts";
import { type Manifest, type ManifestLoss, readManifest } from "./manifest.ts";
import { totalBytes } from "./restore.ts";
import { chooseSnapshot, lockTarget, removeScratch, SCRATCH } from "./target.ts";

export interface VerifyOptions {
  readonly target: string;
  /** The newest when not given. */
  readonly snapshot?: string | undefined;
  /** Where the scratch folder is made; in the backup folder when not given, where most of it takes no room. */
  readonly scratch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: (doneBytes: number, totalBytes: number) => void;
  readonly disk?: Disk;
}

export interface VerifyReport {
  readonly snapshot: string;
  readonly createdAt: string;
  readonly files: number;
  readonly bytes: number;
  readonly objects: number;
  readonly accounts: number;
  /** What the server itself had lost when the backup was made. */
  readonly losses: readonly ManifestLoss[];
}

/**
 * Proves that a backup can be used: every file is as it was written, and restored into a scratch folder it opens with
 * today's program, in which every object's leaves are right. @throws BackupDamagedError, which names everything found
 */
export async function verifyBackup(options: VerifyOptions): Promise<VerifyReport> {
  const { target, disk = nodeDisk(), signal } = options;
  const snapshot = await chooseSnapshot(target, options.snapshot);
  using _lock = lockUnlessReadOnly(target, options.scratch);
  if (_lock) await removeScratch(target);
  const manifest = await readManifest(target, snapshot);
  // Twice: as files, and as objects.
  const total = 2 * totalBytes(manifest);
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    options.onBytes?.(done, total);
  };
  const altered = await findAltered({ disk, target, files: manifest.files, signal, onBytes });
  if (altered.length > 0) throw damaged(snapshot, altered);
  const scratch = await mkdtemp(join(options.scratch ?? target, SCRATCH));
  try {
    await buildData({ disk, target, manifest, folder: scratch, mayLink: true, signal, onBytes: () => undefined });
    const { accounts, damage } = await openAndCheck(scratch, { manifest, signal, onBytes });
    if (damage.length > 0) throw damaged(snapshot, damage);
    const { head, files, objects, losses } = manifest;
    const { createdAt } = head;
    return { snapshot, createdAt, files: files.length, bytes: totalBytes(manifest), objects, accounts, losses };
  } catch (error) {
    throw targetProblem(options.scratch ?? target, error);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A medium that cannot be written is not written to by another backup either. */
function lockUnlessReadOnly(target: string, scratch: string | undefined): Disposable | null {
  try {
    return lockTarget(target);
  } catch (error) {
    const isUnwritable = error instanceof BackupError && error.code === "backup_target_unusable";
    if (isUnwritable && scratch !== undefined) return null;
    throw error;
  }
}

function damaged(snapshot: string, lines: readonly string[]): BackupDamagedError {
  const message = `The backup ${snapshot} is damaged. Make a new one now; what is missing from the folder is then copied again. What is wrong:`;
  return new BackupDamagedError(message, lines);
}

interface Checking {
  readonly manifest: Manifest;
  readonly signal: AbortSignal | undefined;
  readonly onBytes: (bytes: number) => void;
}

async function openAndCheck(scratch: string, checking: Checking) {
  const folder = dataFolderAt(scratch);
  const secrets = await readSecrets(folder);
  const database = await openDatabase({ sqliteFile: folder.sqliteFile });
  try {
    const damage = await checkDatabase(database);
    if (secrets === undefined) damage.push("there is no secrets file");
    await migrate(database);
    const blobs = await openDiskBlobStore({ directory: folder.objectsFolder });
    try {
      damage.push(...(await checkObjects(database, blobs, checking)));
    } finally {
      await blobs.close();
    }
    const accounts = await database.read.selectFrom("accounts").select("user_id").execute();
    return { accounts: accounts.length, damage };
  } finally {
    await database.close();
  }
}

async function checkDatabase(database: Database): Promise<string[]> {
  const { rows } = await database.migration.change((db) =>
    sql<{ integrity_check: string }>`pragma integrity_check`.execute(db),
  );
  const said = rows.map((row) => row.integrity_check).filter((line) => line !== "ok");
  const orphans = await database.migration.change((db) => sql<{ table: string }>`pragma foreign_key_check`.execute(db));
  return [
    ...said.map((line) => `the database: ${line}`),
    ...orphans.rows.map(({ table }) => `the database: a row of ${table} refers to one that is not there`),
  ];
}

const SAID: Record<Damage, string> = {
  missing: "missing",
  unreadable: "not readable",
  altered: "not what was stored: its leaves differ",
  size: "longer than it should be",
  record: "described wrongly by the database, while its bytes may be good",
};

/** Progress goes by objects. */
const onRead = async () => undefined;

async function checkObjects(
  database: Database,
  blobs: BlobStore,
  { manifest, signal = new AbortController().signal, onBytes }: Checking,
): Promise<string[]> {
  const lost = new Set(manifest.losses.map(({ object }) => object));
  const damage: string[] = [];
  for await (const row of allObjects(database)) {
    const id = toBase64Url(row.object_id);
    const problem = lost.has(id) ? undefined : await verifyObject({ database, blobs, signal, onRead }, row);
    if (problem !== undefined) damage.push(`the object ${id} is ${SAID[problem]}`);
    onBytes(row.ciphertext_length);
  }
  return damage;
}
