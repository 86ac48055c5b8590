import { CancelledError, EXIT } from "./failure.ts";

/**
 * The first request to end lets the command clean up behind itself; a second Ctrl-C ends it at once. SIGTERM and SIGHUP may
 * arrive twice for one wish: supervisors tell a whole group at once, and the launcher passes on what it was told.
 */
export function endOnSignals(target: NodeJS.Process = process): AbortSignal {
  const controller = new AbortController();
  const end = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted && signal !== "SIGINT") return;
    if (controller.signal.aborted) target.exit(EXIT.cancelled);
    controller.abort(new CancelledError());
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) target.on(signal, end);
  return controller.signal;
}
