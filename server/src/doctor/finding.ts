export type Health = "ok" | "warning" | "failed";

/** One thing that was looked at. */
export interface Finding {
  /** Stable, for programs: "clock", "disk", … */
  readonly check: string;
  readonly status: Health;
  /** What is so. */
  readonly message: string;
  /** What to do; absent when all is well. */
  readonly advice?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, status: "ok", message };
}

export function warning(check: string, message: string, advice: string): Finding {
  return { check, status: "warning", message, advice };
}

export function failed(check: string, message: string, advice: string): Finding {
  return { check, status: "failed", message, advice };
}

/** A check that cannot be made is a finding of its own, and no reason not to make the others. */
export async function attempt(check: string, work: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [failed(check, `could not be looked at: ${message}`, "See what the message says, and run doctor again.")];
  }
}
