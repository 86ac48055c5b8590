import { readFile } from "node:fs/promises";

/** Linux counts CPU in hundredths of a second everywhere Node runs. */
const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 10;

export interface Usage {
  readonly cpuSeconds: number;
  /** Peak resident memory in bytes. */
  readonly peakBytes: number;
}

/** CPU time of a process and all its threads so far, and its peak memory; undefined when it is gone. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "latin1"),
      readFile(`/proc/${pid}/status`, "latin1"),
    ]);
    // The name in parentheses may hold anything; fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const peakKiB = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
    if (!Number.isFinite(peakKiB)) return undefined;
    return { cpuSeconds: ticks / TICKS_PER_SECOND, peakBytes: peakKiB * 1024 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ESRCH")
      return undefined;
    throw error;
  }
}

/** Follows a process until it ends; the last sample is at most a hundredth of a second old. */
export function watch(pid: number): { stop: () => Promise<Usage> } {
  let last: Usage = { cpuSeconds: 0, peakBytes: 0 };
  let stopped = false;
  const following = (async () => {
    while (!stopped) {
      const usage = await usageOf(pid);
      if (usage === undefined) return;
      last = usage;
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await following;
      return last;
    },
  };
}
