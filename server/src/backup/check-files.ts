import type { Disk } from "../storage/disk/disk-port.ts";
import { hashStretch, SourceProblem } from "./copy-file.ts";
import { inside } from "./layout.ts";
import type { ManifestFile } from "./manifest.ts";

/** Files of a manifest that are not there or not of their length, a sentence each. Quick: nothing is read. */
export async function findMissing(disk: Disk, target: string, files: readonly ManifestFile[]): Promise<string[]> {
  const damage: string[] = [];
  for (const { path, bytes } of files) {
    const status = await disk.fileStatus(inside(target, path));
    if (status === undefined) damage.push(`${path} is missing`);
    else if (status.sizeBytes !== bytes) damage.push(`${path} has ${status.sizeBytes} bytes instead of ${bytes}`);
  }
  return damage;
}

export interface FileCheck {
  readonly disk: Disk;
  readonly target: string;
  readonly files: readonly ManifestFile[];
  readonly signal?: AbortSignal | undefined;
  readonly onBytes: (bytes: number) => void;
}

/** As above, and those whose bytes are others than when they were written. */
export async function findAltered({ disk, target, files, signal, onBytes }: FileCheck): Promise<string[]> {
  const missing = await findMissing(disk, target, files);
  const isMissing = new Set(missing.map((line) => line.slice(0, line.indexOf(" "))));
  const altered: string[] = [];
  for (const { path, bytes, sha256 } of files) {
    if (isMissing.has(path)) continue;
    try {
      const found = await hashStretch({ disk, from: inside(target, path), length: bytes, signal });
      if (found !== sha256) altered.push(alteredFile(path));
    } catch (error) {
      if (!(error instanceof SourceProblem)) throw error;
      altered.push(`${path} is ${error.kind}`);
    }
    onBytes(bytes);
  }
  return [...missing, ...altered];
}

export function alteredFile(path: string): string {
  return `${path} is not as it was written: its SHA-256 differs`;
}
