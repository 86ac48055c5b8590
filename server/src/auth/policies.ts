/**
 * Who may call which route: one pure function a route. A route without a line here does not start the server.
 * Membership and roles of a volume are decided where its rows are read, by services/volumes.
 */

import { type ErrorCode, LIMITS } from "@excalibur/core/protocol";
import type { LiveSession } from "./session.ts";

/** The reason to refuse, or undefined. */
export type Policy = (caller: {
  readonly session: LiveSession | undefined;
  readonly nowMs: number;
}) => ErrorCode | undefined;

/** Anybody: what the route does is guarded by what is sent. */
export const open: Policy = () => undefined;

/** An account that is not disabled. */
export const signedIn: Policy = ({ session }) => {
  if (!session) return "signature_required";
  if (session.sender) return "forbidden";
  return session.disabled ? "account_disabled" : undefined;
};

/** Somebody without an account, who may send into one upload request. */
export const sending: Policy = ({ session }) => {
  if (!session) return "signature_required";
  if (session.disabled) return "account_disabled";
  return session.sender ? undefined : "forbidden";
};

/** What accounts and senders do alike: whose it then is, is decided by services/requests. */
export const signedInOrSending: Policy = (caller) => (caller.session?.sender ? sending(caller) : signedIn(caller));

/** Changing how one signs in: a session that is stolen later must not be able to take the account over. */
export const recentlySignedIn: Policy = (caller) => {
  const refused = signedIn(caller);
  if (refused || !caller.session) return refused;
  return caller.nowMs - caller.session.signedInMs > LIMITS.recentSignInMs ? "recent_sign_in_required" : undefined;
};

export const POLICIES: Readonly<Record<string, Policy>> = {
  getVersion: open,
  getCompatibility: open,
  getHealth: open,
  getReady: open,
  getClock: open,

  signUpStart: open,
  signUp: open,
  signInStart: open,
  signInFinish: open,
  recoveryStart: open,
  recoveryFinish: open,
  passwordStart: recentlySignedIn,
  changePassword: recentlySignedIn,
  changeRecovery: recentlySignedIn,
  deleteAccount: recentlySignedIn,
  getAccount: signedIn,
  getStorage: signedIn,
  getKeyring: signedIn,
  getKeyringHashes: signedIn,
  putKeyring: signedIn,
  listSessions: signedIn,
  endSession: signedIn,
  getIdentity: signedIn,

  listVolumes: signedIn,
  getHead: signedIn,
  listCommits: signedIn,
  getPageList: signedIn,
  getStatePath: signedIn,
  fetchPages: signedIn,
  checkObjects: signedIn,
  putPages: signedIn,
  postCommit: signedIn,

  createVolume: signedIn,
  listMembers: signedIn,
  acceptVolume: signedIn,
  leaveVolume: signedIn,
  lookUpPerson: signedIn,

  createUpload: signedInOrSending,
  getUpload: signedInOrSending,
  putPart: signedInOrSending,
  completeUpload: signedInOrSending,
  cancelUpload: signedInOrSending,
  postBatch: signedInOrSending,
  getObject: signedIn,
  fetchObjects: signedIn,
  getProof: signedIn,

  createRequest: signedIn,
  listRequests: signedIn,
  changeRequest: signedIn,
  deleteRequest: signedIn,
  listItems: signedIn,
  settleItems: signedIn,
  openRequest: open,
  beginSending: open,
  postItems: sending,
  listSent: sending,

  createTicket: signedIn,
};
