import type { StorageUse } from "@excalibur/sdk";
import type { Run } from "./run.ts";
import { formatSize, isoTime, localTime } from "./terminal/format.ts";

/** As --json tells it. Bytes are those of the encrypted files, which is what counts. */
export function toStorageDocument(use: StorageUse): Readonly<Record<string, unknown>> {
  return {
    usedBytes: use.usedBytes,
    quotaBytes: use.quotaBytes,
    currentBytes: use.currentBytes,
    versionsBytes: use.versionsBytes,
    trashBytes: use.trashBytes,
    deletedBytes: use.deletedBytes,
    nextFree: use.nextFreeMs === null ? null : isoTime(use.nextFreeMs),
    unfinishedBytes: use.unfinishedBytes,
    otherBytes: use.otherBytes,
    retentionDays: daysOf(use),
  };
}

function daysOf({ retentionMs }: Pick<StorageUse, "retentionMs">): number {
  return Math.round(retentionMs / 86_400_000);
}

/** What could be had back and when: nothing becomes free at once, because what is deleted is kept for a while. */
export function freeingSentence(use: StorageUse): string {
  const days = `${daysOf(use)} days after`;
  const parts: string[] = [];
  if (use.trashBytes > 0) parts.push(`emptying the trash frees ${formatSize(use.trashBytes)}, ${days}`);
  if (use.versionsBytes > 0) parts.push(`deleting earlier versions frees ${formatSize(use.versionsBytes)}, ${days}`);
  if (use.deletedBytes > 0 && use.nextFreeMs !== null) {
    const from = localTime(use.nextFreeMs).slice(0, 10);
    parts.push(`${formatSize(use.deletedBytes)} that were deleted become free from ${from} on`);
  }
  if (parts.length === 0) return "Neither the trash nor earlier versions take any space: ask for more.";
  const text = parts.join("; ");
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** After the server refused for lack of space. undefined when it cannot be told now; the refusal itself has been. */
export async function storageAfterRefusal(run: Run): Promise<StorageUse | undefined> {
  try {
    return await (await run.account()).storage({ signal: run.signal });
  } catch (error) {
    run.output.note(`What takes the space could not be looked up. ${(error as Error).message}`);
    return undefined;
  }
}
