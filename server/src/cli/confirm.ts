import { ExcaliburError } from "@excalibur/core/bytes";
import { UsageError } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

/** The person thought better of it. Nothing was changed. */
export class NotConfirmedError extends ExcaliburError {
  constructor() {
    super("not_confirmed", "That is not what was asked for, so nothing was changed.");
  }
}

/**
 * Before something is destroyed: says what, and goes on only when the word (a name, say) is typed. `yes` skips it.
 * @throws UsageError when there is nobody to ask; NotConfirmedError
 */
export async function confirm(
  terminal: Terminal,
  { warning, word, yes }: { readonly warning: string; readonly word: string; readonly yes: boolean },
): Promise<void> {
  if (yes) return;
  if (!terminal.ask) throw new UsageError(`${warning}\nThere is nobody to ask here: add --yes if that is meant.`);
  terminal.complain(warning);
  const typed = await terminal.ask(`Type «${word}» to go on: `);
  if (typed.trim() !== word) throw new NotConfirmedError();
}
