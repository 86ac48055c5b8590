import { join } from "node:path";
import { fromBase64Url, fromHex, toBase64Url, toHex } from "@excalibur/core/bytes";
import { randomBytes } from "@excalibur/core/primitives";
import { BlobDamagedError } from "../blob-errors.ts";
import type { BlobLocation } from "../blob-store.ts";

// spec/storage.md "Folders": file names are hexadecimal, because base64url names differ by case only and many file
// systems do not tell cases apart.

/** Where everything lies below the objects folder. */
export interface Layout {
  readonly root: string;
  readonly stagingDirectory: string;
  readonly largeDirectory: string;
  readonly packsDirectory: string;
  readonly quarantineDirectory: string;
  stagedPath(id: string): string;
  largePath(id: string): string;
  /** The folder below `large` of a large object. */
  shardOf(id: string): string;
  shardPath(shardName: string): string;
  packPath(packName: string): string;
}

export function layoutOf(root: string): Layout {
  const stagingDirectory = join(root, "staging");
  const largeDirectory = join(root, "large");
  const packsDirectory = join(root, "packs");
  const shardPath = (shardName: string) => join(largeDirectory, shardName);
  const shardOf = (id: string) => shardPath(fileNameOf(id).slice(0, 2));
  return {
    root,
    stagingDirectory,
    largeDirectory,
    packsDirectory,
    quarantineDirectory: join(root, "quarantine"),
    stagedPath: (id) => join(stagingDirectory, fileNameOf(id)),
    largePath: (id) => join(shardOf(id), fileNameOf(id)),
    shardOf,
    shardPath,
    packPath: (packName) => join(packsDirectory, `${packName}${PACK_SUFFIX}`),
  };
}

const PACK_SUFFIX = ".pack";
const PACK_NAME = /^[0-9a-f]{16}$/;
const FILE_NAME = /^[0-9a-f]{32}$/;

/** @throws RangeError for anything but the canonical base64url of 16 bytes, so that no id can name another path. */
export function idBytes(id: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]{21}[AQgw]$/.test(id)) throw new RangeError("An object id is the base64url of 16 bytes.");
  return fromBase64Url(id);
}

export function fileNameOf(id: string): string {
  return toHex(idBytes(id));
}

/** Undefined for a file that the store did not make. */
export function idOfFileName(fileName: string): string | undefined {
  return FILE_NAME.test(fileName) ? toBase64Url(fromHex(fileName)) : undefined;
}

/** @throws RangeError for a name that could be a path. */
export function requireShelfName(shelf: string): void {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(shelf)) throw new RangeError("A shelf is named with letters, digits and dashes.");
}

export function isShardName(fileName: string): boolean {
  return /^[0-9a-f]{2}$/.test(fileName);
}

export function newPackName(): string {
  return toHex(randomBytes(8));
}

export function packNameOfFileName(fileName: string): string | undefined {
  if (!fileName.endsWith(PACK_SUFFIX)) return undefined;
  const name = fileName.slice(0, -PACK_SUFFIX.length);
  return PACK_NAME.test(name) ? name : undefined;
}

export type ParsedLocation = { readonly kind: "file" } | ({ readonly kind: "pack" } & PackPlace);

/** Where a record lies: `recordOffset` is the record's first byte in the pack, `sizeBytes` the object's length. */
export interface PackPlace {
  readonly packName: string;
  readonly recordOffset: number;
  readonly sizeBytes: number;
}

export const fileLocation = "file" as BlobLocation;

export function packLocation({ packName, recordOffset, sizeBytes }: PackPlace): BlobLocation {
  return `pack:${packName}:${recordOffset}:${sizeBytes}` as BlobLocation;
}

/** @throws BlobDamagedError for text that no store of this kind gave. */
export function parseLocation(id: string, location: BlobLocation): ParsedLocation {
  if (location === fileLocation) return { kind: "file" };
  const match = /^pack:([0-9a-f]{16}):(\d{1,15}):(\d{1,10})$/.exec(location);
  if (!match) throw new BlobDamagedError(id, "the place where they should lie is not understood");
  return { kind: "pack", packName: match[1] as string, recordOffset: Number(match[2]), sizeBytes: Number(match[3]) };
}
