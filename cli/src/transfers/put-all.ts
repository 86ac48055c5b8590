import { basename, resolve } from "node:path";
import { type Drive, type Files, NotFoundError, type UploadResult } from "@excalibur/sdk";
import type { ConflictPolicy } from "../command-flags.ts";
import { expireOld } from "../expiry.ts";
import { LocalFileError } from "../local-files/local-error.ts";
import { LocalSources } from "../local-files/local-sources.ts";
import { countLocalTree, localKind } from "../local-files/scan.ts";
import { cleanPath } from "../remote-items.ts";
import type { Run } from "../run.ts";
import { freeingSentence, storageAfterRefusal, toStorageDocument } from "../storage-use.ts";
import { shown } from "../terminal/escape.ts";
import { CancelledError, CommandError, type ExitCode, isCancelled } from "../terminal/failure.ts";
import { count, formatSize } from "../terminal/format.ts";
import { createProgress, type Progress } from "../terminal/progress.ts";
import { type PutRequest, PutTree } from "./put-tree.ts";
import { Report } from "./report.ts";

export interface PutAllOptions {
  readonly locals: readonly string[];
  readonly remotePath: string;
  readonly recursive: boolean;
  readonly parents: boolean;
  readonly skipSame: boolean;
  readonly onConflict: ConflictPolicy;
  /** Where it goes; this account's drive unless told. */
  readonly into?: Pick<Drive, "files" | "uploads"> | undefined;
}

export async function putAll(run: Run, options: PutAllOptions): Promise<ExitCode> {
  const { signal, output, terminal } = run;
  const { files, uploads } = options.into ?? (await run.drive());
  const folderId = await findFolder(files, options, signal);
  const report = new Report();
  const sources = new LocalSources();
  const tree = new PutTree({ ...options, files, sources, report, signal });
  const isSilent = output.isQuiet || output.isJson;
  const progress = await createProgress({ terminal, verb: "Storing", isSilent });
  const sums = { uploaded: 0, replaced: 0, bytes: 0 };
  const counting = terminal.isWatched && !isSilent ? countAll(options, { progress, signal }) : undefined;
  let thrown: unknown;
  try {
    await uploads.upload(requests(tree, { ...options, folderId, report }), {
      signal,
      onBytes: (sizeBytes) => progress.bytes(sizeBytes),
      onResult: (result) => {
        progress.fileDone();
        note(result, { sums, report });
      },
    });
  } catch (error) {
    // What was stored before is told all the same.
    thrown = error;
  } finally {
    await sources.close();
  }
  await counting;
  progress.stop();
  report.tell(output);
  const { folders, skipped } = tree;
  const use = options.into === undefined && report.has("quota_exceeded") ? await storageAfterRefusal(run) : undefined;
  if (use !== undefined) output.complain(freeingSentence(use));
  output.done(
    { ...sums, skipped, folders, ...report.document(), ...(use && { storage: toStorageDocument(use) }) },
    summary({ ...sums, skipped, folders }, options),
  );
  if (signal.aborted) throw new CancelledError();
  if (thrown !== undefined) throw thrown;
  if (options.into === undefined) await expireOld(run);
  return report.exitCode;
}

/** Throws with the way to make it when the folder is not there. */
async function findFolder(
  files: Files,
  { remotePath, parents }: PutAllOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (parents) return await files.makeFolders(remotePath, { signal });
  try {
    return await files.resolveFolder(remotePath, { signal });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new CommandError(
      error.code,
      `There is no folder ${cleanPath(remotePath)} on the drive, so nothing was stored. Add -p to make it. A file keeps its name: to give it another, put it and then use mv.`,
    );
  }
}

interface RequestOptions extends PutAllOptions {
  readonly folderId: Uint8Array;
  readonly report: Report;
}

async function* requests(tree: PutTree, options: RequestOptions): AsyncGenerator<PutRequest> {
  const { locals, folderId, report, recursive } = options;
  for (const local of locals) {
    try {
      const path = resolve(local);
      const kind = await localKind(path);
      if (basename(path) === "") throw new LocalFileError("local_is_folder");
      if (kind === "file") yield* tree.file(path, folderId);
      else if (kind === "link") throw new LocalFileError("local_link");
      else if (kind === "special") throw new LocalFileError("local_special");
      else if (recursive) yield* tree.folder(path, folderId);
      else throw new CommandError("is_folder", "It is a folder. Add -r to store it with everything in it.");
    } catch (error) {
      // The uploads under way end by themselves and are reported.
      if (isCancelled(error)) return;
      report.fail(local, error);
    }
  }
}

function note(
  result: UploadResult<PutRequest>,
  { sums, report }: { readonly sums: { uploaded: number; replaced: number; bytes: number }; readonly report: Report },
): void {
  const { request } = result;
  if ("error" in result) {
    // One sentence for all of them: that it was stopped.
    if (!isCancelled(result.error)) report.fail(request.localPath, result.error);
    return;
  }
  sums.uploaded += 1;
  sums.bytes += result.sizeBytes;
  if (result.put.replaced) sums.replaced += 1;
  if (result.put.name !== request.name) report.rename(request.localPath, result.put.name);
}

async function countAll(
  { locals, recursive }: PutAllOptions,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  const { stat } = await import("node:fs/promises");
  for (const local of locals) {
    try {
      const facts = await stat(local);
      if (facts.isFile()) progress.expect(1, facts.size);
    } catch {
      // The transfer itself reports it.
    }
    const found = (files: number, sizeBytes: number) => progress.expect(files, sizeBytes);
    if (recursive) await countLocalTree(resolve(local), { signal, found });
  }
  progress.allExpected();
}

interface Sums {
  readonly uploaded: number;
  readonly replaced: number;
  readonly bytes: number;
  readonly skipped: number;
  readonly folders: number;
}

function summary(sums: Sums, { remotePath }: PutAllOptions): string {
  const parts = [`${count(sums.uploaded, "file")} (${formatSize(sums.bytes)})`];
  if (sums.folders > 0) parts.push(count(sums.folders, "folder"));
  const more = [
    ...(sums.replaced > 0 ? [`${sums.replaced} as new versions`] : []),
    ...(sums.skipped > 0 ? [`${sums.skipped} already there`] : []),
  ];
  const remarks = more.length > 0 ? `; ${more.join(", ")}` : "";
  return `Stored ${parts.join(" and ")} in ${shown(cleanPath(remotePath))}${remarks}.`;
}
