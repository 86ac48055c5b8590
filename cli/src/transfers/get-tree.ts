/** Items of the drive as download requests, folder by folder. */

import type { BigIntStats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import {
  type DownloadRequest,
  type FileContent,
  type Files,
  type Item,
  isDamage,
  NewerVersionError,
} from "@excalibur/sdk";
import { assignLocalNames } from "@excalibur/sdk/local-names";
import type { ConflictPolicy } from "../command-flags.ts";
import { LocalFileError } from "../local-files/local-error.ts";
import type { LocalSink } from "../local-files/local-sink.ts";
import { toMs } from "../local-files/local-source.ts";
import type { TargetFolder } from "../local-files/target-folder.ts";
import { joinPath } from "../remote-items.ts";
import type { Report } from "./report.ts";

export interface GetRequest extends DownloadRequest {
  readonly file: FileContent;
  /** On the drive. */
  readonly path: string;
  readonly openSink: () => Promise<LocalSink>;
  /** The name it was to get; another one when both were kept. */
  readonly localName: string;
  /** Set once the sink is open. */
  sink?: LocalSink;
}

export interface GetOptions {
  readonly files: Files;
  readonly report: Report;
  readonly onConflict: ConflictPolicy;
  /** Files of the same size and time count as done. */
  readonly skipSame: boolean;
  readonly signal: AbortSignal;
}

/** An item and its path on the drive. */
export interface Found {
  readonly item: Item;
  readonly path: string;
}

/** Makes the folders of a tree of the drive below a local one and gives the files in them. */
export class GetTree {
  readonly #options: GetOptions;
  folders = 0;
  skipped = 0;

  constructor(options: GetOptions) {
    this.#options = options;
  }

  /** Items that go into one local folder, with everything below those that are folders. */
  async *items(found: readonly Found[], target: TargetFolder): AsyncGenerator<GetRequest> {
    const inside: { readonly found: Found; readonly target: TargetFolder }[] = [];
    yield* this.#placed(found, target, (each, folder) => inside.push({ found: each, target: folder }));
    for (const each of inside) yield* this.below(each.found.item, each.found.path, each.target);
  }

  /** Everything in a folder of the drive; the root is told by its id. */
  async *below(top: Item | Uint8Array, path: string, target: TargetFolder): AsyncGenerator<GetRequest> {
    const { files, report, signal } = this.#options;
    const isRoot = top instanceof Uint8Array;
    const targets = new Map([[isRoot ? keyOf(top) : contentsKey(top), target]]);
    const enter = ({ item }: Found, folder: TargetFolder) => void targets.set(contentsKey(item), folder);
    let siblings: Found[] = [];
    const flush = (): AsyncGenerator<GetRequest> => {
      const group = siblings;
      siblings = [];
      const key = group[0] === undefined ? "" : keyOf(group[0].item.parentId);
      const folder = targets.get(key);
      // Each folder is met once: let go of it.
      targets.delete(key);
      return this.#placed(folder === undefined ? [] : group, folder ?? target, enter);
    };
    // A walk gives a folder's items one after the other, and a folder before what is in it.
    for await (const walked of files.walk(isRoot ? top : top.childId, { signal })) {
      const walkedPath = walked.path === "" ? path : joinPath(path, walked.path);
      if (isDamage(walked)) {
        report.fail(walkedPath, walked.cause);
        continue;
      }
      const first = siblings[0];
      if (first !== undefined && keyOf(first.item.parentId) !== keyOf(walked.item.parentId)) yield* flush();
      siblings.push({ item: walked.item, path: walkedPath });
    }
    yield* flush();
  }

  /** Gives siblings their local names, makes the folders among them, and yields the files. */
  async *#placed(
    found: readonly Found[],
    target: TargetFolder,
    entered: (found: Found, folder: TargetFolder) => void,
  ): AsyncGenerator<GetRequest> {
    const { report, signal } = this.#options;
    const names = assignLocalNames(
      found.map(({ item }) => item.name),
      target.system,
    );
    for (const [index, each] of found.entries()) {
      signal.throwIfAborted();
      const { name, isMapped } = names[index] as (typeof names)[number];
      const { item, path } = each;
      try {
        if (item.type === "folder") {
          entered(each, await target.enter(name));
          this.folders += 1;
        } else if (item.type === "file" && item.entry.file !== undefined) {
          const there = target.isNew ? undefined : await statOf(join(target.path, name));
          if (there !== undefined && this.#options.skipSame && isSame(there, item)) {
            this.skipped += 1;
            continue;
          }
          // Looked at before the bytes travel; the sink looks again when it gives the name.
          if (there !== undefined && this.#options.onConflict === "fail") throw new LocalFileError("local_exists");
          yield this.#request(each, item.entry.file, { target, name });
        } else throw item.problem ?? new NewerVersionError();
        if (isMapped) report.rename(path, name);
      } catch (error) {
        report.fail(path, error);
      }
    }
  }

  #request(
    { item, path }: Found,
    file: FileContent,
    { target, name }: { readonly target: TargetFolder; readonly name: string },
  ): GetRequest {
    const { onConflict } = this.#options;
    const request: GetRequest = {
      file,
      path,
      localName: name,
      openSink: async () => {
        request.sink = await target.openSink(name, { modifiedMs: item.modifiedMs, onConflict });
        return request.sink;
      },
    };
    return request;
  }
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id).toString("latin1");
}

/** What the items in a folder call their parent: of one that is mounted, the root of its own volume. */
function contentsKey({ childId, entry: { mount } }: Item): string {
  return keyOf(mount?.volumeId ?? childId);
}

function isSame(there: BigIntStats, { entry, modifiedMs }: Item): boolean {
  return there.isFile() && Number(there.size) === entry.file?.sizeBytes && toMs(there.mtimeNs) === modifiedMs;
}

/** undefined: nothing is there, or nothing that can be looked at. */
async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch {
    return undefined;
  }
}
