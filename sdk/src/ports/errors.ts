import { ExcaliburError, type ExcaliburErrorOptions } from "@excalibur/core/bytes";

/** No answer came from the server: no connection, a time-out, a connection cut. Nothing is known to have been lost; try again. */
export class NetworkError extends ExcaliburError {
  /** Whether trying again may help: false for an address or a certificate that is wrong. */
  readonly temporary: boolean;

  constructor(message: string, options: NetworkErrorOptions = {}) {
    super("network", message, options);
    this.temporary = options.temporary ?? true;
  }
}

export interface NetworkErrorOptions extends ExcaliburErrorOptions {
  readonly temporary?: boolean;
}

/** The local state could not be read or written (disk full, permissions). What is on the server is safe. */
export class LocalStateError extends ExcaliburError {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super("local_state", message, options);
  }
}
