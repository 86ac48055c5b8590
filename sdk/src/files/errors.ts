import { ExcaliburError } from "@excalibur/core/bytes";

/** Nothing has that name there. `missing` is how many parts of the path were found before it. */
export class NotFoundError extends ExcaliburError {
  constructor(options: { readonly foundParts?: number } = {}) {
    super(
      "not_found",
      "There is nothing by that name. Nothing was changed; look at the folder's listing for what is there.",
      {
        details: { foundParts: options.foundParts ?? 0 },
      },
    );
  }
}

/** Something else has the name already. Choose another, replace it, or keep both. */
export class NameTakenError extends ExcaliburError {
  constructor() {
    super(
      "name_taken",
      "Something with that name is there already. Nothing was changed; choose another name, replace it, or keep both.",
    );
  }
}

/** Somebody else gave it another name since it was looked at. Look again before renaming it. */
export class RenamedMeanwhileError extends ExcaliburError {
  constructor(nameNow: string) {
    super(
      "renamed_meanwhile",
      `Somebody else has just renamed it to ${JSON.stringify(nameNow)}. Nothing was changed; rename that if you still want to.`,
      { details: { nameNow } },
    );
  }
}

export class BadNameError extends ExcaliburError {
  constructor(problem: string, sentence: string) {
    super("bad_name", `${sentence} Nothing was changed; choose another name.`, { details: { problem } });
  }
}

export class NotAFolderError extends ExcaliburError {
  constructor() {
    super("not_a_folder", "That is a file, and this needs a folder. Nothing was changed.");
  }
}

export class NotAFileError extends ExcaliburError {
  constructor() {
    super("not_a_file", "That is a folder, and this needs a file. Nothing was changed.");
  }
}

/** A folder cannot go into itself or into one of its own folders. */
export class IntoItselfError extends ExcaliburError {
  constructor() {
    super("into_itself", "A folder cannot be put into itself or into a folder inside it. Nothing was changed.");
  }
}

/** The root and the trash stay where they are. */
export class FixedFolderError extends ExcaliburError {
  constructor() {
    super(
      "fixed_folder",
      "The drive's root and its trash cannot be renamed, moved, copied or deleted. Nothing was changed.",
    );
  }
}

/** Written by a newer Excalibur: it can be listed, not handled. */
export class NewerVersionError extends ExcaliburError {
  constructor() {
    super(
      "needs_newer_version",
      "This item was written by a newer version of Excalibur. It is safe; update to work with it.",
    );
  }
}

/** What is shared stays where its mount is until it is left, or not shared any more. */
export class SharedFolderError extends ExcaliburError {
  constructor() {
    super(
      "shared_folder",
      "What is shared is not deleted or moved out of your drive like other things, nor is a shared folder copied. Nothing was changed; leave it, or stop sharing it, first.",
    );
  }
}

/** A file that is shared is a volume of that file alone. Put the other thing beside it. */
export class SharedFileError extends ExcaliburError {
  constructor() {
    super(
      "shared_file",
      "That is a shared file, and nothing else can be put into it. Nothing was changed; put it into a folder.",
    );
  }
}

/** Something below is a shared folder: what is to be done with all of it would reach into somebody else's. */
export class SharedInsideError extends ExcaliburError {
  constructor() {
    super(
      "shared_inside",
      "Something inside is shared. Nothing was changed; move it out first, leave it, or stop sharing it.",
    );
  }
}

/** Folders of a volume that no listing leads to: whatever takes over all of it would leave them behind. `fsck` mends that. */
export class UnreachableInsideError extends ExcaliburError {
  constructor() {
    super(
      "unreachable_inside",
      "There are folders in it that none of its listings leads to. Nothing was changed; let «fsck» mend that first.",
    );
  }
}

/** Deleting for good takes what is in the trash only. */
export class NotInTrashError extends ExcaliburError {
  constructor() {
    super("not_in_trash", "Only what is in the trash can be restored or deleted for good. Nothing was changed.");
  }
}

/**
 * This device is about to delete more within a minute than anybody should without being asked. Ask the person, and
 * do it again with `massDeletion: "meant"`.
 */
export class MassDeletionError extends ExcaliburError {
  constructor({ deleted, limit }: { readonly deleted: number; readonly limit: "items" | "share" }) {
    const much = limit === "items" ? "more than 100 items" : "more than a fifth of the drive";
    super(
      "mass_deletion",
      `This would delete ${much} within a minute, from this device alone. Nothing of it was deleted: it is done only if it is meant.`,
      { details: { deleted, limit } },
    );
  }
}

/** An earlier version that is no longer there: deleted, or taken out for its age or number. Look at the versions again. */
export class VersionGoneError extends ExcaliburError {
  constructor() {
    super(
      "version_gone",
      "The file has no such earlier version, or no longer. Nothing was changed; look at its versions again.",
    );
  }
}

/** A folder that was inside now holds the one that is to be rewound. Move that one out first. */
export class RewindAroundError extends ExcaliburError {
  constructor() {
    super(
      "rewind_around",
      "A folder that was inside this one then holds it now, so it cannot be put back. Nothing was changed; move this folder out of it first.",
    );
  }
}

/** The moment is before the drive began, or the folder did not exist then, or nothing of it is kept. Choose a later one. */
export class MomentGoneError extends ExcaliburError {
  constructor() {
    super(
      "moment_gone",
      "The folder was not there at that moment, or nothing is kept of how it was. Nothing was changed; choose a later moment.",
    );
  }
}

/** The preview lists what is no longer kept. Show it, and go on without it only when the person agrees. */
export class RewindIncompleteError extends ExcaliburError {
  constructor(lost: number) {
    super(
      "rewind_incomplete",
      `Of how the folder was, ${lost === 1 ? "one part is" : `${lost} parts are`} no longer kept. Nothing was changed; choose a later moment, or go on without.`,
      { details: { lost } },
    );
  }
}

/** Somebody changed the folder after the preview was made. Show a new one. */
export class RewindOutdatedError extends ExcaliburError {
  constructor() {
    super(
      "rewind_outdated",
      "The folder was changed while you looked at what going back would do. Nothing was changed; look again.",
    );
  }
}
