import { mkdir } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { ExcaliburError } from "@excalibur/core/bytes";
import { openLegacyFile } from "@excalibur/sdk/legacy";
import { LocalFileError, locally } from "../local-files/local-error.ts";
import { PlaceThread } from "../local-files/place-thread.ts";
import { isProblem, listLocalFolder, localKind } from "../local-files/scan.ts";
import { TargetFolder } from "../local-files/target-folder.ts";
import type { Run } from "../run.ts";
import { openInput } from "../standalone/input.ts";
import { shown } from "../terminal/escape.ts";
import { CommandError, type ExitCode, isCancelled } from "../terminal/failure.ts";
import { count, formatSize } from "../terminal/format.ts";
import { createProgress, type Progress } from "../terminal/progress.ts";
import { Report } from "../transfers/report.ts";
import { type LegacyKeyFlags, legacyKey } from "./legacy-key.ts";

const SUFFIX = ".exef";
/** What says nothing of tampering: another file, another key. */
const PLAIN_FAILURES = new Set(["legacy_magic", "legacy_key_length"]);

export interface ImportFlags extends LegacyKeyFlags {
  readonly out: string;
  readonly recursive?: boolean;
  readonly force?: boolean;
}

export async function importAll(run: Run, paths: readonly string[], flags: ImportFlags): Promise<ExitCode> {
  run.output.withoutServer();
  const key = await legacyKey(run, flags);
  const thread = new PlaceThread();
  try {
    await locally(() => mkdir(flags.out, { recursive: true }));
    return await importInto(run, await TargetFolder.open(flags.out, thread), { paths, flags, key });
  } finally {
    key.fill(0);
    await thread.close();
  }
}

interface ImportTask {
  readonly paths: readonly string[];
  readonly flags: ImportFlags;
  readonly key: Uint8Array;
}

async function importInto(run: Run, folder: TargetFolder, { paths, flags, key }: ImportTask): Promise<ExitCode> {
  const { output, terminal, signal } = run;
  const progress = await createProgress({ terminal, verb: "Importing", isSilent: output.isQuiet || output.isJson });
  const importing = new Importing(key, { flags, progress, signal });
  try {
    for (const path of paths) await importing.named(path, folder);
  } finally {
    progress.stop();
  }
  const { imported, bytes, report } = importing;
  report.tell(output);
  output.done(
    { imported, bytes, ...report.document() },
    `${count(imported, "file")} (${formatSize(bytes)}) imported into ${shown(flags.out)}, verified.`,
  );
  return report.exitCode;
}

interface ImportContext {
  readonly flags: ImportFlags;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What fails is told at the end and never stops the others. */
class Importing {
  imported = 0;
  bytes = 0;
  readonly report = new Report();
  readonly #key: Uint8Array;
  readonly #context: ImportContext;

  constructor(key: Uint8Array, context: ImportContext) {
    this.#key = key;
    this.#context = context;
  }

  async named(name: string, into: TargetFolder): Promise<void> {
    const path = resolve(name);
    await this.#reported(name, async () => {
      const kind = await localKind(path);
      if (kind === "file") await this.#file(path, into);
      else if (kind === "link") throw new LocalFileError("local_link");
      else if (kind === "special") throw new LocalFileError("local_special");
      else if (this.#context.flags.recursive) await this.#folder(path, into);
      else throw new CommandError("is_folder", "It is a folder. Add -r to import everything in it.");
    });
  }

  async #folder(path: string, into: TargetFolder): Promise<void> {
    const target = await into.enter(basename(path));
    for await (const found of listLocalFolder(path)) {
      if (isProblem(found)) this.report.fail(found.path, found.error);
      else if (found.kind === "folder") await this.#reported(found.path, () => this.#folder(found.path, target));
      else if (found.kind === "file") await this.#reported(found.path, () => this.#file(found.path, target));
      else
        this.report.ignore(found.path, `left out, because it is a ${found.kind === "link" ? "link" : "special file"}`);
    }
  }

  /** Under a temporary name until the one tag of the whole file has been checked. */
  async #file(path: string, target: TargetFolder): Promise<void> {
    const { flags, progress, signal } = this.#context;
    const input = await openInput(path);
    try {
      const { sizeBytes: fileLength, modifiedMs } = input;
      progress.expect(1, fileLength);
      const opened = await openLegacyFile({ source: input.pieces(signal), key: this.#key, fileLength });
      const onConflict = flags.force ? "replace" : "fail";
      const sink = await target.openSink(openedName(basename(path)), { modifiedMs, onConflict });
      try {
        for await (const piece of opened.unverified) {
          signal.throwIfAborted();
          await sink.write(piece);
          progress.bytes(piece.length);
        }
        await sink.finish();
      } catch (error) {
        await sink.abort();
        throw error;
      }
      this.imported += 1;
      this.bytes += opened.size;
      progress.fileDone();
    } finally {
      await input.close();
    }
  }

  async #reported(path: string, work: () => Promise<void>): Promise<void> {
    try {
      this.#context.signal.throwIfAborted();
      await work();
    } catch (error) {
      if (isCancelled(error)) throw error;
      this.report.fail(path, plainly(error));
    }
  }
}

/** "a.txt" of "a.txt.exef". */
function openedName(name: string): string {
  return name.endsWith(SUFFIX) && name.length > SUFFIX.length ? name.slice(0, -SUFFIX.length) : name;
}

function plainly(error: unknown): unknown {
  if (error instanceof LocalFileError && error.code === "local_exists") {
    const message = "A file of that name is in the folder already and was left as it is. Use --force to overwrite it.";
    return new CommandError(error.code, message);
  }
  if (!(error instanceof ExcaliburError && PLAIN_FAILURES.has(error.code))) return error;
  return new CommandError(error.code, error.message, { cause: error });
}
