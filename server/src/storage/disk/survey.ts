import { join } from "node:path";
import { writeError } from "./disk-errors.ts";
import type { Disk } from "./disk-port.ts";
import { idOfFileName, layoutOf, packNameOfFileName } from "./layout.ts";
import { nodeDisk } from "./node-disk.ts";

export interface FileSum {
  files: number;
  bytes: number;
}

export interface DiskSurvey {
  readonly packs: FileSum;
  readonly staged: FileSum;
  readonly quarantine: FileSum;
  readonly freeBytes: number;
}

/** What lies in an objects folder, by names and sizes alone; changes nothing, and may look while a server works there. */
export async function surveyObjectsFolder(directory: string, disk: Disk = nodeDisk()): Promise<DiskSurvey> {
  const layout = layoutOf(directory);
  try {
    return {
      packs: await sumFiles(disk, layout.packsDirectory, (name) => packNameOfFileName(name) !== undefined),
      staged: await sumFiles(disk, layout.stagingDirectory, (name) => idOfFileName(name) !== undefined),
      quarantine: await sumTree(disk, layout.quarantineDirectory, 2),
      freeBytes: await disk.freeBytes(directory),
    };
  } catch (error) {
    throw writeError(error, "the objects folder could not be looked at");
  }
}

async function sumFiles(disk: Disk, directory: string, isOurs: (name: string) => boolean): Promise<FileSum> {
  const sum: FileSum = { files: 0, bytes: 0 };
  if ((await disk.fileStatus(directory)) === undefined) return sum;
  for (const name of (await disk.listDirectory(directory)).filter(isOurs)) {
    const status = await disk.fileStatus(join(directory, name));
    if (status === undefined) continue;
    sum.files += 1;
    sum.bytes += status.sizeBytes;
  }
  return sum;
}

/** Files that lie just so many folders below. */
async function sumTree(disk: Disk, directory: string, depth: number): Promise<FileSum> {
  if (depth === 0) return sumFiles(disk, directory, () => true);
  const sum: FileSum = { files: 0, bytes: 0 };
  if ((await disk.fileStatus(directory)) === undefined) return sum;
  for (const name of await disk.listDirectory(directory)) {
    const below = await sumTree(disk, join(directory, name), depth - 1);
    sum.files += below.files;
    sum.bytes += below.bytes;
  }
  return sum;
}
