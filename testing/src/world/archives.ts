import { createHash } from "node:crypto";
import { type ArchiveContents, type ArchiveTotals, writeArchive } from "@excalibur/sdk/archive";
import { readZip, type UnzippedEntry } from "@excalibur/sdk/testing";
import type { Device } from "./device.ts";
import type { LocalEntry } from "./local-files.ts";

/** What came of archiving items: what a browser would have written, and how it ended. */
export interface ArchiveOutcome {
  readonly bytes: Buffer;
  readonly end: "finished" | "aborted" | undefined;
  readonly totals?: ArchiveTotals;
  readonly error?: unknown;
  /** Verified bytes, as they were told. */
  readonly toldBytes: number;
}

export interface ArchiveTaking extends Partial<Omit<ArchiveContents, "items">> {
  readonly paths: readonly string[];
  readonly signal?: AbortSignal;
  /** Called before each piece is written. */
  readonly onPiece?: (writtenBytes: number) => void;
}

/** Archives what stands at these paths of the drive, in memory. */
export async function archive(
  device: Device,
  { paths, folders, signal, onPiece }: ArchiveTaking,
): Promise<ArchiveOutcome> {
  const pieces: Buffer[] = [];
  let [toldBytes, writtenBytes] = [0, 0];
  let end: ArchiveOutcome["end"];
  const sink = {
    write: async (piece: Uint8Array) => {
      onPiece?.(writtenBytes);
      pieces.push(Buffer.from(piece));
      writtenBytes += piece.length;
    },
    finish: async () => {
      end = "finished";
    },
    abort: async () => {
      end = "aborted";
    },
  };
  const onBytes = (bytes: number): void => {
    toldBytes += bytes;
  };
  const items = await Promise.all(paths.map((path) => device.find(path)));
  const outcome = await writeArchive(
    await device.drive,
    { items, ...(folders ? { folders } : {}) },
    { sink, ...(signal ? { signal } : {}), onBytes },
  ).then(
    (totals) => ({ totals }),
    (error: unknown) => ({ error }),
  );
  return { bytes: Buffer.concat(pieces), end, toldBytes, ...outcome };
}

/** Like `readTree` of a folder into which it was unpacked. Times are those of whole seconds. */
export function treeOfZip(bytes: Buffer): Map<string, LocalEntry> {
  return new Map(readZip(bytes).map((entry) => treeEntry(entry, bytes)));
}

function treeEntry({ path, isFolder, ...entry }: UnzippedEntry, bytes: Buffer): [string, LocalEntry] {
  if (isFolder) return [path.slice(0, -1), { type: "folder" }];
  const { start, sizeBytes, modifiedSeconds } = entry;
  const sha256 = createHash("sha256")
    .update(bytes.subarray(start, start + sizeBytes))
    .digest("hex");
  return [path, { type: "file", sizeBytes, sha256, modifiedMs: (modifiedSeconds ?? Number.NaN) * 1000 }];
}
