import { join } from "node:path";
import { BlobDamagedError } from "../blob-errors.ts";
import type { ListedBlob } from "../blob-store.ts";
import { writeError } from "./disk-errors.ts";
import type { Disk } from "./disk-port.ts";
import { fileNameOf, type Layout, type PackPlace, parseLocation, requireShelfName } from "./layout.ts";
import type { OpenFiles } from "./open-files.ts";
import { recordHeaderBytes } from "./packs/pack-record.ts";
import type { PackRemover } from "./packs/pack-remover.ts";

export interface SetAsideSeat {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly openFiles: OpenFiles;
  readonly packs: PackRemover;
}

/** Moves bytes to quarantine/<shelf>. A record of a pack is copied, and its copy is durable before the record is dead. */
export async function setAside(seat: SetAsideSeat, blob: ListedBlob, shelf: string): Promise<void> {
  requireShelfName(shelf);
  const { disk, layout, openFiles, packs } = seat;
  const name = fileNameOf(blob.id);
  const place = blob.state === "stored" ? parseLocation(blob.id, blob.location) : undefined;
  const kind = blob.state === "staged" ? "staging" : place?.kind === "pack" ? "packs" : "large";
  try {
    const directory = await makeShelf(seat, shelf, kind);
    if (place?.kind === "pack") {
      await copyRecord(seat, place, join(directory, `${name}-${place.packName}-${place.recordOffset}`));
      await disk.syncDirectory(directory);
      await packs.delete(blob.id, place);
    } else {
      const path = blob.state === "staged" ? layout.stagedPath(blob.id) : layout.largePath(blob.id);
      await openFiles.forget(path);
      await disk.rename(path, join(directory, name));
      await disk.syncDirectory(directory);
    }
  } catch (error) {
    throw writeError(error, "bytes could not be moved to quarantine");
  }
}

async function makeShelf({ disk, layout }: SetAsideSeat, shelf: string, kind: string): Promise<string> {
  let parent = layout.root;
  for (const directory of [layout.quarantineDirectory, join(layout.quarantineDirectory, shelf)]) {
    await disk.makeDirectory(directory);
    await disk.syncDirectory(parent);
    parent = directory;
  }
  const directory = join(parent, kind);
  await disk.makeDirectory(directory);
  await disk.syncDirectory(parent);
  return directory;
}

/** At most 8 MiB, so in one piece. A copy that an earlier try left behind is written over. */
async function copyRecord({ disk, layout, openFiles }: SetAsideSeat, place: PackPlace, target: string): Promise<void> {
  const bytes = new Uint8Array(place.sizeBytes);
  const path = layout.packPath(place.packName);
  const at = place.recordOffset + recordHeaderBytes;
  const filled = await openFiles.use({ path, mode: "read", work: (file) => file.read(bytes, at) });
  if (filled < bytes.length) throw new BlobDamagedError(place.packName, "they end too early");
  const copy = await disk.openFile(target, "either");
  try {
    await copy.write([bytes], 0);
    await copy.datasync();
  } finally {
    await copy.close();
  }
}
