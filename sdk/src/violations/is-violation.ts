import { FormatError, IntegrityError, WeakKeyError } from "@excalibur/core/bytes";
import { IdentityError } from "@excalibur/core/identity";
import { CommitError, ForkError, ManifestError, RollbackError } from "@excalibur/core/volume/record";
import { ServerAuthenticationError } from "../account/index.ts";
import { ReadBackError, UploadMismatchError } from "../upload/index.ts";
import { FolderDamagedError, VolumeKeyError } from "../volumes/index.ts";
import { CacheRecordError, EnvelopeError } from "./crypto.ts";

/** Errors that say it themselves. FormatError: what should have been a record of ours is none. */
const VIOLATIONS = [
  IntegrityError,
  FormatError,
  WeakKeyError,
  RollbackError,
  ForkError,
  CommitError,
  ManifestError,
  IdentityError,
  EnvelopeError,
  ServerAuthenticationError,
  UploadMismatchError,
];

/** Errors that stand for another one. */
const CARRIERS = [FolderDamagedError, ReadBackError, VolumeKeyError];

/**
 * Whether an error means that something stored was altered, exchanged, hidden or rolled back, as opposed to a failure
 * of the network, a refusal or a mistake of the person. What is merely absent is no violation: an honest server may
 * have been asked too late.
 */
export function isViolation(error: unknown): boolean {
  // A damaged row of this device's own cache is thrown away and fetched again: nobody else had a hand in it.
  if (error instanceof CacheRecordError) return false;
  if (VIOLATIONS.some((violation) => error instanceof violation)) return true;
  return CARRIERS.some((carrier) => error instanceof carrier) && isViolation((error as Error).cause);
}
