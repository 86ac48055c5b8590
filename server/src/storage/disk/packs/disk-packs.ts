import type { BlobPacks, PackFile } from "../../blob-store.ts";
import { diskErrorCode, writeError } from "../disk-errors.ts";
import { packNameOfFileName, parseLocation } from "../layout.ts";
import { recordHeaderBytes } from "./pack-record.ts";
import { type PackRewriterSeat, rewritePack } from "./pack-rewriter.ts";

export interface DiskPacksSeat extends PackRewriterSeat {
  readonly isGrowing: (packName: string) => boolean;
}

export function diskPacks(seat: DiskPacksSeat): BlobPacks {
  const { isGrowing } = seat;
  return {
    list: () => translated("packs could not be listed", () => listPacks(seat)),
    placeOf: (id, location) => {
      const place = parseLocation(id, location);
      if (place.kind === "file") return undefined;
      return { packName: place.packName, takesBytes: recordHeaderBytes + place.sizeBytes };
    },
    rewrite: async (packName, options) => {
      if (isGrowing(packName)) throw new RangeError("A pack that still grows cannot be rewritten.");
      return translated("a pack could not be rewritten", () => rewritePack(seat, packName, options));
    },
  };
}

async function listPacks({ disk, layout, isGrowing }: DiskPacksSeat): Promise<PackFile[]> {
  const packs: PackFile[] = [];
  for (const fileName of await disk.listDirectory(layout.packsDirectory)) {
    const name = packNameOfFileName(fileName);
    const status = name === undefined ? undefined : await disk.fileStatus(layout.packPath(name));
    if (name !== undefined && status) packs.push({ name, sizeBytes: status.sizeBytes, isGrowing: isGrowing(name) });
  }
  return packs;
}

/** What the disk said, in the store's words; what callers' own functions threw stays what it is. */
async function translated<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskErrorCode(error) === undefined ? error : writeError(error, action);
  }
}
