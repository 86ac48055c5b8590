import { ExcaliburError, IntegrityError } from "../bytes/index.ts";

/**
 * An unlock slot did not open: the key is another, or the server exchanged the slot. Nothing was opened and nothing
 * may be sealed for it. Say that the account could not be unlocked, try another way in, and do not retry with this slot.
 */
export class SlotAuthError extends IntegrityError {
  constructor(cause: unknown) {
    super(
      "The account could not be unlocked this way: what the server sent does not belong to it. Nothing was changed.",
      {
        code: "slot_auth",
        cause,
      },
    );
  }
}

export type KeyringProblem = "sealed" | "chain_start";

/**
 * The keyring is not what this account stored: exchanged, altered, or of another version. Keep the last accepted one
 * from the local cache and work on with it; tell the person. `reason` says what failed.
 */
export class KeyringError extends IntegrityError {
  readonly reason: KeyringProblem;

  constructor(reason: KeyringProblem, cause?: unknown) {
    super("The server's copy of your keyring is not one that this account stored. It was not accepted.", {
      code: "keyring_damaged",
      details: { reason },
      cause,
    });
    this.reason = reason;
  }
}

/** A record of the local cache does not open. Nothing is lost: throw it away and fetch again. */
export class CacheRecordError extends IntegrityError {
  constructor(cause: unknown) {
    super("A record of the local cache was damaged. It is thrown away and fetched again; nothing is lost.", {
      code: "cache_damaged",
      cause,
    });
  }
}

/**
 * What a link leads to is not what its maker sealed: exchanged, altered, or of another link. Nothing was opened. Do not
 * retry; tell whoever gave the link.
 */
export class LinkRecordError extends IntegrityError {
  constructor(cause?: unknown) {
    super(
      "The server does not say what the maker of this link sealed: it was altered or exchanged. Nothing was opened; tell whoever gave you the link.",
      { code: "link_record", cause },
    );
  }
}

export type EnvelopeProblem =
  | "volume"
  | "manifest_version"
  | "generation"
  | "recipient"
  | "sender_unknown"
  | "sender_may_not"
  | "sealed"
  | "signature"
  | "commitment";

/**
 * A share envelope is not good. Use no key from it and encrypt nothing for that volume; what was accepted before stays
 * usable for reading. The owner can turn the key over. `reason` says which check failed, `refusal` its class.
 */
export class EnvelopeError extends ExcaliburError {
  readonly reason: EnvelopeProblem;
  readonly refusal: "integrity" | "signature";

  constructor(reason: EnvelopeProblem, cause?: unknown) {
    super("envelope_invalid", `The key of a shared folder could not be accepted (${reason}). Nothing was changed.`, {
      details: { reason },
      cause,
    });
    this.reason = reason;
    this.refusal = reason === "signature" ? "signature" : "integrity";
  }
}
