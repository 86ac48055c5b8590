import { ExcaliburError } from "@excalibur/core/bytes";
import type { ErrorCode } from "@excalibur/core/protocol";
import { Refusal } from "../../refusal.ts";

type RecordCode = Extract<ErrorCode, "commit_invalid" | "record_invalid">;

/** Runs core's checks of a record and turns what they throw into a refusal that names the rule. */
export function refuseInvalid<T>(code: RecordCode, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw asRefusal(code, error);
  }
}

export async function refuseInvalidAsync<T>(code: RecordCode, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    throw asRefusal(code, error);
  }
}

function asRefusal(code: RecordCode, error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof ExcaliburError)) return error;
  const reason = "reason" in error && typeof error.reason === "string" ? error.reason : error.code;
  return new Refusal(code, { reason }, error);
}
