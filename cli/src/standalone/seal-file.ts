import { sealStandalone } from "@excalibur/sdk/standalone";
import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { UsageError } from "../terminal/failure.ts";
import { count, formatSize } from "../terminal/format.ts";
import { createProgress } from "../terminal/progress.ts";
import { openDestination } from "./destination.ts";
import { openInputOrPipe, PIPE } from "./input.ts";
import { type PasswordFlags, passwordsOf, recipientOf } from "./keys.ts";

const SUFFIX = ".exr";

export interface SealFlags extends PasswordFlags {
  readonly to?: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
}

export async function sealFile(run: Run, name: string, flags: SealFlags): Promise<void> {
  const { terminal, signal, output } = run;
  const recipients = [];
  for (const value of flags.to ?? []) recipients.push((await recipientOf(value)).publicKey);
  const out = flags.out ?? (name === PIPE ? PIPE : `${name}${SUFFIX}`);
  const input = await openInputOrPipe(name, terminal);
  try {
    const passwords = await passwordsOf(run, flags, { isNew: true, input: name });
    if (recipients.length + passwords.length === 0) {
      throw new UsageError(
        "Say for whom: --to KEY, --password, or both. Keys are made with: excalibur key create FILE",
      );
    }
    const size = input.sizeBytes;
    const sizes = size === undefined ? {} : { size };
    const isScattered = size === undefined;
    const destination = await openDestination({
      out,
      force: flags.force ?? false,
      terminal,
      isScattered,
      isBinary: true,
    });
    const progress = await createProgress({ terminal, verb: "Sealing", isSilent: output.isQuiet || output.isJson });
    if (size !== undefined) {
      progress.expect(1, size);
      progress.allExpected();
    }
    let [bytes, sealedBytes] = [0, 0];
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of input.pieces(signal)) {
        bytes += piece.length;
        progress.bytes(piece.length);
        yield piece;
      }
    }
    try {
      for await (const piece of sealStandalone({ recipients, passwords, source: counted(), ...sizes })) {
        signal.throwIfAborted();
        await destination.write(piece.bytes, piece.position);
        sealedBytes += piece.bytes.length;
      }
      await input.demandUnchanged();
      await destination.finish();
      progress.fileDone();
    } catch (error) {
      await destination.abort();
      throw error;
    } finally {
      progress.stop();
    }
    if (out === PIPE) return;
    const facts = { file: out, recipients: recipients.length, passwords: passwords.length, bytes, sealedBytes };
    output.done(
      facts,
      `${shown(out)}: ${formatSize(sealedBytes)}, for ${audience(recipients.length, passwords.length)}.`,
    );
  } finally {
    await input.close();
  }
}

function audience(recipients: number, passwords: number): string {
  const parts = [
    ...(recipients > 0 ? [count(recipients, "recipient")] : []),
    ...(passwords > 0 ? [count(passwords, "password")] : []),
  ];
  return parts.join(" and ");
}

/** "a.txt" of "a.txt.exr"; undefined where the name does not say it. */
export function openedName(name: string): string | undefined {
  return name.endsWith(SUFFIX) && name.length > SUFFIX.length ? name.slice(0, -SUFFIX.length) : undefined;
}
