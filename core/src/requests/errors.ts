import { IntegrityError } from "../bytes/index.ts";

/** The key that the server gives is not the one the request's address names. Seal nothing to it and send nothing. */
export class RequestKeyError extends IntegrityError {
  constructor() {
    super(
      "The server's key for this upload request is not the one that its address names, so somebody may be trying to read what you send. Nothing was sent. Ask whoever gave you the address.",
      { code: "request_key" },
    );
  }
}

/** What was sealed to a request does not open, or says something else than the server does. Nothing of it was filed. */
export class RequestItemError extends IntegrityError {
  constructor(options: { readonly cause?: unknown } = {}) {
    super(
      "This item was not sealed to your upload request, or was altered since. It cannot be opened; nothing of yours is concerned. Reject it.",
      { ...options, code: "request_item" },
    );
  }
}
