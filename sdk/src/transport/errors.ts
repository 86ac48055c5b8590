import { ERROR_CODES, type ErrorCode, ExcaliburError } from "@excalibur/core/protocol";

/** What a problem document said beside its code. Numbers and ids only: a server's prose is never shown. */
export interface ProblemFacts {
  readonly status: number;
  /** To find the request in the server's log. */
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly reason?: string;
  readonly version?: number;
  readonly ids?: readonly string[];
}

/** The server understood and refused. `code` is one of ERROR_CODES and says whether trying again can help. */
export class ApiError extends ExcaliburError {
  declare readonly code: ErrorCode;
  readonly facts: ProblemFacts;

  constructor(code: ErrorCode, facts: ProblemFacts) {
    super(code, ERROR_CODES[code][1], { details: { ...facts } });
    this.facts = facts;
  }
}

/** Nothing is at this address, or not for this account (404, 410). Never take it for a deletion: keep what you know of it. */
export class MissingError extends ApiError {}

/** This device's session is over. Sign in again; nothing of yours was lost. */
export class SessionEndedError extends ApiError {}

/** Something between this device and the server answered in its place (a portal, a proxy, another site). Nothing was changed by it; check the address and the network. */
export class GatewayError extends ExcaliburError {
  readonly status: number;

  constructor(status: number, what: string, advice = "check the address") {
    super("gateway", `The answer did not come from an Excalibur server: ${what}. Nothing was lost; ${advice}.`, {
      details: { status },
    });
    this.status = status;
  }
}

/** What was given as a server's address is none. Nothing was sent; type it again. */
export class ServerAddressError extends ExcaliburError {
  constructor(message: string) {
    super("bad_address", message);
  }
}

/** The reply ended before its announced length. What arrived is not to be used unless it is verified by itself; ask again for the rest. */
export class TruncatedReplyError extends ExcaliburError {
  constructor(receivedBytes: number, expectedBytes: number) {
    super("truncated_reply", "The server's answer broke off early. Nothing was lost; try again.", {
      details: { receivedBytes, expectedBytes },
    });
  }
}

/** A reply that is no valid message of this wire version. Nothing of it was used. */
export class MalformedReplyError extends ExcaliburError {
  constructor(routeId: string, what: string) {
    super("malformed_reply", `The server's answer cannot be understood: ${what}. Nothing of it was used.`, {
      details: { route: routeId },
    });
  }
}

/** This program and the server speak different versions. `side` says which one to update; no data is affected. */
export class UpgradeNeededError extends ExcaliburError {
  readonly side: "client" | "server";

  constructor(side: "client" | "server") {
    super(
      "upgrade_needed",
      side === "client"
        ? "The server speaks a newer version than this program. Update this program; your files are safe."
        : "The server speaks an older version than this program. The server needs an update; your files are safe.",
      { details: { side } },
    );
    this.side = side;
  }
}
