import { ExcaliburError } from "@excalibur/core/bytes";

/** What was typed is no address of an upload request, or not all of one. Never repeats it: a part of it is a secret. */
export class RequestAddressError extends ExcaliburError {
  constructor(options: { readonly cause: unknown }) {
    super(
      "request_address",
      "That is no whole address of an upload request: it has the form https://server/r/…#… and ends with 86 characters behind the #. Nothing was sent; copy all of it.",
      options,
    );
  }
}

/** A title or text that no request can have; the message says why. Nothing was made or changed. */
export class RequestTextError extends ExcaliburError {
  constructor(options: { readonly cause: Error }) {
    super("request_text", `${options.cause.message} Nothing was made or changed.`, options);
  }
}

/** No request of this address: it was deleted, or the address is wrong. Nothing was sent. */
export class NoRequestError extends ExcaliburError {
  constructor() {
    super(
      "no_request",
      "There is no such upload request on this server: it was deleted, or the address is not whole. Nothing was sent; ask whoever gave it to you.",
    );
  }
}

/** `problem` says what the request does not take. Nothing of this file was sent; others are not concerned. */
export class NotSendableError extends ExcaliburError {
  constructor(problem: keyof typeof NOT_SENDABLE) {
    super("not_sendable", `${NOT_SENDABLE[problem]} Nothing of it was sent.`, { details: { problem } });
  }
}

const NOT_SENDABLE = {
  name: "A name in the file's path cannot stand on a drive.",
  path: "The file's path is too long or lies in too many folders.",
  type: "The upload request takes other kinds of files.",
  place: "Another of these files has the same place.",
  size: "The file is larger than the upload request takes.",
} as const;

/** The server does not know a request that this account's keyring holds: it was deleted from another device. */
export class UnknownRequestError extends ExcaliburError {
  constructor() {
    super(
      "unknown_request",
      "This account has no such upload request. Nothing was changed; «request list» shows those it has.",
    );
  }
}

/** The inbox has no such item: it was filed or rejected, perhaps from another device. */
export class UnknownItemError extends ExcaliburError {
  constructor() {
    super(
      "unknown_item",
      "The inbox has no such item any more: it was filed or rejected, perhaps from another device. Nothing was changed; look at the inbox again.",
    );
  }
}

/** What the server says of an item is not what its sender sealed: one of them is wrong. It was left in the inbox. */
export class ItemMismatchError extends ExcaliburError {
  constructor() {
    super(
      "item_mismatch",
      "What the server keeps of this item is not what its sender described, so it was not filed. Nothing of yours is concerned; reject it, and ask for it again.",
    );
  }
}
