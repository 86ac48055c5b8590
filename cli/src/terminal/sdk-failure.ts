import { ExcaliburError } from "@excalibur/core/protocol";
import { isViolation } from "@excalibur/sdk/violations";
import { exitCodeOf } from "./exit-code.ts";
import type { Failure } from "./failure.ts";

/** undefined: not an error of the sdk. */
export function sdkFailure(error: unknown): Failure | undefined {
  if (!(error instanceof ExcaliburError)) return undefined;
  const { code, message } = error;
  return { code, message, exitCode: exitCodeOf(code, isViolation(error)) };
}
