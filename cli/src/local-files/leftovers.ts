import type { Stats } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isRunning } from "./running.ts";

/** Of a small file on its way, or of a look at what a disk takes for one name: there for an instant, unless the program dies in it. */
const OF_A_PROCESS = /^\.excalibur-p(\d+)-[0-9a-f].*\.part$/;
/** Of a large one; on its own it is taken up again by whoever fetches that file. */
const UNFINISHED = /^\.excalibur-[0-9a-f-]{36}\.part$/;

/**
 * Takes away what programs that died have left in a folder, and nobody goes on with: temporary files of processes that do not run any
 * more, and second names of files that have got theirs. Unfinished large files stay. What cannot be looked at or taken away stays, too:
 * it is no reason not to fetch something.
 */
export async function sweepLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(".excalibur-")) continue;
    try {
      await sweepOne(folder, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }
}

async function sweepOne(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  if (isLeftover(name, await lstat(path))) await rm(path, { force: true });
}

function isLeftover(name: string, stat: Stats): boolean {
  const isOurs = stat.isFile() && stat.uid === (process.getuid?.() ?? stat.uid);
  if (!isOurs) return false;
  const [, pid] = OF_A_PROCESS.exec(name) ?? [];
  if (pid !== undefined) return Number(pid) !== process.pid && !isRunning(Number(pid));
  return UNFINISHED.test(name) && stat.nlink > 1;
}
