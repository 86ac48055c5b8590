/** The only file of this room that looks at keys: whose they are. */

import { equalBytes, FormatError } from "@excalibur/core/bytes";
import {
  type ContactAddress,
  chainLeads,
  fingerprintDigits,
  formatContactAddress,
  parseContactAddress,
  type VerifiedIdentity,
  verifyIdentityChain,
} from "@excalibur/core/identity";
import { nameProblem, normalizeName } from "@excalibur/core/volume/content";
import type { FoundPerson } from "./api.ts";
import { ContactLinkError } from "./errors.ts";

export type { VerifiedIdentity };
export { fingerprintDigits, formatContactAddress };

/** What stands in a contact link. Throws ContactLinkError, UnsupportedError for one of a newer version. */
export function readContactLink(typed: string): ContactAddress {
  try {
    return parseContactAddress(typed);
  } catch (error) {
    throw error instanceof FormatError ? new ContactLinkError("form", { cause: error }) : error;
  }
}

export interface PinnedKeys {
  readonly fingerprint: Uint8Array;
}

export interface ProvenPerson {
  readonly identity: VerifiedIdentity;
  /** The keys are others than the pinned ones, and the pinned ones signed that. */
  readonly changed: boolean;
}

/**
 * The newest identity of a person whom the server has looked up. With a pin it must be that one, or be led to from it by
 * signed changes (spec/people.md §2); undefined is anything else. Throws FormatError, WeakKeyError, IdentityError for records that prove nothing.
 */
export function provePerson(
  { userId, records }: FoundPerson,
  { name, pinned }: { readonly name: string; readonly pinned: PinnedKeys | undefined },
): ProvenPerson | undefined {
  const chain = verifyIdentityChain(records, pinned?.fingerprint);
  const identity = chain.at(-1);
  if (identity === undefined || !equalBytes(identity.userId, userId) || identity.name !== name) return undefined;
  if (pinned === undefined || equalBytes(pinned.fingerprint, identity.fingerprint)) return { identity, changed: false };
  return chainLeads(chain, pinned.fingerprint, identity.fingerprint) ? { identity, changed: true } : undefined;
}

/** A name that may be written, made of one that somebody else gave; undefined when there is none in it. */
export function usableName(text: string): string | undefined {
  const name = normalizeName(text);
  return nameProblem(name) === undefined ? name : undefined;
}
