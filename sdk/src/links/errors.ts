import { ExcaliburError, IntegrityError } from "@excalibur/core/bytes";

/** What was typed is no address of a link. Nothing was sent; copy it again, whole. */
export class LinkAddressError extends ExcaliburError {
  constructor(cause: unknown) {
    super(
      "bad_link",
      "That is not the whole address of a link: it has /s/ in it, and a part behind #. Nothing was opened; copy it again.",
      { cause },
    );
  }
}

/** Nothing answers to that address: no such link, or a part of the address is missing or wrong. */
export class LinkNotFoundError extends ExcaliburError {
  constructor(options: { readonly cause?: unknown } = {}) {
    super(
      "link_not_found",
      "There is no such link on that server, or a part of its address is missing. Nothing was opened; copy the whole address again, or ask whoever gave it to you.",
      options,
    );
  }
}

/** The link has a password, and none was given. Ask for it and try again. */
export class LinkPasswordNeededError extends ExcaliburError {
  constructor() {
    super(
      "link_password_needed",
      "This link needs a password. Nothing was opened; ask whoever gave you the link for it.",
    );
  }
}

/** This person has made no such link, and may change nobody else's of that id. */
export class UnknownLinkError extends ExcaliburError {
  constructor() {
    super(
      "unknown_link",
      "There is no such link among those of the folders whose members you decide on. Nothing was changed.",
    );
  }
}

/** Somebody else made the link: only they have its secret. */
export class OthersLinkError extends ExcaliburError {
  constructor() {
    super(
      "others_link",
      "Somebody else made this link, and only they can show its address or name it. Nothing was changed; you can pause it and take it back.",
    );
  }
}

/** It lies in the folder of a link, and is shared by itself: the link does not lead there (decision 0074). Go on with the rest. */
export class NotInLinkError extends ExcaliburError {
  constructor() {
    super(
      "not_in_link",
      "This is shared separately, and is not a part of the link. Nothing is missing or lost; ask whoever gave you the link if you need it.",
    );
  }
}

/** Whoever made the link asks that nothing is downloaded by it. */
export class ViewOnlyError extends ExcaliburError {
  constructor() {
    super(
      "view_only",
      "This link is for looking only: whoever made it asks that nothing is downloaded. Nothing was fetched; ask them for another one.",
    );
  }
}

/** What the server shows behind a link is not what its maker pinned. Nothing was opened; tell whoever gave the link. */
export class LinkIntegrityError extends IntegrityError {
  constructor() {
    super(
      "What the server shows behind this link is not what its maker shared. Nothing of it was opened; tell whoever gave you the link.",
      { code: "link_exchanged" },
    );
  }
}

/** What was typed is the address of a link that is no invitation: it is for looking, and nobody's place can be had by it. */
export class NotInvitationError extends ExcaliburError {
  constructor() {
    super(
      "not_an_invitation",
      "This link is no invitation: whoever has it can open it as it is, without an account. Nothing was changed.",
    );
  }
}

/** The invitation is of another server than the account. Nothing was changed; use an account of that server. */
export class InvitationElsewhereError extends ExcaliburError {
  constructor(options: { readonly cause?: unknown } = {}) {
    super(
      "invitation_elsewhere",
      "This invitation is of another server than your account. Nothing was changed; make an account on that server, or sign in there.",
      options,
    );
  }
}

/** This person is in the folder already. The invitation stays for somebody else. */
export class AlreadyInsideError extends ExcaliburError {
  constructor() {
    super(
      "already_inside",
      "You are in this already, so the invitation was left as it is. Give it to whom it was meant for.",
    );
  }
}

/** Whom the server names as having taken up an invitation, its key has not named. Nobody was let in; tell who runs the server. */
export class ClaimIntegrityError extends IntegrityError {
  constructor() {
    super(
      "The server names somebody who is said to have taken up an invitation, but the invitation does not say so. Nobody was let in; withdraw the invitation, and tell whoever runs the server.",
      { code: "claim_forged" },
    );
  }
}

/** The server shows an identity of this account that is not its own. Nothing was signed. */
export class OwnIdentityError extends IntegrityError {
  constructor() {
    super(
      "The server shows other keys as yours than those that this device holds. Nothing was signed and nothing was changed; tell whoever runs the server.",
      { code: "own_identity" },
    );
  }
}
