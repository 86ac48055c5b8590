import { addAbortSignal } from "node:stream";
import { openLocalSource } from "../local-files/local-source.ts";
import { CommandError } from "../terminal/failure.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** As a name: standard input or output. */
export const PIPE = "-";
const READ_BYTES = 1024 * 1024;

/** A file, or what is piped in. */
export interface Input {
  /** undefined: nobody knows before it has ended. */
  readonly sizeBytes: number | undefined;
  /** Pieces that are valid until the next one is asked for. */
  pieces(signal: AbortSignal): AsyncGenerator<Uint8Array>;
  /** Throws CommandError if the file is not the one any more that was opened. */
  demandUnchanged(): Promise<void>;
  close(): Promise<void>;
}

export interface FileInput extends Input {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Throws LocalFileError. */
export async function openInputOrPipe(name: string, terminal: Terminal): Promise<Input> {
  return name === PIPE ? pipedInput(terminal) : await openInput(name);
}

function pipedInput(terminal: Terminal): Input {
  return {
    sizeBytes: undefined,
    async *pieces(signal) {
      // Whoever stops the command is not made to wait for whoever pipes.
      for await (const chunk of addAbortSignal(signal, terminal.input)) yield chunk as Uint8Array;
    },
    demandUnchanged: async () => undefined,
    close: async () => undefined,
  };
}

/** Throws LocalFileError. */
export async function openInput(path: string): Promise<FileInput> {
  const source = await openLocalSource(path);
  const before = await source.fingerprint();
  return {
    sizeBytes: source.sizeBytes,
    modifiedMs: source.modifiedMs,
    async *pieces(signal) {
      const buffer = new Uint8Array(Math.min(READ_BYTES, Math.max(1, source.sizeBytes)));
      for (let at = 0; ; ) {
        const length = await source.read(at, buffer, signal);
        if (length === 0) return;
        yield buffer.subarray(0, length);
        at += length;
      }
    },
    async demandUnchanged() {
      if ((await source.fingerprint()) === before) return;
      throw new CommandError("file_changed", "The file changed while it was read. Nothing was kept; try again.");
    },
    close: () => source.close(),
  };
}
