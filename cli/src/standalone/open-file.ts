import { openStandalone } from "@excalibur/sdk/standalone";
import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { UsageError } from "../terminal/failure.ts";
import { formatSize } from "../terminal/format.ts";
import { createProgress } from "../terminal/progress.ts";
import { openDestination } from "./destination.ts";
import { type Input, openInputOrPipe, PIPE } from "./input.ts";
import { identityOf, openingFailure, type PasswordFlags, passwordsOf } from "./keys.ts";
import { openedName } from "./seal-file.ts";

export interface OpenFlags extends PasswordFlags {
  readonly identity?: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
}

export async function openFile(run: Run, name: string, flags: OpenFlags): Promise<void> {
  run.output.withoutServer();
  const out = flags.out ?? (name === PIPE ? PIPE : openedName(name));
  if (out === undefined) throw new UsageError("Say where to: -o FILE, or -o - for standard output.");
  const recipientSeeds = [];
  for (const path of flags.identity ?? []) recipientSeeds.push((await identityOf(path)).seed);
  const input = await openInputOrPipe(name, run.terminal);
  try {
    const passwords = await passwordsOf(run, flags, { isNew: false, input: name });
    if (recipientSeeds.length + passwords.length === 0) {
      throw new UsageError("Say with what: --identity KEYFILE or --password.");
    }
    await openTo(run, { input, out, force: flags.force ?? false, keys: { recipientSeeds, passwords } });
  } catch (error) {
    throw openingFailure(error);
  } finally {
    await input.close();
  }
}

interface Opening {
  readonly input: Input;
  readonly out: string;
  readonly force: boolean;
  readonly keys: { readonly recipientSeeds: readonly Uint8Array[]; readonly passwords: readonly string[] };
}

async function openTo(run: Run, { input, out, force, keys }: Opening): Promise<void> {
  const { terminal, signal, output } = run;
  const destination = await openDestination({ out, force, terminal, isScattered: false, isBinary: false });
  try {
    const fileLength = input.sizeBytes === undefined ? {} : { fileLength: input.sizeBytes };
    const { size, data } = await openStandalone({ source: input.pieces(signal), keys, ...fileLength });
    const progress = await createProgress({ terminal, verb: "Opening", isSilent: output.isQuiet || output.isJson });
    progress.expect(1, size);
    progress.allExpected();
    try {
      for await (const piece of data) {
        signal.throwIfAborted();
        await destination.write(piece);
        progress.bytes(piece.length);
      }
      await destination.finish();
      progress.fileDone();
    } finally {
      progress.stop();
    }
    if (out !== PIPE) output.done({ file: out, bytes: size }, `${shown(out)}: ${formatSize(size)}, verified.`);
  } catch (error) {
    await destination.abort();
    throw error;
  }
}
