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
  if (session.sender || session.link) return "forbidden";
  return session.disabled ? "account_disabled" : undefined;
};

/** Somebody without an account, who may send into one upload request. */
export const sending: Policy = ({ session }) => {
  if (!session) return "signature_required";
  if (session.disabled) return "account_disabled";
  return session.sender ? undefined : "forbidden";
};

/** Or somebody who came by a link: what of its volume they see is decided like for every member. */
export const reader: Policy = (caller) => (caller.session?.link ? undefined : signedIn(caller));

/** Or somebody who came by a link with which one may write. */
export const writer: Policy = (caller) => (caller.session?.link?.role === "editor" ? undefined : signedIn(caller));

/** Or a sender: whose it then is, is decided by services/requests. */
export const uploader: Policy = (caller) => (caller.session?.sender ? sending(caller) : writer(caller));

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
  getHead: reader,
  listCommits: reader,
  getPageList: reader,
  getStatePath: reader,
  fetchPages: reader,
  checkObjects: writer,
  putPages: writer,
  postCommit: writer,

  createVolume: signedIn,
  listMembers: signedIn,
  acceptVolume: signedIn,
  leaveVolume: signedIn,
  lookUpPerson: signedIn,

  createLink: signedIn,
  listLinks: signedIn,
  changeLink: signedIn,
  getLinkLog: signedIn,
  claimLink: signedIn,
  listClaims: signedIn,
  knockLink: open,
  openLink: open,

  createUpload: uploader,
  getUpload: uploader,
  putPart: uploader,
  completeUpload: uploader,
  cancelUpload: uploader,
  postBatch: uploader,
  getObject: reader,
  fetchObjects: reader,
  getProof: reader,

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
