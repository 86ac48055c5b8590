import { dirname } from "node:path";
import { toBase64Url } from "@excalibur/core/bytes";
import type { CopiedDatabase } from "../db/index.ts";
import type { ObjectRow } from "../db/stores/objects.ts";
import type { BlobLocation } from "../storage/blob-store.ts";
import type { Disk } from "../storage/disk/disk-port.ts";
import { type Layout, type PackPlace, parseLocation } from "../storage/disk/layout.ts";
import { recordHeaderBytes } from "../storage/disk/packs/pack-record.ts";
import { copyStretch, hashStretch, SourceProblem } from "./copy-file.ts";
import { copyPack } from "./copy-pack.ts";
import { DAMAGED, inside, largePath } from "./layout.ts";
import type { ManifestFile, ManifestLoss } from "./manifest.ts";
import { TreeCheck } from "./tree-check.ts";

export interface CopyProgress {
  readonly objects: number;
  readonly copiedBytes: number;
}

export interface ObjectCopying {
  readonly disk: Disk;
  /** Of the live objects. */
  readonly layout: Layout;
  readonly target: string;
  /** What earlier manifests say of files that are in the backup folder. */
  readonly known: ReadonlyMap<string, ManifestFile>;
  /** Whether the live database still has this object in this place. */
  readonly isStillThere: (row: ObjectRow) => Promise<boolean>;
  readonly onProgress: (progress: CopyProgress) => void;
  readonly signal: AbortSignal | undefined;
}

export interface CopiedObjects {
  readonly files: readonly ManifestFile[];
  readonly losses: readonly ManifestLoss[];
  readonly objects: number;
  /** Something that the copy of the database names was collected or moved meanwhile: another copy is needed. */
  readonly moved: boolean;
}

/** Brings every object that a copy of the database names into the backup folder, leaving alone what is there. */
export class ObjectCopier {
  readonly #room: ObjectCopying;
  readonly #touched = new Set<string>();
  copiedFiles = 0;
  copiedBytes = 0;

  constructor(room: ObjectCopying) {
    this.#room = room;
  }

  async copy(database: CopiedDatabase): Promise<CopiedObjects> {
    const files: ManifestFile[] = [];
    const lost = new LossList(this.#room.isStillThere);
    const packEnds = new Map<string, number>();
    let objects = 0;
    for await (const row of database.objects()) {
      this.#room.signal?.throwIfAborted();
      const place = placeOf(row);
      if (place.kind === "pack") {
        packEnds.set(place.packName, Math.max(packEnds.get(place.packName) ?? 0, recordEnd(place)));
      } else {
        const file = await this.#copyLarge(row, lost);
        if (file) files.push(file);
      }
      objects += 1;
      this.#room.onProgress({ objects, copiedBytes: this.copiedBytes });
    }
    const incomplete = new Map<string, (place: PackPlace) => string | undefined>();
    for (const [packName, end] of packEnds) {
      const pack = await copyPack(this.#room, {
        packName,
        end,
        onCopied: (path, bytes) => this.#count(path, bytes),
        onLeftBehind: (path) => this.#touch(path),
      });
      files.push(...pack.files);
      if (pack.problemOf) incomplete.set(packName, pack.problemOf);
      this.#room.onProgress({ objects, copiedBytes: this.copiedBytes });
    }
    // Only when something is wrong is the list gone through again, to name the objects.
    if (incomplete.size > 0) {
      for await (const row of database.objects()) {
        const place = placeOf(row);
        const problem = place.kind === "pack" ? incomplete.get(place.packName)?.(place) : undefined;
        if (problem !== undefined) await lost.add(row, problem);
      }
    }
    return { files, losses: lost.losses, objects, moved: lost.moved };
  }

  /** Makes the names of everything copied durable. */
  async sync(): Promise<void> {
    const folders = [...this.#touched];
    for (const folder of new Set([...folders, ...folders.map(dirname)])) await this.#room.disk.syncDirectory(folder);
  }

  async #copyLarge(row: ObjectRow, lost: LossList): Promise<ManifestFile | undefined> {
    const { disk, layout, target, known, signal } = this.#room;
    const id = toBase64Url(row.object_id);
    const path = largePath(id, row.tree_hash);
    const to = inside(target, path);
    const bytes = row.ciphertext_length;
    if ((await disk.fileStatus(to))?.sizeBytes === bytes) {
      const sha256 = known.get(path)?.sha256 ?? (await this.#hashLeftBehind(row, to));
      if (!known.has(path)) this.#touch(to);
      if (sha256 !== undefined) return { path, bytes, sha256 };
    }
    const check = new TreeCheck(row);
    let isWhole = true;
    const rename = () => {
      isWhole = check.matches();
      return isWhole ? to : `${to}${DAMAGED}`;
    };
    const observe = (chunk: Uint8Array) => check.update(chunk);
    try {
      const from = layout.largePath(id);
      const sha256 = await copyStretch({ disk, from, to, length: bytes, observe, rename, signal });
      this.#count(to, bytes);
      if (!isWhole) await lost.add(row, "its stored bytes are damaged; they were copied as they are");
      return { path: isWhole ? path : `${path}${DAMAGED}`, bytes, sha256 };
    } catch (error) {
      if (!(error instanceof SourceProblem)) throw error;
      await lost.add(row, `its file is ${error.kind}`);
      return undefined;
    }
  }

  /** A whole file of an interrupted backup, which no manifest knows: looked at before it counts. */
  async #hashLeftBehind(row: ObjectRow, from: string): Promise<string | undefined> {
    const { disk, signal } = this.#room;
    const check = new TreeCheck(row);
    const request = { disk, from, length: row.ciphertext_length, signal };
    const sha256 = await hashStretch(request, (chunk) => check.update(chunk));
    return check.matches() ? sha256 : undefined;
  }

  /** Also a file that an interrupted backup left: nobody knows whether that one came to syncing its name. */
  #touch(path: string): void {
    this.#touched.add(dirname(path));
  }

  #count(path: string, bytes: number): void {
    this.#touch(path);
    this.copiedFiles += 1;
    this.copiedBytes += bytes;
  }
}

export function placeOf(row: ObjectRow) {
  return parseLocation(toBase64Url(row.object_id), row.location as BlobLocation);
}

export function recordEnd({ recordOffset, sizeBytes }: PackPlace): number {
  return recordOffset + recordHeaderBytes + sizeBytes;
}

/** Tells objects that the server lost from those that it merely collected or moved since its database was copied. */
class LossList {
  readonly #isStillThere: ObjectCopying["isStillThere"];
  readonly losses: ManifestLoss[] = [];
  moved = false;

  constructor(isStillThere: ObjectCopying["isStillThere"]) {
    this.#isStillThere = isStillThere;
  }

  async add(row: ObjectRow, problem: string): Promise<void> {
    if (await this.#isStillThere(row)) this.losses.push({ object: toBase64Url(row.object_id), problem });
    else this.moved = true;
  }
}
