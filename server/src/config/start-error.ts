import { ExcaliburError } from "@excalibur/core/bytes";

export type StartProblem =
  | "data_folder_missing"
  | "data_folder_unusable"
  | "secrets_unreadable"
  | "tls_unreadable"
  | "already_running"
  | "address_in_use"
  | "address_unusable";

/** The server cannot start as asked; the sentence says what to do. Nothing was changed. */
export class StartError extends ExcaliburError {
  declare readonly code: StartProblem;

  constructor(code: StartProblem, message: string, details: { readonly origin?: string } = {}, cause?: unknown) {
    super(code, message, { details, ...(cause === undefined ? {} : { cause }) });
  }
}
