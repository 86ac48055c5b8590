import { ExcaliburError, IntegrityError, toHex } from "../../bytes/index.ts";

export type IntegrityScope = "page" | "folder" | "volume";

const INTEGRITY_SENTENCES: Record<IntegrityScope, string> = {
  page: "A part of a folder is damaged or was exchanged. The entries on it cannot be shown; everything else is fine, and an earlier version can be restored.",
  folder:
    "A folder's listing is incomplete or contradicts itself. This folder cannot be shown whole; the rest is fine.",
  volume: "The server's answer about this volume contradicts what its members signed. Nothing was accepted or changed.",
};

/**
 * Something stored was altered, swapped, cut or moved. Do not retry silently and release nothing of it. `scope` says
 * how far it reaches (cryptography.md rule 12): a damaged page concerns its entries, a damaged folder that folder, a
 * damaged commit or manifest the volume; what is outside the scope stays usable. `reason` is a stable word.
 */
export class VolumeIntegrityError extends IntegrityError {
  readonly scope: IntegrityScope;
  readonly reason: string;

  /** `facts.cause` is the error underneath; the other facts become details. */
  constructor(scope: IntegrityScope, reason: string, { cause, ...facts }: Readonly<Record<string, unknown>> = {}) {
    super(INTEGRITY_SENTENCES[scope], { code: `${scope}_damaged`, details: { ...facts, scope, reason }, cause });
    this.scope = scope;
    this.reason = reason;
  }
}

export interface HistoryPosition {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/**
 * The server offers an older state than this client has already accepted. Accept nothing; keep working from the
 * local cache, tell the person, and offer to send again what the server lost. Only a rejoin commit clears it.
 */
export class RollbackError extends ExcaliburError {
  constructor(what: string, accepted: number, offered: number) {
    super(
      "rollback",
      `The server offers an older state of ${what} (${offered}) than this device has seen (${accepted}). Nothing was accepted; it may have been restored from a backup. Ask the person who runs it.`,
      { details: { accepted, offered } },
    );
  }
}

/**
 * Two different states carry the same number: somebody was shown another history. Accept neither silently; keep both
 * as evidence (`details`), and tell the person.
 */
export class ForkError extends ExcaliburError {
  constructor(what: string, accepted: HistoryPosition, offered: HistoryPosition) {
    super(
      "fork",
      `The server shows another history of ${what} than this device has seen. Nothing was accepted; both are kept as evidence.`,
      {
        details: {
          accepted: { sequence: accepted.sequence, hash: toHex(accepted.hash) },
          offered: { sequence: offered.sequence, hash: toHex(offered.hash) },
        },
      },
    );
  }
}

export type Refusal = "signature" | "succession";

export type ManifestProblem =
  | "signature"
  | "genesis"
  | "not_next"
  | "signer_may_not"
  | "generation"
  | "commitment"
  | "removal_needs_generation"
  | "manager_may_not"
  | "link_key_changed"
  | "subject_kind_changed"
  | "identity_chain";

/**
 * A member list breaks a rule, alone or after the one before it. Do not accept it and seal nothing for its members;
 * the volume stays as it was. `reason` says which rule, `refusal` its class (docs/spec/terminology.md §5).
 */
export class ManifestError extends ExcaliburError {
  readonly reason: ManifestProblem;
  readonly refusal: Refusal;

  constructor(reason: ManifestProblem) {
    super(
      "manifest_invalid",
      `The list of members breaks a rule (${reason}). It was not accepted; nothing was changed.`,
      {
        details: { reason },
      },
    );
    this.reason = reason;
    this.refusal = reason === "signature" ? "signature" : "succession";
  }
}

export type CommitProblem =
  | "signature"
  | "kind"
  | "volume"
  | "sequence"
  | "previous_hash"
  | "time_before_previous"
  | "time_ahead"
  | "manifest"
  | "generation"
  | "writer_may_not"
  | "writer_unknown"
  | "changes_not_allowed"
  | "page_version"
  | "page_missing"
  | "pages_merged"
  | "folder_incomplete"
  | "state_root"
  | "abandoned";

/**
 * A commit breaks a rule or does not follow the one before it. A server answers `commit_invalid` and stores nothing; a
 * client does not move its head and treats the server's answer as damaged. `reason` says which rule.
 */
export class CommitError extends ExcaliburError {
  readonly reason: CommitProblem;
  readonly refusal: Refusal;

  constructor(reason: CommitProblem, details: Readonly<Record<string, unknown>> = {}) {
    super(
      "commit_invalid",
      `The commit breaks a rule of the volume (${reason}). It was not accepted; nothing was changed.`,
      {
        details: { ...details, reason },
      },
    );
    this.reason = reason;
    this.refusal = reason === "signature" ? "signature" : "succession";
  }
}
