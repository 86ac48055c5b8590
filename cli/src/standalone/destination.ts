import { randomUUID } from "node:crypto";
import { lstat, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { LocalFileError, locally } from "../local-files/local-error.ts";
import type { LocalSink } from "../local-files/local-sink.ts";
import { PlaceThread } from "../local-files/place-thread.ts";
import { TargetFolder } from "../local-files/target-folder.ts";
import { CommandError, UsageError } from "../terminal/failure.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { PIPE } from "./input.ts";

const COPY_BYTES = 1024 * 1024;

export interface Destination {
  /** Without a position: after what was written last. */
  write(bytes: Uint8Array, position?: number): Promise<void>;
  /** Everything is verified: let it be seen under its name. */
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

export interface DestinationOptions {
  /** A path, or "-" for stdout. */
  readonly out: string;
  readonly force: boolean;
  readonly terminal: Terminal;
  /** Bytes come with positions, not in order. */
  readonly isScattered: boolean;
  /** What comes is for programs: never shown on a screen. */
  readonly isBinary: boolean;
}

/** Throws LocalFileError, CommandError (code local_exists) or UsageError before anything is read. */
export async function openDestination(options: DestinationOptions): Promise<Destination> {
  const { out, terminal, isScattered, isBinary } = options;
  if (out !== PIPE) return await WholeFile.open(options);
  if (isBinary && terminal.isShown) {
    throw new UsageError("A sealed file would be written to the screen. Add -o FILE, or pipe it on.");
  }
  return isScattered ? await Spool.open(terminal) : toStdout(terminal);
}

function toStdout(terminal: Terminal): Destination {
  return {
    write: (bytes) => terminal.write(bytes),
    finish: async () => undefined,
    abort: async () => undefined,
  };
}

/** A file that nobody sees under its name before it is whole. */
class WholeFile implements Destination {
  readonly #sink: LocalSink;
  readonly #path: string;
  readonly #thread: PlaceThread;

  private constructor(path: string, { sink, thread }: { readonly sink: LocalSink; readonly thread: PlaceThread }) {
    this.#path = path;
    this.#sink = sink;
    this.#thread = thread;
  }

  static async open({ out, force }: DestinationOptions): Promise<WholeFile> {
    if (!force && (await isThere(out))) throw exists(out);
    const thread = new PlaceThread();
    const folder = await TargetFolder.open(dirname(out), thread);
    const onConflict = force ? "replace" : "fail";
    const sink = await folder.openSink(basename(out), { modifiedMs: Date.now(), onConflict });
    return new WholeFile(out, { sink, thread });
  }

  write(bytes: Uint8Array, position?: number): Promise<void> {
    return this.#sink.write(bytes, position);
  }

  async finish(): Promise<void> {
    try {
      await this.#sink.finish();
    } catch (error) {
      // Somebody else was quicker.
      if (error instanceof LocalFileError && error.code === "local_exists") throw exists(this.#path);
      throw error;
    }
    await this.#thread.close();
  }

  async abort(): Promise<void> {
    await this.#sink.abort();
    await this.#thread.close();
  }
}

/** What cannot be written in order waits in a temporary file: ciphertext only, for its owner only. */
class Spool implements Destination {
  readonly #terminal: Terminal;
  readonly #path: string;
  readonly #file: Awaited<ReturnType<typeof open>>;

  private constructor(terminal: Terminal, path: string, file: Awaited<ReturnType<typeof open>>) {
    this.#terminal = terminal;
    this.#path = path;
    this.#file = file;
  }

  static async open(terminal: Terminal): Promise<Spool> {
    const path = join(tmpdir(), `.excalibur-${randomUUID()}.part`);
    return new Spool(terminal, path, await locally(() => open(path, "wx+", 0o600)));
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    await locally(async () => {
      for (let at = 0; at < bytes.length; ) {
        at += (await this.#file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
      }
    });
  }

  async finish(): Promise<void> {
    const buffer = new Uint8Array(COPY_BYTES);
    for (let at = 0; ; ) {
      const { bytesRead } = await locally(() => this.#file.read(buffer, 0, buffer.length, at));
      if (bytesRead === 0) break;
      await this.#terminal.write(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    await this.abort();
  }

  async abort(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw await locally(() => Promise.reject(error)).catch((known: unknown) => known);
  }
}

function exists(path: string): CommandError {
  const message = `${path} exists already and was left as it is. Use --force to overwrite it, or -o to write somewhere else.`;
  return new CommandError("local_exists", message);
}
