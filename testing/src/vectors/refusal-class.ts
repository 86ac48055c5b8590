/** From the product's errors to the classes of spec/terminology.md §5. */

import { ExcaliburError, FormatError, IntegrityError, UnsupportedError, WeakKeyError } from "@excalibur/core/bytes";
import { RecoveryWordsError } from "@excalibur/core/primitives";
import { ForkError, RollbackError } from "@excalibur/core/volume/record";

function classOf(error: unknown): string {
  if (!(error instanceof ExcaliburError)) throw error;
  if ("refusal" in error) return String(error.refusal);
  if (error instanceof FormatError || error instanceof RecoveryWordsError) return "malformed";
  if (error instanceof UnsupportedError) return "unsupported";
  if (error instanceof IntegrityError) return "integrity";
  if (error instanceof WeakKeyError) return "weak-key";
  if (error instanceof RollbackError) return "rollback";
  return error instanceof ForkError ? "fork" : `none (${error.code})`;
}

/** How the product refuses this; "accepted" if it does not. Anything that is not one of its own errors is rethrown. */
export async function refusalOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    return classOf(error);
  }
  return "accepted";
}
