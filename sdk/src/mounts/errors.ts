import { ExcaliburError, IntegrityError } from "@excalibur/core/bytes";

/** A mount names a volume that this person has not accepted, and whose owner is another. Accept the invitation first. */
export class MountNotAcceptedError extends ExcaliburError {
  constructor() {
    super(
      "mount_not_accepted",
      "This folder belongs to somebody else, and you have not accepted it. Nothing was opened; look at your invitations.",
    );
  }
}

/** A mount leads back to where it stands, or into the drive itself. Whoever wrote it made a mistake, or meant harm. */
export class MountCircleError extends IntegrityError {
  constructor() {
    super(
      "This entry does not lead into another folder, but back to where it stands. Nothing was opened; take it out, or tell who put it there.",
      { code: "mount_circle" },
    );
  }
}

/** The volume's history does not begin as the mount says: it is another one. */
export class MountedVolumeError extends IntegrityError {
  constructor() {
    super(
      "The server gave another volume than the one that is mounted here. Nothing of it was used; tell the person who runs the server.",
      { code: "mounted_volume" },
    );
  }
}
