/** Local files and folders as upload requests, folder by folder. */

import { lstat } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  type Files,
  type Item,
  NameTakenError,
  NotAFileError,
  NotAFolderError,
  requireName,
  type UploadRequest,
} from "@excalibur/sdk";
import type { ConflictPolicy } from "../command-flags.ts";
import { LocalFileError, localError } from "../local-files/local-error.ts";
import { toMs } from "../local-files/local-source.ts";
import type { LocalSources } from "../local-files/local-sources.ts";
import { isProblem, type LocalEntry, listLocalFolder } from "../local-files/scan.ts";
import type { Report } from "./report.ts";

/** Folders that one commit makes. */
const FOLDERS_AT_ONCE = 1_000;

const IGNORED: Readonly<Record<string, string>> = {
  link: "a link, left out: links are not followed",
  special: "neither a file nor a folder, left out",
};

export interface PutRequest extends UploadRequest {
  readonly localPath: string;
}

export interface PutOptions {
  readonly files: Files;
  readonly sources: Pick<LocalSources, "open">;
  readonly report: Report;
  readonly onConflict: ConflictPolicy;
  /** Files of the same size and time count as done. */
  readonly skipSame: boolean;
  readonly signal: AbortSignal;
}

/** A local folder and what it becomes below the remote folder. */
interface FolderPair {
  readonly localPath: string;
  readonly names: readonly string[];
}

/**
 * Makes the folders of a local tree on the drive, parents first, and gives the files in them. Holds one batch of folders
 * and one folder's listing at a time, however large the tree is. What cannot be stored is told to the report.
 */
export class PutTree {
  readonly #options: PutOptions;
  /** Paths on the drive where a folder could not be: nothing below them is tried. */
  readonly #closed: string[] = [];
  folders = 0;
  skipped = 0;

  constructor(options: PutOptions) {
    this.#options = options;
  }

  /** A file named on the command line. */
  async *file(localPath: string, folderId: Uint8Array): AsyncGenerator<PutRequest> {
    const folder = new RemoteFolder(this.#options.files, folderId, this.#options.signal);
    const entry: LocalEntry = { name: basename(localPath), path: localPath, kind: "file" };
    const request = await this.#request(entry, folder);
    if (request !== undefined) yield request;
  }

  /** The folder itself and everything below it. */
  async *folder(localPath: string, folderId: Uint8Array): AsyncGenerator<PutRequest> {
    const name = this.#storedName(localPath, basename(localPath));
    if (name === undefined) return;
    const waiting: FolderPair[] = [{ localPath, names: [name] }];
    while (waiting.length > 0) {
      this.#options.signal.throwIfAborted();
      const batch = await this.#takeBatch(waiting);
      for (const { pair, nodeId } of await this.#make(batch, folderId)) yield* this.#filesOf(pair, nodeId);
    }
  }

  /** Takes folders from the stack, each after its parent, and puts theirs on it. */
  async #takeBatch(waiting: FolderPair[]): Promise<FolderPair[]> {
    const batch: FolderPair[] = [];
    while (batch.length < FOLDERS_AT_ONCE) {
      const pair = waiting.pop();
      if (pair === undefined) break;
      batch.push(pair);
      try {
        const twins = new Twins(pair.localPath);
        for await (const found of listLocalFolder(pair.localPath)) {
          if (isProblem(found) || found.kind !== "folder") continue;
          const name = this.#storedName(found.path, found.name);
          if (name === undefined) continue;
          if (await twins.has(found.name)) this.#options.report.fail(found.path, new NameTakenError());
          else waiting.push({ localPath: found.path, names: [...pair.names, name] });
        }
      } catch {
        // Reading it again for its files meets the same trouble and reports it.
      }
    }
    return batch;
  }

  /**
   * Makes folders in one commit. Where a file has a folder's name, that one and what is below it are reported, and the
   * others made: the batch is halved until the culprit stands alone.
   */
  async #make(
    wanted: readonly FolderPair[],
    folderId: Uint8Array,
  ): Promise<{ readonly pair: FolderPair; readonly nodeId: Uint8Array }[]> {
    const { files, signal, report } = this.#options;
    const batch = wanted.filter(
      ({ names }) => !this.#closed.some((closed) => `${names.join("/")}/`.startsWith(closed)),
    );
    if (batch.length === 0) return [];
    try {
      const paths = batch.map(({ names }) => names);
      const nodeIds = await files.makeTree(folderId, paths, { signal });
      this.folders += batch.length;
      return batch.map((pair, index) => ({ pair, nodeId: nodeIds[index] as Uint8Array }));
    } catch (error) {
      if (!(error instanceof NotAFolderError)) throw error;
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) {
        report.fail(only.localPath, error);
        this.#closed.push(`${only.names.join("/")}/`);
        return [];
      }
      const middle = Math.ceil(batch.length / 2);
      const first = await this.#make(batch.slice(0, middle), folderId);
      return [...first, ...(await this.#make(batch.slice(middle), folderId))];
    }
  }

  async *#filesOf(pair: FolderPair, nodeId: Uint8Array): AsyncGenerator<PutRequest> {
    const { report, signal, files } = this.#options;
    const folder = new RemoteFolder(files, nodeId, signal);
    const twins = new Twins(pair.localPath);
    try {
      for await (const found of listLocalFolder(pair.localPath)) {
        signal.throwIfAborted();
        if (isProblem(found)) {
          report.fail(found.path, found.error);
          continue;
        }
        if (found.kind === "folder") continue;
        const reason = IGNORED[found.kind];
        if (reason !== undefined) {
          report.ignore(found.path, reason);
          continue;
        }
        if (this.#options.onConflict !== "keep-both" && (await twins.has(found.name))) {
          report.fail(found.path, new NameTakenError());
          continue;
        }
        const request = await this.#request(found, folder);
        if (request !== undefined) yield request;
      }
    } catch (error) {
      if (!(error instanceof LocalFileError)) throw error;
      report.fail(pair.localPath, error);
    }
  }

  /** undefined: it needs no upload, or its trouble is reported. */
  async #request(entry: LocalEntry, folder: RemoteFolder): Promise<PutRequest | undefined> {
    const { report, onConflict, skipSame, sources } = this.#options;
    const name = this.#storedName(entry.path, entry.name);
    if (name === undefined) return undefined;
    // Looked at before the bytes travel; the commit looks again.
    const there = await folder.find(name);
    if (there !== undefined) {
      if (skipSame && (await isSame(entry.path, there))) {
        this.skipped += 1;
        return undefined;
      }
      const error =
        onConflict === "fail"
          ? new NameTakenError()
          : onConflict === "replace" && there.type !== "file"
            ? new NotAFileError()
            : undefined;
      if (error !== undefined) {
        report.fail(entry.path, error);
        return undefined;
      }
    }
    const open = () => sources.open(entry.path);
    return { open, folderId: folder.nodeId, name, onConflict, localPath: entry.path };
  }

  /** The name on the drive, or undefined after reporting why it cannot have one. */
  #storedName(path: string, name: string): string | undefined {
    try {
      return requireName(name);
    } catch (error) {
      this.#options.report.fail(path, error);
      return undefined;
    }
  }
}

/** What a folder on the drive held when the transfer came to it. */
class RemoteFolder {
  readonly nodeId: Uint8Array;
  readonly #files: Files;
  readonly #signal: AbortSignal;
  #items: Promise<Map<string, Item>> | undefined;

  constructor(files: Files, nodeId: Uint8Array, signal: AbortSignal) {
    this.#files = files;
    this.nodeId = nodeId;
    this.#signal = signal;
  }

  async find(name: string): Promise<Item | undefined> {
    this.#items ??= this.#list();
    return (await this.#items).get(name);
  }

  async #list(): Promise<Map<string, Item>> {
    const { items } = await this.#files.list(this.nodeId, { signal: this.#signal });
    return new Map(items.map((item) => [item.name, item]));
  }
}

/** Notices local names that become the same on the drive, where only one Unicode form is kept. */
class Twins {
  readonly #folder: string;
  readonly #composed = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether another name of this folder has the same stored form and goes first. */
  async has(name: string): Promise<boolean> {
    const composed = name.normalize("NFC");
    if (composed === name) return false;
    if (this.#composed.has(composed)) return true;
    this.#composed.add(composed);
    try {
      const [mine, other] = await Promise.all([lstat(join(this.#folder, name)), lstat(join(this.#folder, composed))]);
      // Some systems find a file under either form: then it is the same one.
      return mine.ino !== other.ino || mine.dev !== other.dev;
    } catch {
      return false;
    }
  }
}

async function isSame(path: string, item: Item): Promise<boolean> {
  const { file } = item.entry;
  if (item.type !== "file" || file === undefined) return false;
  try {
    const { size, mtimeNs } = await lstat(path, { bigint: true });
    return Number(size) === file.sizeBytes && toMs(mtimeNs) === item.modifiedMs;
  } catch (error) {
    throw localError(error);
  }
}
