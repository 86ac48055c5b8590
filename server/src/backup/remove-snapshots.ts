import { readdir, rm, rmdir } from "node:fs/promises";
import type { Disk } from "../storage/disk/disk-port.ts";
import { BackupError } from "./errors.ts";
import { inside, OBJECTS, PART, parseManifestPath, SNAPSHOTS, UNFINISHED } from "./layout.ts";
import { readManifest } from "./manifest.ts";
import { listSnapshots } from "./target.ts";

/**
 * Removes all but the newest `keep` snapshots and then what none of those names. When a manifest of one that stays cannot
 * be read, nothing is removed: it would not be known what it needs. Names what was removed.
 */
export async function removeOldSnapshots(disk: Disk, target: string, keep: number): Promise<string[]> {
  const names = await listSnapshots(target);
  const old = names.slice(0, Math.max(0, names.length - keep));
  const needed = new Set<string>();
  for (const name of names.slice(old.length)) {
    try {
      for (const { path } of (await readManifest(target, name)).files) needed.add(path);
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      const message = `This backup is complete, but no old one was removed: the manifest of ${name}, which stays, cannot be read. Look at it with «backup verify».`;
      throw new BackupError("backup_damaged", message, error);
    }
  }
  for (const name of old) {
    // Renamed first: a removal that is interrupted leaves something that nobody takes for a backup.
    const unfinished = inside(target, `${SNAPSHOTS}/${name}${UNFINISHED}`);
    await disk.rename(inside(target, `${SNAPSHOTS}/${name}`), unfinished);
    await disk.syncDirectory(inside(target, SNAPSHOTS));
    await rm(unfinished, { recursive: true, force: true });
  }
  await removeUnneeded(disk, target, needed);
  return old;
}

async function removeUnneeded(disk: Disk, target: string, needed: ReadonlySet<string>): Promise<void> {
  for (const kind of ["large", "packs"]) {
    for (const folder of await readdir(inside(target, `${OBJECTS}/${kind}`))) {
      const below = `${OBJECTS}/${kind}/${folder}`;
      const names = await readdir(inside(target, below));
      const unneeded = names.filter((name) => isOurs(`${below}/${name}`) && !needed.has(`${below}/${name}`));
      for (const name of unneeded) await disk.unlink(inside(target, `${below}/${name}`));
      if (unneeded.length === names.length && names.length > 0) await rmdir(inside(target, below));
    }
  }
}

function isOurs(path: string): boolean {
  return path.endsWith(PART) || parseManifestPath(path, "") !== undefined;
}
