import { type DeleteOptions, MassDeletionError } from "@excalibur/sdk";
import type { Run } from "./run.ts";
import { CommandError } from "./terminal/failure.ts";
import type { OutputFlags } from "./terminal/output.ts";
import { confirm } from "./terminal/prompts.ts";

export interface DeleteFlags extends OutputFlags {
  readonly yes?: boolean;
}

export function isMassDeletion(error: unknown): boolean {
  return error instanceof MassDeletionError;
}

/**
 * Runs a deletion; when it is so large that somebody has to mean it, asks on the terminal. undefined: the answer was no.
 * Throws CommandError `mass_deletion` when there is nobody to ask.
 */
export async function unlessMassDeletion<T>(
  run: Run,
  { yes = false }: DeleteFlags,
  deletion: (options: DeleteOptions) => Promise<T>,
): Promise<T | undefined> {
  const { signal, terminal } = run;
  if (!yes) {
    try {
      return await deletion({ signal });
    } catch (cause) {
      if (!(cause instanceof MassDeletionError)) throw cause;
      const { code, message } = cause;
      if (!terminal.canAsk) throw new CommandError(code, `${message} Add --yes if it is.`, { cause });
      if (!(await confirm(run, `${message} Is it?`))) {
        run.output.note("Nothing was deleted.");
        return undefined;
      }
    }
  }
  return await deletion({ signal, massDeletion: "meant" });
}
