import { ERROR_CODES, type ErrorCode, ExcaliburError } from "@excalibur/core/protocol";

/** Members of a problem document beside the usual ones (core/protocol/errors.ts), each only where its code says so. */
export interface RefusalMembers {
  readonly retryAfterMs?: number;
  readonly timeMs?: number;
  /** Which rule, a stable word. */
  readonly reason?: string;
  /** What is newest now. */
  readonly version?: number;
  readonly ids?: readonly string[];
}

/** The server says no, in the words of the wire. The error handler turns it into a problem document; nothing of it is secret. */
export class Refusal extends ExcaliburError {
  declare readonly code: ErrorCode;
  readonly members: RefusalMembers;

  constructor(code: ErrorCode, members: RefusalMembers = {}, cause?: unknown) {
    super(code, ERROR_CODES[code][1], { details: { ...members }, ...(cause === undefined ? {} : { cause }) });
    this.members = members;
  }
}
