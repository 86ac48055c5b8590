import { join } from "node:path";
import type { ListedBlob } from "../blob-store.ts";
import { diskErrorCode, writeError } from "./disk-errors.ts";
import type { Disk, DiskFile } from "./disk-port.ts";
import { fileLocation, idOfFileName, isShardName, type Layout, packLocation, packNameOfFileName } from "./layout.ts";
import { walkPack } from "./packs/pack-walk.ts";

/** Everything in the objects folder; files that the store did not make are passed over. */
export async function* listBlobs(disk: Disk, layout: Layout): AsyncGenerator<ListedBlob, void, undefined> {
  try {
    for await (const bytes of listFiles(disk, layout.stagingDirectory)) yield { state: "staged", ...bytes };
    for (const shardName of (await disk.listDirectory(layout.largeDirectory)).filter(isShardName)) {
      for await (const bytes of listFiles(disk, layout.shardPath(shardName))) {
        yield { state: "stored", location: fileLocation, ...bytes };
      }
    }
    for (const fileName of await disk.listDirectory(layout.packsDirectory)) {
      const packName = packNameOfFileName(fileName);
      if (packName !== undefined) yield* listPack(disk, layout, packName);
    }
  } catch (error) {
    throw writeError(error, "the stored objects could not be listed");
  }
}

async function* listFiles(disk: Disk, directory: string) {
  for (const fileName of await disk.listDirectory(directory)) {
    const id = idOfFileName(fileName);
    const status = id === undefined ? undefined : await disk.fileStatus(join(directory, fileName));
    if (id !== undefined && status) yield { id, ...status };
  }
}

async function* listPack(disk: Disk, layout: Layout, packName: string): AsyncGenerator<ListedBlob, void, undefined> {
  const path = layout.packPath(packName);
  const status = await disk.fileStatus(path);
  const file = status && (await openUnlessGone(disk, path));
  if (!file) return;
  try {
    for await (const { id, recordOffset, sizeBytes, live } of walkPack(file, status.sizeBytes)) {
      const location = packLocation({ packName, recordOffset, sizeBytes });
      if (live) yield { state: "stored", id, location, sizeBytes, modifiedAtMs: status.modifiedAtMs };
    }
  } finally {
    await file.close();
  }
}

async function openUnlessGone(disk: Disk, path: string): Promise<DiskFile | undefined> {
  try {
    return await disk.openFile(path, "read");
  } catch (error) {
    if (diskErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
