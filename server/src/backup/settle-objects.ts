import { toBase64Url } from "@excalibur/core/bytes";
import type { ObjectRow } from "../db/stores/objects.ts";
import type { Disk, DiskFile } from "../storage/disk/disk-port.ts";
import type { Layout, PackPlace } from "../storage/disk/layout.ts";
import { liveState, readRecordHeader, recordHeaderBytes, stateOffset } from "../storage/disk/packs/pack-record.ts";
import { placeOf } from "./copy-objects.ts";
import type { ManifestLoss } from "./manifest.ts";

export interface Settling {
  readonly disk: Disk;
  /** Of the restored objects. */
  readonly layout: Layout;
  readonly objects: AsyncIterable<ObjectRow>;
  readonly losses: readonly ManifestLoss[];
}

/**
 * Sees that every row has its bytes where it says. A record that was marked as deleted between the copy of the database and
 * the copy of its pack is marked as live again, because in this database it is. Names what is not there, a line each.
 */
export async function settleObjects({ disk, layout, objects, losses }: Settling): Promise<string[]> {
  const lost = new Set(losses.map(({ object }) => object));
  const damage: string[] = [];
  let open: { readonly packName: string; readonly file: DiskFile } | undefined;
  try {
    for await (const row of objects) {
      const id = toBase64Url(row.object_id);
      const place = placeOf(row);
      if (place.kind === "file") {
        const bytes = (await disk.fileStatus(layout.largePath(id)))?.sizeBytes;
        if (bytes !== row.ciphertext_length && !lost.has(id)) damage.push(`the object ${id} has no bytes`);
        continue;
      }
      if (open?.packName !== place.packName) {
        await open?.file.close();
        open = undefined;
        const path = layout.packPath(place.packName);
        if (await disk.fileStatus(path)) {
          open = { packName: place.packName, file: await disk.openFile(path, "existing") };
        }
      }
      const isThere = open !== undefined && (await makeLive(open.file, id, place));
      if (!isThere && !lost.has(id)) damage.push(`the object ${id} has no bytes`);
    }
  } finally {
    await open?.file.close();
  }
  return damage;
}

async function makeLive(file: DiskFile, id: string, { recordOffset, sizeBytes }: PackPlace): Promise<boolean> {
  const bytes = new Uint8Array(recordHeaderBytes);
  const filled = await file.read(bytes, recordOffset);
  const header = readRecordHeader(bytes.subarray(0, filled));
  if (header?.id !== id || header.sizeBytes !== sizeBytes) return false;
  if (!header.live) await file.write([Uint8Array.of(liveState)], recordOffset + stateOffset);
  return true;
}
