import type { Session } from "../session/index.ts";

/** What is left of the account's space; Infinity: no limit, or nobody could say. */
export async function freeBytes(session: Session): Promise<number> {
  try {
    const usage = await session.engine.accounts.usage();
    if (usage === undefined || usage.quotaBytes === null) return Number.POSITIVE_INFINITY;
    return Math.max(0, usage.quotaBytes - usage.usedBytes);
  } catch (error) {
    // Offline, say. The upload meets the same trouble, and says so for each file.
    if (!(error instanceof Error)) throw error;
    return Number.POSITIVE_INFINITY;
  }
}
