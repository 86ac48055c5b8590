/**
 * node die-at-call.ts backup|restore CALL DATA TARGET DATABASE: backs up or restores, and is killed without a chance
 * to tidy up at its n-th call of the disk. Exit code 0 when it needed fewer calls.
 */

import { backUp, restore } from "../backup/index.ts";
import { dataFolderAt } from "../config/data-folder.ts";
import { openDatabase } from "../db/index.ts";
import { nodeDisk } from "../storage/disk/node-disk.ts";
import { faultyDisk } from "../storage/testing/faulty-disk.ts";

const [what, call, data, target, database] = process.argv.slice(2);
if (data === undefined || target === undefined) throw new Error("backup|restore CALL DATA TARGET");
const disk = faultyDisk(nodeDisk(), {
  decide: ({ number }) => {
    if (number >= Number(call)) process.kill(process.pid, "SIGKILL");
    return undefined;
  },
});
const nowMs = Date.UTC(2026, 5, 1);
if (what === "backup") {
  const place = database ?? "";
  const opened = await openDatabase(place.startsWith("postgres") ? { postgresUrl: place } : { sqliteFile: place });
  await backUp({ database: opened, folder: dataFolderAt(data), target, nowMs, disk });
  await opened.close();
} else {
  await restore({ target, dataFolder: data, moveOldDataAside: true, nowMs, disk });
}
