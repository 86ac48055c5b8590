import { ExcaliburError } from "@excalibur/core/bytes";
import { LIMITS } from "@excalibur/core/protocol";

/** Where damage was found. Ids only: a name never stands in an error. */
export interface FolderDamage {
  readonly nodeId: Uint8Array;
  readonly bits: number;
  readonly bitsLength: number;
  /** The typed error of the check that failed, or the absence. */
  readonly cause: unknown;
}

/** A folder that should be there has no pages in the volume's state. List the folder above it again. */
export class FolderMissingError extends ExcaliburError {
  constructor() {
    super(
      "folder_missing",
      "That folder is no longer part of the drive: somebody removed it. Nothing else changed; list the folder above it again.",
    );
  }
}

/** A page that would have to be rewritten failed its checks. Writing would lose what is on it: repair it first. */
export class FolderDamagedError extends ExcaliburError {
  readonly damage: FolderDamage;

  constructor(damage: FolderDamage) {
    super(
      "folder_damaged",
      "A part of this folder's listing was altered or is missing on the server, so the folder was not changed. Other folders are not affected; keep the local copies you have and tell the person who runs the server.",
      { cause: damage.cause },
    );
    this.damage = damage;
  }
}

/** The server did not have a page that the verified state names. */
export class PageMissingError extends ExcaliburError {
  constructor() {
    super(
      "page_missing",
      "The server lacks a part of this folder's listing that it must have. The rest of the drive is readable; try again, and tell the person who runs the server if it stays so.",
    );
  }
}

/** This account has no key for the volume, or the one it was sent does not fit the signed member list. Write nothing. */
export class VolumeKeyError extends ExcaliburError {
  constructor(options: { readonly cause?: unknown } = {}) {
    super(
      "volume_key",
      "The key of this drive is missing or does not fit its signed member list. Nothing was written; ask an owner to send the key again.",
      options,
    );
  }
}

/** A viewer wants to change something. Ask whoever shares the folder for another role. */
export class ReadOnlyError extends ExcaliburError {
  constructor() {
    super(
      "read_only",
      "You may look at this shared folder, and not change anything in it. Nothing was changed; ask whoever shares it with you to make you an editor.",
    );
  }
}

/** The server does not show a volume that a mount names: sharing ended, or it withholds it. Never taken for an empty folder. */
export class VolumeMissingError extends ExcaliburError {
  constructor(options: { readonly cause?: unknown } = {}) {
    super(
      "volume_missing",
      "This shared folder is not open to you: you are not on its list, or not any more, or the server withholds it. Nothing on this device was deleted; ask whoever shared it with you.",
      options,
    );
  }
}

/** Others kept changing the volume, attempt after attempt. Nothing of this change was written; try again. */
export class VolumeBusyError extends ExcaliburError {
  constructor() {
    super(
      "volume_busy",
      "Other devices kept changing the drive at the same moment, so this change was not written. Nothing was lost; try again.",
    );
  }
}

/** So often may one content come or go with one commit (spec/volumes.md §5). */
export const LISTINGS_AT_ONCE = 65_535;

/** One step would change more than a commit can say. Nothing was changed; do it folder by folder. */
export class ChangeTooLargeError extends ExcaliburError {
  constructor(limit: "listings" | "contents" | "pages") {
    super("change_too_large", TOO_LARGE_SENTENCES[limit], { details: { limit } });
  }
}

const IN_PARTS = "Nothing was changed; do it in parts, folder by folder.";
const TOO_LARGE_SENTENCES = {
  listings: `One and the same content would be added or taken away more than ${LISTINGS_AT_ONCE} times in one step, which a drive cannot record. ${IN_PARTS}`,
  contents: `More than ${LIMITS.commitObjects} files and versions would be added or taken away in one step, which is more than a drive can record. ${IN_PARTS}`,
  pages: `More than ${LIMITS.commitPages} parts of listings would change in one step, which is more than a drive can record. ${IN_PARTS}`,
} as const;

/**
 * After a server lost history, this person cannot go on from what it has now. Nothing was changed. `reason`: no_memory (this
 * device has nothing of that drive to go on from), members (the lists of members exclude each other), role (only a manager or the owner may).
 */
export class RejoinImpossibleError extends ExcaliburError {
  constructor(reason: "no_memory" | "members" | "role") {
    super("rejoin_impossible", REJOIN_SENTENCES[reason], { details: { reason } });
  }
}

const REJOIN_SENTENCES = {
  no_memory:
    "This device remembers nothing of this drive that could be held against what the server has. Nothing was changed.",
  members:
    "What the server has and what this device remembers name different members of the drive, so neither can go on from the other. Nothing was changed; the owner can make a new drive from what there is.",
  role: "Only a manager or the owner of the drive may go on from what the server has now. Nothing was changed; ask one of them.",
} as const;
