import { randomUUID } from "node:crypto";
import { lstat, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LocalSystem } from "@excalibur/sdk/local-names";
import { locally } from "./local-error.ts";

/** Finds out by trying: disks of one computer differ. Throws LocalFileError when nothing can be written there. */
export async function probeLocalSystem(folder: string, platform: string = process.platform): Promise<LocalSystem> {
  const stem = randomUUID().slice(0, 8);
  const name = `.excalibur-p${process.pid}-${stem}-\u00E9a.part`;
  const path = join(folder, name);
  return await locally(async () => {
    const handle = await open(path, "wx", 0o600);
    try {
      const { ino } = await handle.stat({ bigint: true });
      const isSame = async (other: string): Promise<boolean> => (await inodeOf(join(folder, other))) === ino;
      return {
        family: platform === "win32" ? "windows" : "unix",
        foldsCase: await isSame(name.replace(/a\.part$/, "A.part")),
        foldsForms: await isSame(name.normalize("NFD")),
      };
    } finally {
      await handle.close();
      await rm(path, { force: true });
    }
  });
}

async function inodeOf(path: string): Promise<bigint | undefined> {
  try {
    return (await lstat(path, { bigint: true })).ino;
  } catch {
    return undefined;
  }
}
