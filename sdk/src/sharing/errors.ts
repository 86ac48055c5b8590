import { ExcaliburError, IntegrityError } from "@excalibur/core/bytes";

/** Nobody on this server has that user name, or the account is disabled. */
export class UnknownPersonError extends ExcaliburError {
  constructor(name: string) {
    super(
      "unknown_person",
      `Nobody on this server is called ${JSON.stringify(name)}. Nothing was shared; check the spelling, or ask the person for their user name.`,
      { details: { name } },
    );
  }
}

/** The server shows other keys for somebody than those this account knows, and the person did not sign the change. Never go on. */
export class ContactChangedError extends IntegrityError {
  constructor(name: string) {
    super(
      `The keys that the server shows for ${JSON.stringify(name)} are not the ones you know, and ${JSON.stringify(name)} has not signed the change. Nothing was sent or opened; ask the person in another way, and tell whoever runs the server.`,
      { code: "contact_changed", details: { name } },
    );
  }
}

/** The digits that somebody read out are not those of the keys the server shows. Nobody was pinned, nothing shared. */
export class FingerprintMismatchError extends IntegrityError {
  constructor(name: string) {
    super(
      `These are not the digits of the keys that the server shows for ${JSON.stringify(name)}. Nothing was changed; compare again, and share nothing with this person until they agree.`,
      { code: "fingerprint_mismatch", details: { name } },
    );
  }
}

/**
 * What the server shows for the name of a contact link are not the keys that the link names, nor such as they have signed.
 * Nobody was pinned.
 */
export class ContactLinkMismatchError extends IntegrityError {
  constructor(name: string) {
    super(
      `The keys that the server shows for ${JSON.stringify(name)} are not those that the contact link names. Nobody was added; ask ${JSON.stringify(name)} for the link once more, in another way, and share nothing with this person until it agrees.`,
      { code: "contact_link_mismatch", details: { name } },
    );
  }
}

/** `reason`: form (no whole contact link), server (of people on another server), oneself. */
export class ContactLinkError extends ExcaliburError {
  constructor(reason: keyof typeof CONTACT_LINK, options: { readonly cause?: unknown } = {}) {
    super("bad_contact_link", `${CONTACT_LINK[reason]} Nobody was added.`, { ...options, details: { reason } });
  }
}

const CONTACT_LINK = {
  form: "That is not a whole contact link: it has /c/ and a user name in it, and a part behind #. Copy it again.",
  server: "That contact link is of somebody on another server, and only people of this one can be shared with.",
  oneself: "That contact link is your own: it is for others.",
} as const;

/** What was typed is no fingerprint: that has 60 digits. */
export class FingerprintFormatError extends ExcaliburError {
  constructor() {
    super("bad_fingerprint", "A fingerprint has 60 digits, usually written in 12 groups of 5. Nothing was changed.");
  }
}

/**
 * `reason`: oneself, home (the root of a drive), upload (by a link to a file), nested (an invitation, inside a shared folder),
 * trash, versions (of what is shared already), outer-owner (whose folder it is inside of).
 */
export class NotShareableError extends ExcaliburError {
  constructor(reason: keyof typeof NOT_SHAREABLE) {
    super("not_shareable", `${NOT_SHAREABLE[reason]} Nothing was changed.`, { details: { reason } });
  }
}

const NOT_SHAREABLE = {
  oneself: "You are in it already: sharing is with others.",
  home: "The root of the drive cannot be shared. Share a folder or a file in it.",
  upload: "By a link to a file visitors can look at it and fetch it, and there is nothing that they could add to.",
  nested: "Nothing that others share is put into a shared folder.",
  trash: "What is in the trash cannot be shared.",
  "outer-owner": "It is inside a folder of that person's, who stays in it, as a manager at least.",
  versions: "It is shared already, and whether earlier versions come along is decided when something is first shared.",
} as const;

/** This person's role does not allow it: managers change viewers and editors, the owner everybody else, too. */
export class RoleError extends ExcaliburError {
  constructor(need: "manager" | "owner") {
    super(
      "role",
      need === "manager"
        ? "Only a manager or the owner of a shared folder decides who is in it. Nothing was changed; ask one of them."
        : "Only the owner of a shared folder makes, changes or removes a manager, hands it over, or stops sharing it. Nothing was changed; ask the owner.",
      { details: { need } },
    );
  }
}

/** The folder is not shared, or not with that person. */
export class NotSharedError extends ExcaliburError {
  constructor() {
    super("not_shared", "That is not shared with whom you named. Nothing was changed.");
  }
}

/** There is no such open invitation: it was withdrawn, or answered already. */
export class NoInvitationError extends ExcaliburError {
  constructor() {
    super(
      "no_invitation",
      "There is no such open invitation: it was withdrawn, or answered already. Nothing was changed.",
    );
  }
}

/** Only an invitation that has no answer yet can be sent again. */
export class AnsweredError extends ExcaliburError {
  constructor(name: string) {
    super(
      "invitation_answered",
      `${JSON.stringify(name)} has answered already, so there is no invitation to be sent again. Nothing was changed; whoever left or declined can be invited anew.`,
      { details: { name } },
    );
  }
}

/** Only who has accepted a shared folder can become its owner: it counts for them then. */
export class NotAcceptedError extends ExcaliburError {
  constructor(name: string) {
    super(
      "not_accepted",
      `${JSON.stringify(name)} has not accepted the folder yet, so it cannot become theirs. Nothing was changed; ask them to accept it first.`,
      { details: { name } },
    );
  }
}

/** The owner cannot leave. */
export class OwnerLeavesError extends ExcaliburError {
  constructor() {
    super("owner_leaves", "The folder is yours, so you cannot leave it. Nothing was changed; stop sharing it instead.");
  }
}

/** More than one commit of the drive can take. */
export class TooLargeToUnshareError extends ExcaliburError {
  constructor() {
    super(
      "too_large_to_unshare",
      "There is too much in it to become a part of your drive at once. Nothing was changed; take people off it by name, or move some of its folders out of it first.",
    );
  }
}

/**
 * A change of who is in a shared folder was broken off after it was made in some of those inside. `done` names them; doing it again
 * goes on from there, and `cause` says what to do first.
 */
export class CarriedInPartError extends ExcaliburError {
  constructor(done: readonly string[], options: { readonly cause: unknown }) {
    const reason = options.cause instanceof Error ? ` ${options.cause.message}` : "";
    super(
      "carried_in_part",
      `It is done in shared folders inside (${done.map((name) => JSON.stringify(name)).join(", ")}), and not yet in the rest. Nothing is lost; do it again to go on.${reason}`,
      { ...options, details: { done } },
    );
  }
}

/** Others kept changing the folder while it was being shared. */
export class ShareBusyError extends ExcaliburError {
  constructor() {
    super(
      "share_busy",
      "The folder kept changing meanwhile, so it is shared, or not, as it was before. Nothing of it was lost; try again in a quieter moment.",
    );
  }
}
