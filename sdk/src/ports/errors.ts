import { ExcaliburError } from "@excalibur/core/bytes";

/** No answer came from the server: no connection, a time-out, a connection cut. Nothing is known to have been lost; try again. */
export class NetworkError extends ExcaliburError {
  constructor(message: string, options: { readonly cause?: unknown; readonly details?: Record<string, unknown> } = {}) {
    super("network", message, options);
  }
}

/** The local state could not be read or written (disk full, permissions). What is on the server is safe. */
export class LocalStateError extends ExcaliburError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super("local_state", message, options);
  }
}
