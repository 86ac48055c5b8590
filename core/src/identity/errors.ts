import { ExcaliburError } from "../bytes/index.ts";

export type IdentityProblem = "signature_invalid" | "chain_broken" | "owner_changed" | "chain_signature_invalid";

const SENTENCES: Record<IdentityProblem, string> = {
  signature_invalid: "The identity record is not signed by its own key.",
  chain_broken: "The identity record does not follow the one before it.",
  owner_changed: "The identity record belongs to another account than the one before it.",
  chain_signature_invalid: "The identity record is not signed by the key it claims to follow.",
};

/**
 * A person's public keys cannot be accepted. Do not retry, do not seal anything for these keys and keep those that were
 * pinned before: a change that the pinned key did not sign is a hard stop that only the two people can clear.
 * `reason` says which rule failed, `refusal` its class (docs/spec/terminology.md §5).
 */
export class IdentityError extends ExcaliburError {
  readonly reason: IdentityProblem;
  readonly refusal: "signature" | "succession";

  constructor(reason: IdentityProblem) {
    super("identity_invalid", `${SENTENCES[reason]} Nothing was encrypted for it and nothing was changed.`, {
      details: { reason },
    });
    this.reason = reason;
    this.refusal = reason.endsWith("signature_invalid") ? "signature" : "succession";
  }
}
