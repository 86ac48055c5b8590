import { basename, join, resolve } from "node:path";
import type { FileToSend, SentFile } from "@excalibur/sdk";
import { LocalFileError } from "../local-files/local-error.ts";
import { openLocalSource } from "../local-files/local-source.ts";
import { countLocalTree, isProblem, listLocalFolder, localKind } from "../local-files/scan.ts";
import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { CancelledError, CommandError, type ExitCode, isCancelled, UsageError } from "../terminal/failure.ts";
import { count, formatSize, isoTime } from "../terminal/format.ts";
import { createProgress } from "../terminal/progress.ts";
import { readLines } from "../terminal/prompts.ts";
import { Report } from "../transfers/report.ts";

export interface SendAllOptions {
  /** The request's address; - reads it from standard input. */
  readonly url: string;
  readonly locals: readonly string[];
  readonly recursive: boolean;
  readonly sender: string | undefined;
  readonly note: string | undefined;
}

interface LocalToSend extends FileToSend {
  readonly localPath: string;
}

/** Sends files into an upload request, with or without an account, and tells what the receipt says. */
export async function sendAll(run: Run, options: SendAllOptions): Promise<ExitCode> {
  const { signal, output, terminal } = run;
  const { url, locals, sender, note } = options;
  if (locals.length === 0) throw new UsageError("Name what to send: excalibur put --request URL photo.jpg");
  const address = url === "-" ? ((await readLines(terminal, 1))[0] as string) : url;
  const sending = await (await run.excalibur()).openRequest(address, { signal });
  const { title, isOpen } = sending.view;
  if (!isOpen) {
    throw new CommandError(
      "request_closed",
      "This upload request takes nothing more: it was closed or has expired. Nothing was sent; ask whoever gave you the address.",
    );
  }
  const report = new Report();
  const progress = await createProgress({ terminal, verb: "Sending", isSilent: output.isQuiet || output.isJson });
  const sums = { sent: 0, before: 0, bytes: 0 };
  const counting = terminal.isWatched ? countAll(options, (...found) => progress.expect(...found), signal) : undefined;
  let thrown: unknown;
  try {
    await sending.send(filesToSend(options, report, signal), {
      ...{ signal, ...(sender !== undefined && { sender }), ...(note !== undefined && { note }) },
      onBytes: (sizeBytes) => progress.bytes(sizeBytes),
      onResult: (result) => {
        progress.fileDone();
        noteResult(result, sums, report);
      },
    });
  } catch (error) {
    // What arrived before is told all the same.
    thrown = error;
  }
  await counting;
  progress.stop();
  report.tell(output);
  const { renamed: _, ...failures } = report.document();
  const receipt = thrown === undefined && !signal.aborted ? await sending.receipt({ signal }) : undefined;
  const document = receipt && {
    number: receipt.number,
    items: receipt.items.map(({ path, sizeBytes, root, arrivedMs, filed }) => ({
      ...{ path: path.join("/"), size: sizeBytes, root, filed },
      arrived: isoTime(arrivedMs),
    })),
  };
  const again = sums.before > 0 ? `; ${sums.before} sent before` : "";
  const number = receipt === undefined ? "" : ` Receipt ${receipt.number}: whoever asked sees the same number.`;
  output.done(
    { title, ...sums, ...failures, receipt: document ?? null },
    `Sent ${count(sums.sent, "file")} (${formatSize(sums.bytes)}) to “${shown(title)}”${again}.${number}`,
  );
  if (signal.aborted) throw new CancelledError();
  if (thrown !== undefined) throw thrown;
  return report.exitCode;
}

function noteResult(
  result: SentFile<LocalToSend>,
  sums: { sent: number; before: number; bytes: number },
  report: Report,
): void {
  if ("error" in result) {
    // One sentence for all of them: that it was stopped.
    if (!isCancelled(result.error)) report.fail(result.file.localPath, result.error);
  } else if (result.before) sums.before += 1;
  else {
    sums.sent += 1;
    sums.bytes += result.sizeBytes;
  }
}

async function* filesToSend(
  { locals, recursive }: SendAllOptions,
  report: Report,
  signal: AbortSignal,
): AsyncGenerator<LocalToSend> {
  for (const local of locals) {
    try {
      const localPath = resolve(local);
      const kind = await localKind(localPath);
      const name = basename(localPath);
      if (name === "") throw new LocalFileError("local_is_folder");
      if (kind === "file") yield fileToSend(localPath, [name]);
      else if (kind === "link") throw new LocalFileError("local_link");
      else if (kind === "special") throw new LocalFileError("local_special");
      else if (recursive) yield* below(localPath, [name], { report, signal });
      else throw new CommandError("is_folder", "It is a folder. Add -r to send it with everything in it.");
    } catch (error) {
      if (isCancelled(error)) return;
      report.fail(local, error);
    }
  }
}

async function* below(
  localPath: string,
  names: readonly string[],
  context: { readonly report: Report; readonly signal: AbortSignal },
): AsyncGenerator<LocalToSend> {
  const { report, signal } = context;
  const folders: string[] = [];
  for await (const found of listLocalFolder(localPath)) {
    signal.throwIfAborted();
    if (isProblem(found)) report.fail(found.path, found.error);
    else if (found.kind === "file") yield fileToSend(found.path, [...names, found.name]);
    else if (found.kind === "folder") folders.push(found.name);
    else if (found.kind === "link") report.ignore(found.path, "a link, left out: links are not followed");
    else report.ignore(found.path, "neither a file nor a folder, left out");
  }
  for (const name of folders) {
    try {
      yield* below(join(localPath, name), [...names, name], context);
    } catch (error) {
      if (isCancelled(error)) throw error;
      report.fail(join(localPath, name), error);
    }
  }
}

function fileToSend(localPath: string, path: readonly string[]): LocalToSend {
  return { localPath, path, open: () => openLocalSource(localPath) };
}

async function countAll(
  { locals, recursive }: SendAllOptions,
  found: (files: number, sizeBytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { stat } = await import("node:fs/promises");
  for (const local of locals) {
    try {
      const facts = await stat(local);
      if (facts.isFile()) found(1, facts.size);
    } catch {
      // The transfer itself reports it.
    }
    if (recursive) await countLocalTree(resolve(local), { signal, found });
  }
}
