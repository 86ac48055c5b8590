import { link, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fromHex, toBase64Url, toHex } from "@excalibur/core/bytes";
import { createSha256 } from "@excalibur/core/primitives";
import { type DataFolder, dataFolderAt } from "../config/data-folder.ts";
import { type DatabaseLocation, fillDatabase, openDatabaseCopy } from "../db/index.ts";
import { diskErrorCode } from "../storage/disk/disk-errors.ts";
import type { Disk } from "../storage/disk/disk-port.ts";
import { type Layout, layoutOf } from "../storage/disk/layout.ts";
import { alteredFile } from "./check-files.ts";
import { copyStretch, makeFolders, readStretch, SourceProblem } from "./copy-file.ts";
import { BackupDamagedError } from "./errors.ts";
import { inside, type ManifestPath, parseManifestPath } from "./layout.ts";
import type { Manifest, ManifestFile } from "./manifest.ts";
import { settleObjects } from "./settle-objects.ts";

export interface BuildOptions {
  readonly disk: Disk;
  readonly target: string;
  readonly manifest: Manifest;
  /** An empty folder that nobody else uses. */
  readonly folder: string;
  /** Where the database goes; the folder's own SQLite file when not given. */
  readonly postgresUrl?: string | undefined;
  /** Large objects by a second name instead of a copy, where the disk can: for a folder that is only looked at. */
  readonly mayLink?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes: (bytes: number) => void;
}

type Stretch = ManifestFile & Extract<ManifestPath, { kind: "stretch" }>;

/** Makes a data folder of a snapshot. Every byte is checked on its way. @throws BackupDamagedError, which names the file */
export async function buildData(options: BuildOptions): Promise<void> {
  const { disk, manifest, onBytes, signal } = options;
  const folder = dataFolderAt(options.folder);
  const layout = layoutOf(folder.objectsFolder);
  for (const path of [folder.objectsFolder, layout.largeDirectory, layout.packsDirectory, layout.stagingDirectory]) {
    await makeFolders(disk, path);
  }
  const packs = new Map<string, Stretch[]>();
  for (const file of manifest.files) {
    signal?.throwIfAborted();
    const parsed = parseManifestPath(file.path, manifest.head.snapshot);
    if (parsed?.kind === "stretch") {
      packs.set(parsed.packName, [...(packs.get(parsed.packName) ?? []), { ...file, ...parsed }]);
      continue;
    }
    if (parsed?.kind === "large") await putLarge(options, { file, layout, id: toBase64Url(fromHex(parsed.id)) });
    else if (parsed) await putChecked(options, file, join(folder.path, placeOfSmall(parsed.file)));
    onBytes(file.bytes);
  }
  for (const [packName, stretches] of packs) await joinPack(options, layout.packPath(packName), stretches);
  await putDatabase(options, folder, layout);
  await syncBelow(disk, folder.path);
}

const COPY = "restored-database";

/** Where a file of the snapshot's own folder goes, relative to the data folder. */
function placeOfSmall(file: string): string {
  return file.startsWith("files/") ? file.slice("files/".length) : COPY;
}

async function putChecked({ disk, target, signal }: BuildOptions, file: ManifestFile, to: string): Promise<void> {
  const from = inside(target, file.path);
  const sha256 = await named(file, () => copyStretch({ disk, from, to, length: file.bytes, signal }));
  if (sha256 !== file.sha256) throw damaged(alteredFile(file.path));
}

async function putLarge(
  options: BuildOptions,
  { file, layout, id }: { readonly file: ManifestFile; readonly layout: Layout; readonly id: string },
): Promise<void> {
  const to = layout.largePath(id);
  if (options.mayLink && (await couldLink(options, inside(options.target, file.path), to))) return;
  await putChecked(options, file, to);
}

async function couldLink({ disk }: BuildOptions, from: string, to: string): Promise<boolean> {
  await makeFolders(disk, dirname(to));
  try {
    await link(from, to);
    return true;
  } catch (error) {
    // Another disk, or a file system without second names: then it is a copy.
    if (diskErrorCode(error) === "ENOSPC") throw error;
    return false;
  }
}

async function joinPack(options: BuildOptions, to: string, stretches: readonly Stretch[]): Promise<void> {
  const { disk, target, signal, onBytes } = options;
  const file = await disk.openFile(to, "new");
  try {
    let position = 0;
    for (const stretch of [...stretches].sort((a, b) => a.start - b.start)) {
      if (stretch.start !== position) throw damaged(`${stretch.path} does not follow on what is before it`);
      const hash = createSha256();
      await named(stretch, async () => {
        const request = { disk, from: inside(target, stretch.path), length: stretch.bytes, signal };
        for await (const chunk of readStretch(request)) {
          hash.update(chunk);
          await file.write([chunk], position);
          position += chunk.length;
        }
      });
      if (toHex(hash.digest()) !== stretch.sha256) throw damaged(alteredFile(stretch.path));
      onBytes(stretch.bytes);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function putDatabase(options: BuildOptions, folder: DataFolder, layout: Layout): Promise<void> {
  const { disk, manifest, postgresUrl, signal } = options;
  const form = manifest.head.database;
  const copy = join(folder.path, COPY);
  {
    await using opened = await openDatabaseCopy({ form, path: copy });
    const damage = await settleObjects({ disk, layout, objects: opened.objects(), losses: manifest.losses });
    if (damage.length > 0) throw new BackupDamagedError(NOT_WHOLE, damage);
  }
  if (form === "sqlite" && postgresUrl === undefined) return disk.rename(copy, folder.sqliteFile);
  const location: DatabaseLocation = postgresUrl === undefined ? { sqliteFile: folder.sqliteFile } : { postgresUrl };
  await fillDatabase({ form, path: copy }, { location, ...(signal && { signal }) });
  for (const path of [copy, `${copy}.rows`]) await rm(path, { force: true });
}

const NOT_WHOLE = "Nothing was restored, because this backup is damaged; restore an earlier one with --snapshot.";

function damaged(line: string): BackupDamagedError {
  return new BackupDamagedError(NOT_WHOLE, [line]);
}

/** A file that cannot be read is damage with a name. */
async function named<T>({ path }: ManifestFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SourceProblem) throw damaged(`${path} is ${error.kind}`);
    throw error;
  }
}

async function syncBelow(disk: Disk, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncBelow(disk, join(folder, entry.name));
  }
  await disk.syncDirectory(folder);
}
