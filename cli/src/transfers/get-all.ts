import { mkdir } from "node:fs/promises";
import { type DownloadResult, type Drive, isDamage } from "@excalibur/sdk";
import type { ConflictPolicy } from "../command-flags.ts";
import { earlierItem } from "../earlier-versions.ts";
import { LocalFileError, locally } from "../local-files/local-error.ts";
import { PlaceThread } from "../local-files/place-thread.ts";
import { TargetFolder } from "../local-files/target-folder.ts";
import { cleanPath, findItem } from "../remote-items.ts";
import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { CancelledError, CommandError, type ExitCode, isCancelled } from "../terminal/failure.ts";
import { count, formatSize } from "../terminal/format.ts";
import { createProgress, type Progress } from "../terminal/progress.ts";
import { type Found, type GetRequest, GetTree } from "./get-tree.ts";
import { Report } from "./report.ts";

export interface GetAllOptions {
  readonly remotePaths: readonly string[];
  readonly localFolder: string;
  readonly recursive: boolean;
  readonly parents: boolean;
  readonly skipSame: boolean;
  readonly onConflict: ConflictPolicy;
  /** As it was typed; of the one file that is fetched. */
  readonly version?: string | undefined;
  /** Where it comes from; this account's drive unless told. */
  readonly from?: Pick<Drive, "files" | "downloads">;
}

export async function getAll(run: Run, options: GetAllOptions): Promise<ExitCode> {
  const thread = new PlaceThread();
  try {
    return await getInto(run, await openTarget(options, thread), options);
  } finally {
    await thread.close();
  }
}

async function getInto(run: Run, target: TargetFolder, options: GetAllOptions): Promise<ExitCode> {
  const { signal, output, terminal } = run;
  const drive = options.from ?? (await run.drive());
  const report = new Report();
  const tree = new GetTree({ ...options, files: drive.files, report, signal });
  const wanted = await findAll(drive, options, { report, signal });
  const isSilent = output.isQuiet || output.isJson;
  const progress = await createProgress({ terminal, verb: "Fetching", isSilent });
  const sums = { downloaded: 0, bytes: 0 };
  const counting = terminal.isWatched && !isSilent ? countAll(drive, wanted, { progress, signal }) : undefined;
  let thrown: unknown;
  try {
    await drive.downloads.download(requests(tree, wanted, { target, signal }), {
      signal,
      onBytes: (sizeBytes) => progress.bytes(sizeBytes),
      onResult: (result) => {
        progress.fileDone();
        note(result, { sums, report });
      },
    });
  } catch (error) {
    thrown = error;
  }
  await counting;
  progress.stop();
  report.tell(output);
  const { folders, skipped } = tree;
  output.done({ ...sums, skipped, folders, ...report.document() }, summary({ ...sums, skipped, folders }, target));
  if (signal.aborted) throw new CancelledError();
  if (thrown !== undefined) throw thrown;
  return report.exitCode;
}

async function openTarget({ localFolder, parents }: GetAllOptions, thread: PlaceThread): Promise<TargetFolder> {
  try {
    if (parents) await locally(() => mkdir(localFolder, { recursive: true }));
    return await TargetFolder.open(localFolder, thread);
  } catch (error) {
    if (!(error instanceof LocalFileError)) throw error;
    const reason =
      error.code === "local_missing"
        ? "is not there. Add -p to make it. A file keeps its name: rename it afterwards"
        : error.code === "local_not_folder"
          ? "is not a folder. A file keeps its name: rename it afterwards"
          : "cannot be written to";
    throw new CommandError(error.code, `The local folder ${localFolder} ${reason}. Nothing was fetched.`, {
      cause: error,
    });
  }
}

/** What the arguments name. The root has no name of its own: it is told by its id. */
interface Wanted {
  readonly found: readonly Found[];
  readonly root: Uint8Array | undefined;
}

async function findAll(
  { files }: Pick<Drive, "files">,
  { remotePaths, recursive, version }: GetAllOptions,
  { report, signal }: { readonly report: Report; readonly signal: AbortSignal },
): Promise<Wanted> {
  const found: Found[] = [];
  let root: Uint8Array | undefined;
  for (const remotePath of remotePaths) {
    const path = cleanPath(remotePath);
    try {
      const item = await findItem(files, remotePath, { signal });
      if ((item === null || item.type === "folder") && !recursive) {
        throw new CommandError("is_folder", "It is a folder. Add -r to fetch it with everything in it.");
      }
      if (item === null) root = files.rootId;
      else found.push({ item: version === undefined ? item : await earlierItem(item, version), path });
    } catch (error) {
      if (isCancelled(error)) throw error;
      report.fail(path, error);
    }
  }
  return { found, root };
}

async function* requests(
  tree: GetTree,
  { found, root }: Wanted,
  { target, signal }: { readonly target: TargetFolder; readonly signal: AbortSignal },
): AsyncGenerator<GetRequest> {
  try {
    yield* tree.items(found, target);
    if (root !== undefined) yield* tree.below(root, "/", target);
  } catch (error) {
    // The downloads under way end by themselves and are reported.
    if (!(isCancelled(error) || signal.aborted)) throw error;
  }
}

function note(
  { request, error }: DownloadResult<GetRequest>,
  { sums, report }: { readonly sums: { downloaded: number; bytes: number }; readonly report: Report },
): void {
  if (error !== undefined) {
    if (!isCancelled(error)) report.fail(request.path, error);
    return;
  }
  sums.downloaded += 1;
  sums.bytes += request.file.sizeBytes;
  const name = request.sink?.name ?? request.localName;
  if (name !== request.localName) report.rename(request.path, name);
}

async function countAll(
  { files }: Pick<Drive, "files">,
  { found, root }: Wanted,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  try {
    const folders = root === undefined ? [] : [root];
    for (const { item } of found) {
      if (item.type === "folder") folders.push(item.childId);
      else progress.expect(1, item.entry.file?.sizeBytes ?? 0);
    }
    for (const folder of folders) {
      for await (const walked of files.walk(folder, { signal })) {
        if (!isDamage(walked) && walked.item.type === "file")
          progress.expect(1, walked.item.entry.file?.sizeBytes ?? 0);
      }
    }
    progress.allExpected();
  } catch {
    // Only the figures of the bar are missing; the transfer itself meets the trouble and reports it.
  }
}

interface Sums {
  readonly downloaded: number;
  readonly bytes: number;
  readonly skipped: number;
  readonly folders: number;
}

function summary(sums: Sums, target: TargetFolder): string {
  const folders = sums.folders > 0 ? ` and ${count(sums.folders, "folder")}` : "";
  const skipped = sums.skipped > 0 ? `; ${sums.skipped} already there` : "";
  return `Fetched ${count(sums.downloaded, "file")} (${formatSize(sums.bytes)})${folders} into ${shown(target.path)}${skipped}.`;
}
