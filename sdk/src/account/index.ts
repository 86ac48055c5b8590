/** Accounts: signing up, signing in, recovering, and what an open account knows and can do. */

export { AccountSession } from "./account-session.ts";
export type { NewRecoveryWords, SignedUp } from "./entrance.ts";
export { Entrance } from "./entrance.ts";
export type { PasswordProblem } from "./errors.ts";
export {
  AlreadySignedInError,
  InvitationFormatError,
  KeyringBusyError,
  KeyringConflictError,
  LockedError,
  NotSignedInError,
  OtherWordsError,
  RecoveryFailedError,
  ServerAuthenticationError,
  SignInFailedError,
  UnknownAddressError,
  UserNameError,
  WeakPasswordError,
} from "./errors.ts";
export type { Invitation } from "./names.ts";
export { parseInvitation, userNameOf } from "./names.ts";
export { passwordProblem } from "./passwords.ts";
export type {
  AccountStatus,
  AccountStorage,
  ClientKind,
  DeviceOptions,
  RecoverOptions,
  ServerStatus,
  SessionStatus,
  SignedOut,
  SignInOptions,
  SignUpOptions,
  WhoAmI,
} from "./types.ts";
