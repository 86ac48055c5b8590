import { CancelledError, EXIT } from "./failure.ts";

/** The first request to end lets the command clean up behind itself; the second one ends it at once. */
export function endOnSignals(target: NodeJS.Process = process): AbortSignal {
  const controller = new AbortController();
  const end = (): void => {
    if (controller.signal.aborted) target.exit(EXIT.cancelled);
    controller.abort(new CancelledError());
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) target.on(signal, end);
  return controller.signal;
}
