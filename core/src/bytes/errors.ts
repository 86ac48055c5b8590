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

interface CodedErrorOptions extends ExcaliburErrorOptions {
  /** A finer code than that of the class of refusal (docs/spec/terminology.md §5). */
  readonly code?: string;
}

/** Bytes or text do not follow their format. Retrying cannot help: another input is needed. */
export class FormatError extends ExcaliburError {
  constructor(message: string, options: CodedErrorOptions = {}) {
    super(options.code ?? "malformed", message, options);
  }
}

/** The format's name is right, but its version, suite or kind is not known here. Never fall back: update the program. */
export class UnsupportedError extends ExcaliburError {
  constructor(message: string, options: CodedErrorOptions = {}) {
    super(options.code ?? "unsupported", message, options);
  }
}

/**
 * Well-formed, but not what it must be: altered, swapped, cut, moved, or sealed with another key. Do not retry
 * silently and do not use any of it; keep it as evidence and tell the person which thing is damaged.
 */
export class IntegrityError extends ExcaliburError {
  constructor(message: string, options: CodedErrorOptions = {}) {
    super(options.code ?? "integrity", message, options);
  }
}

/** A key that must never be used: small order, torsion, all zero, bad ML-KEM modulus. */
export class WeakKeyError extends ExcaliburError {
  constructor(message: string, options: CodedErrorOptions = {}) {
    super(options.code ?? "weak_key", message, options);
  }
}
