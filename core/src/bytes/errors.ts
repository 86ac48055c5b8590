export interface ExcaliburErrorOptions {
  /** Facts for programs and screens; never a secret, never plaintext. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The base of every error this project throws on purpose. `code` is stable and for programs;
 * `message` is for people: what happened, whether the data is safe, what to do.
 */
export class ExcaliburError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: ExcaliburErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Bytes or text do not follow their format. Retrying cannot help: another input is needed. */
export class FormatError extends ExcaliburError {
  constructor(message: string, options: ExcaliburErrorOptions & { readonly code?: string } = {}) {
    super(options.code ?? "malformed", message, options);
  }
}
