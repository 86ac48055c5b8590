import { type DownloadRequest, type Drive, type FileContent, type Item, isDamage } from "@excalibur/sdk";
import { cleanPath, findItem, joinPath } from "../remote-items.ts";
import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { CancelledError, type ExitCode, isCancelled } from "../terminal/failure.ts";
import { count, formatSize } from "../terminal/format.ts";
import { createProgress, type Progress } from "../terminal/progress.ts";
import { Report } from "./report.ts";

export interface VerifyOptions {
  /** undefined: everything, the trash included. */
  readonly path: string | undefined;
  readonly withVersions: boolean;
}

interface Sums {
  files: number;
  versions: number;
  folders: number;
  bytes: number;
}

interface VerifyRequest extends DownloadRequest {
  readonly path: string;
  readonly kind: "file" | "version";
}

/** Reads everything through the same checks as `get`, into nothing. */
export async function verifyAll(run: Run, options: VerifyOptions): Promise<ExitCode> {
  const { output, terminal, signal } = run;
  const drive = await run.drive();
  const report = new Report();
  const sums: Sums = { files: 0, versions: 0, folders: 0, bytes: 0 };
  const progress = await createProgress({ terminal, verb: "Checking", isSilent: output.isQuiet || output.isJson });
  const found = new Everything(drive, options, { report, sums, progress, signal });
  let thrown: unknown;
  try {
    await drive.downloads.download(found.requests(), {
      signal,
      onBytes: (sizeBytes) => progress.bytes(sizeBytes),
      onResult: ({ request, error }) => {
        progress.fileDone();
        if (error === undefined) {
          sums[request.kind === "file" ? "files" : "versions"] += 1;
          sums.bytes += request.file.sizeBytes;
        } else if (!isCancelled(error)) report.fail(request.path, error);
      },
    });
  } catch (error) {
    thrown = error;
  }
  progress.stop();
  report.tell(output);
  const { failed, failures } = report.document();
  const path = options.path === undefined ? "/" : cleanPath(options.path);
  output.done({ path, ...sums, failed, failures }, summary(path, sums, report.failed));
  if (signal.aborted) throw new CancelledError();
  if (thrown !== undefined) throw thrown;
  return report.exitCode;
}

function summary(path: string, sums: Sums, failed: number): string {
  const what = `${count(sums.files, "file")}, ${count(sums.versions, "earlier version")} and ${count(sums.folders, "folder")}`;
  const verdict = failed === 0 ? "Everything is as it was stored" : `${count(failed, "item")} FAILED`;
  return `Checked ${what} (${formatSize(sums.bytes)}) under ${shown(path)}. ${verdict}.`;
}

interface Context {
  readonly report: Report;
  readonly sums: Sums;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

class Everything {
  readonly #drive: Drive;
  readonly #options: VerifyOptions;
  readonly #context: Context;

  constructor(drive: Drive, options: VerifyOptions, context: Context) {
    this.#drive = drive;
    this.#options = options;
    this.#context = context;
  }

  async *requests(): AsyncGenerator<VerifyRequest> {
    try {
      yield* this.#all();
      this.#context.progress.allExpected();
    } catch (error) {
      // The checks under way end by themselves.
      if (!isCancelled(error)) throw error;
    }
  }

  async *#all(): AsyncGenerator<VerifyRequest> {
    const { files } = this.#drive;
    const { report, signal, sums } = this.#context;
    const { path } = this.#options;
    const item = path === undefined ? null : await findItem(files, path, { signal });
    if (item === null) {
      sums.folders += 1;
      yield* this.#below(files.rootId, "/");
    } else yield* this.#tree(item, cleanPath(path ?? "/"));
    if (path !== undefined) return;
    const { items, damage } = await files.listTrash({ signal });
    for (const cause of damage) report.fail("(trash)", cause);
    for (const each of items) yield* this.#tree(each, `(trash)/${each.name}`);
  }

  async *#tree(item: Item, path: string): AsyncGenerator<VerifyRequest> {
    yield* this.#one(item, path);
    if (item.type === "folder") yield* this.#below(item.childId, path);
  }

  async *#below(nodeId: Uint8Array, path: string): AsyncGenerator<VerifyRequest> {
    const { signal, report } = this.#context;
    for await (const walked of this.#drive.files.walk(nodeId, { signal })) {
      const walkedPath = walked.path === "" ? path : joinPath(path, walked.path);
      if (isDamage(walked)) report.fail(walkedPath, walked.cause);
      else yield* this.#one(walked.item, walkedPath);
    }
  }

  *#one(item: Item, path: string): Generator<VerifyRequest> {
    const { sums, progress } = this.#context;
    const { file } = item.entry;
    if (item.type === "folder") sums.folders += 1;
    if (item.type !== "file" || file === undefined) return;
    progress.expect(1, file.sizeBytes);
    yield { file, path, kind: "file" };
    if (!this.#options.withVersions) return;
    for (const [index, version] of file.versions.entries()) {
      progress.expect(1, version.sizeBytes);
      const content: FileContent = { ...version, mediaType: file.mediaType, versions: [] };
      yield { file: content, path: `${path} (earlier version ${index + 1})`, kind: "version" };
    }
  }
}
