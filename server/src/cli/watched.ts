import { stopped } from "../backup/index.ts";
import { sizeText, type Terminal } from "./terminal.ts";

const SHOWN_EVERY_MS = 200;

export interface Watched {
  readonly signal: AbortSignal;
  /** At most a few lines a second reach the terminal. */
  show(text: () => string): void;
}

/** Runs what takes long: Ctrl-C and SIGTERM end it cleanly, with this sentence, and people see how far it is. */
export async function watched<T>(
  terminal: Terminal,
  { whenStopped, quiet }: { readonly whenStopped: string; readonly quiet: boolean },
  work: (watched: Watched) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort(stopped(whenStopped));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.once(signal, stop);
  let lastMs = 0;
  const show = (text: () => string) => {
    const nowMs = performance.now();
    if (quiet || nowMs - lastMs < SHOWN_EVERY_MS) return;
    lastMs = nowMs;
    terminal.progress?.(text());
  };
  try {
    return await work({ signal: controller.signal, show });
  } finally {
    for (const signal of signals) process.off(signal, stop);
    if (!quiet) terminal.progress?.();
  }
}

export function share(doneBytes: number, totalBytes: number): string {
  const percent = totalBytes === 0 ? 100 : Math.floor((100 * doneBytes) / totalBytes);
  return `${percent} % of ${sizeText(totalBytes)}`;
}
