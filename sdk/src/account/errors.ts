import { ExcaliburError } from "@excalibur/core/bytes";

/** Name or password is wrong, or the other side is not the server of this account: nobody can tell these apart, on purpose. Type both again. */
export class SignInFailedError extends ExcaliburError {
  constructor() {
    super("sign_in_failed", "The name or the password is wrong. Nothing was changed.");
  }
}

/** Name or recovery words are wrong, or the server is not the one of this account. Check the order and the spelling of the words. */
export class RecoveryFailedError extends ExcaliburError {
  constructor() {
    super("recovery_failed", "The name or the recovery words are wrong. Nothing was changed.");
  }
}

/** Words, but not those of this account. Look at what was saved, or make new ones. */
export class OtherWordsError extends ExcaliburError {
  constructor() {
    super(
      "other_words",
      "Those are not the recovery words of this account. Nothing was changed; look at what you saved, or make new words.",
    );
  }
}

/**
 * The server is reached, but does not call this address its own: a tunnel or a proxy it was not told about, or a look-alike that
 * passes everything on. A session is bound to the address, so nothing made here would be worth anything there.
 */
export class UnknownAddressError extends ExcaliburError {
  constructor(origin: string) {
    super(
      "unknown_address",
      `The server does not call ${origin} its own address, so nobody can sign in there. Use the address it prints at its start; or whoever runs it, if this address is theirs, starts it with --public-url ${origin}. Nothing was lost.`,
    );
  }
}

/** The server contradicts what it said before, or hands out what does not belong to this account. Do not type secrets there until the person who runs it explains. */
export class ServerAuthenticationError extends ExcaliburError {
  constructor(what: "user" | "name" | "home volume" | "slot" | "keyring") {
    super(
      "server_authentication",
      `The server's answers contradict each other or what this device knows of the account (${what}). Nothing was sent to it and nothing was changed.`,
      { details: { what } },
    );
  }
}

/** There is no account on this device. Sign in. */
export class NotSignedInError extends ExcaliburError {
  constructor() {
    super("not_signed_in", "You are not signed in on this device. Sign in first.");
  }
}

/** The account is known here but its key was put away. Sign in with the password to open it again. */
export class LockedError extends ExcaliburError {
  constructor(options: { readonly cause?: unknown } = {}) {
    super("locked", "This device is locked. Sign in again with your password; nothing was lost.", options);
  }
}

/** Another account is signed in on this device. Sign out first, or use another EXCALIBUR_HOME. */
export class AlreadySignedInError extends ExcaliburError {
  constructor() {
    super("already_signed_in", "Another account is signed in on this device. Sign out first; nothing was changed.");
  }
}

export type PasswordProblem = "too_short" | "too_long" | "is_name" | "few_characters" | "common";

const PASSWORD_SENTENCES: Record<PasswordProblem, string> = {
  too_short: "A password has at least 10 characters.",
  too_long: "A password has at most 1000 characters.",
  is_name: "The password must not be your user name.",
  few_characters: "The password needs more than three different characters.",
  common: "That password is one of the first that anybody would try.",
};

/** The password is too easy to guess. Choose another; nothing was sent. */
export class WeakPasswordError extends ExcaliburError {
  readonly problem: PasswordProblem;

  constructor(problem: PasswordProblem) {
    super("weak_password", `${PASSWORD_SENTENCES[problem]} Nothing was changed; choose another.`, {
      details: { problem },
    });
    this.problem = problem;
  }
}

/** Not a name an account can have. */
export class UserNameError extends ExcaliburError {
  constructor() {
    super("bad_user_name", "A user name has 3 to 32 characters: a to z, 0 to 9, dot, hyphen and underscore.");
  }
}

/** What was given is no invitation: neither its address nor its code. */
export class InvitationFormatError extends ExcaliburError {
  constructor() {
    super(
      "bad_invitation",
      "That is not an invitation. It is an address that ends in #invite=… or the 22 characters after it.",
    );
  }
}

/** Two devices changed the same thing in the keyring in ways that no rule reconciles. Nothing was written; decide and try again. */
export class KeyringConflictError extends ExcaliburError {
  constructor(kinds: readonly string[]) {
    super(
      "keyring_conflict",
      "Another device changed the same thing in your account at the same time. Nothing was written; look at it and try again.",
      { details: { kinds } },
    );
  }
}

/** Other devices or processes kept writing the keyring. Nothing was written; try again. */
export class KeyringBusyError extends ExcaliburError {
  constructor() {
    super("keyring_busy", "Other devices kept changing your account at the same moment. Nothing was lost; try again.");
  }
}
