import { type Item, measureVisited, NotFoundError, saveVisited, type Visit } from "@excalibur/sdk";
import { cleanPath, requireItem } from "../remote-items.ts";
import type { Run } from "../run.ts";
import { freeingSentence, storageAfterRefusal, toStorageDocument } from "../storage-use.ts";
import { shown } from "../terminal/escape.ts";
import { CancelledError, CommandError, type ExitCode, isCancelled } from "../terminal/failure.ts";
import { count, formatSize } from "../terminal/format.ts";
import { createProgress } from "../terminal/progress.ts";
import { Report } from "../transfers/report.ts";

export interface SaveAllOptions {
  /** Of what the link leads to; empty: everything. */
  readonly paths: readonly string[];
  /** A folder of this account's drive. */
  readonly folder: string;
}

/** Saves what a link leads to into the drive; what fails leaves the others alone. */
export async function saveAll(run: Run, visit: Visit, { paths, folder }: SaveAllOptions): Promise<ExitCode> {
  const { signal, output, terminal } = run;
  const drive = await run.drive();
  const folderId = await findFolder(run, folder);
  const report = new Report();
  const isAll = paths.length === 0 || paths.some((path) => cleanPath(path) === "/");
  const items = isAll ? undefined : await itemsOf(visit, paths, { report, signal });
  const isSilent = output.isQuiet || output.isJson;
  const progress = await createProgress({ terminal, verb: "Saving", isSilent });
  const sums = { saved: 0, bytes: 0 };
  let thrown: unknown;
  try {
    const { files, sizeBytes } = await measureVisited(visit, { items, signal });
    progress.expect(files, sizeBytes);
    progress.allExpected();
    await saveVisited(drive, visit, {
      ...{ items, folderId, signal },
      onBytes: (bytes) => progress.bytes(bytes),
      onResult: (result) => {
        progress.fileDone();
        const { path, name } = result.request;
        if ("error" in result) {
          if (!isCancelled(result.error)) report.fail(path, result.error);
          return;
        }
        sums.saved += 1;
        sums.bytes += result.sizeBytes;
        if (result.put.name !== name) report.rename(path, result.put.name);
      },
    });
  } catch (error) {
    // What was saved before is told all the same.
    thrown = error;
  }
  progress.stop();
  report.tell(output);
  const use = report.has("quota_exceeded") ? await storageAfterRefusal(run) : undefined;
  if (use !== undefined) output.complain(freeingSentence(use));
  output.done(
    { ...sums, path: cleanPath(folder), ...report.document(), ...(use && { storage: toStorageDocument(use) }) },
    `Saved ${count(sums.saved, "file")} (${formatSize(sums.bytes)}) in ${shown(cleanPath(folder))}.`,
  );
  if (signal.aborted) throw new CancelledError();
  if (thrown !== undefined) throw thrown;
  return report.exitCode;
}

async function findFolder(run: Run, folder: string): Promise<Uint8Array> {
  const { files } = await run.drive();
  try {
    return await files.resolveFolder(folder, { signal: run.signal });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new CommandError(
      error.code,
      `There is no folder ${cleanPath(folder)} on the drive, so nothing was saved. Make it with mkdir -p.`,
    );
  }
}

async function itemsOf(
  { files }: Visit,
  paths: readonly string[],
  { report, signal }: { readonly report: Report; readonly signal: AbortSignal },
): Promise<Item[]> {
  const items: Item[] = [];
  for (const path of paths) {
    try {
      items.push(await requireItem(files, path, { signal }));
    } catch (error) {
      if (isCancelled(error)) throw error;
      report.fail(cleanPath(path), error);
    }
  }
  return items;
}
