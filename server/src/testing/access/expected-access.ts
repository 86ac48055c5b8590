import { ERROR_CODES, type ErrorCode, ROUTES, type Route } from "@excalibur/core/protocol";

/** Who calls. Everybody calls for what is Alice's, with a request that would be good if it were hers. */
export const CALLERS = {
  anonymous: "nobody: no signature",
  forged: "signed by another key than the session's",
  ended: "the owner, from a session that has ended",
  disabled: "an account that is disabled",
  stranger: "somebody else with an account",
  removed: "somebody whom the owner took off the volume's member list",
  viewer: "a member of the volume who may look",
  editor: "a member who may write",
  manager: "a member who may change members",
  sender: "somebody without an account who sends into an upload request of the owner's",
  link: "a stranger who came by a link into the volume, to look",
  linkEditor: "a stranger who came by a link with which one may write",
  older: "the owner, who signed in more than ten minutes ago",
  owner: "the owner",
} as const;
export type Caller = keyof typeof CALLERS;

export interface Outcome {
  readonly status: number;
  readonly code?: ErrorCode;
  /** For docs/spec/access.md. */
  readonly note?: string;
}

function refused(code: ErrorCode): Outcome {
  return { status: ERROR_CODES[code][0], code };
}

function done(route: Route, note?: string): Outcome {
  return { status: route.reply === undefined ? 204 : 200, ...(note !== undefined && { note }) };
}

/** What a session's owner may do although it is another's: it names nothing, or what it names is nobody's secret. */
const STRANGERS: Readonly<Record<string, string>> = {
  passwordStart: "his own",
  changePassword: "his own",
  changeRecovery: "his own",
  deleteAccount: "his own",
  getAccount: "his own",
  getStorage: "his own",
  getKeyring: "his own",
  getKeyringHashes: "his own",
  putKeyring: "his own",
  listSessions: "his own",
  endSession: "nothing ends",
  getIdentity: "identities are public to accounts",
  listVolumes: "his own",
  lookUpPerson: "names are public to accounts",
  createUpload: "his own",
  cancelUpload: "nothing is cancelled",
  listLinks: "his own",
  listClaims: "his own",
  postBatch: "his own",
  fetchObjects: "none of them is there",
  createRequest: "his own",
  listRequests: "his own",
  deleteRequest: "nothing is deleted",
  createTicket: "his own",
};

/** To a stranger these do not exist. */
const HIDDEN: Readonly<Record<string, ErrorCode>> = {
  getHead: "not_found",
  listCommits: "not_found",
  getPageList: "not_found",
  getStatePath: "not_found",
  fetchPages: "not_found",
  checkObjects: "not_found",
  putPages: "not_found",
  postCommit: "not_found",
  createVolume: "record_invalid",
  listMembers: "not_found",
  acceptVolume: "not_found",
  leaveVolume: "not_found",
  createLink: "not_found",
  changeLink: "not_found",
  getLinkLog: "not_found",
  claimLink: "record_invalid",
  getObject: "not_found",
  getProof: "not_found",
  getUpload: "upload_not_found",
  putPart: "upload_not_found",
  completeUpload: "upload_not_found",
  changeRequest: "not_found",
  listItems: "not_found",
  settleItems: "not_found",
};

/** What senders may; everything else is for accounts. */
const SENDERS: Readonly<Record<string, string | undefined>> = {
  createUpload: "counts for the owner",
  getUpload: "upload_not_found",
  putPart: "upload_not_found",
  completeUpload: "upload_not_found",
  cancelUpload: "nothing is cancelled",
  postBatch: "counts for the owner",
  postItems: undefined,
  listSent: "his own",
};
const SENDERS_ALONE: ReadonlySet<string> = new Set(["postItems", "listSent"]);

/** What the members of the owner's volume may, beside what everybody with an account may. */
const MEMBERS: Readonly<Record<string, string | undefined>> = {
  getHead: undefined,
  listCommits: undefined,
  getPageList: undefined,
  getStatePath: undefined,
  fetchPages: undefined,
  checkObjects: undefined,
  putPages: "whoever wrote them",
  postCommit: "the owner's: who brings it does not matter",
  getObject: undefined,
  getProof: undefined,
  fetchObjects: undefined,
  listMembers: undefined,
  acceptVolume: undefined,
  leaveVolume: undefined,
};
/** Deciding on links is deciding on members. */
const MANAGERS = new Set(["createLink", "changeLink", "getLinkLog"]);

/** What visitors may who came by a link, and those of them who may write. */
const VISITORS: Readonly<Record<string, string | undefined>> = {
  getHead: undefined,
  listCommits: undefined,
  getPageList: undefined,
  getStatePath: undefined,
  fetchPages: undefined,
  getObject: undefined,
  getProof: undefined,
  fetchObjects: undefined,
};
const WRITING_VISITORS: Readonly<Record<string, string | undefined>> = {
  ...VISITORS,
  checkObjects: undefined,
  putPages: MEMBERS["putPages"],
  postCommit: MEMBERS["postCommit"],
  createUpload: "the link's own; the owner pays",
  cancelUpload: STRANGERS["cancelUpload"],
  postBatch: "the link's own; the owner pays",
};
/** Of others' uploads they see as little as every stranger. */
const WRITING_VISITORS_ONLY_OWN = new Set(["getUpload", "putPart", "completeUpload"]);

const IN_VOLUME: ReadonlySet<Caller> = new Set(["viewer", "editor", "manager"]);

/** What even the owner may not. */
const OWNERS: Readonly<Record<string, ErrorCode>> = { leaveVolume: "forbidden" };

const NEEDS_RECENT_SIGN_IN = new Set(["passwordStart", "changePassword", "changeRecovery", "deleteAccount"]);

const REFUSED: Readonly<Partial<Record<Caller, ErrorCode>>> = {
  anonymous: "signature_required",
  forged: "signature_invalid",
  ended: "session_ended",
  disabled: "account_disabled",
};

/**
 * The outcome that is meant, written down here and not taken from the server: what it does is compared with this, and
 * docs/spec/access.md is made of it.
 */
export function expectedOutcome(route: Route, caller: Caller): Outcome {
  if (route.kind === "open") return done(route);
  const code = REFUSED[caller];
  if (code !== undefined) return refused(code);
  if (caller === "sender") return senderOutcome(route);
  if (caller === "link" || caller === "linkEditor") return visitorsOutcome(route, caller);
  if (SENDERS_ALONE.has(route.id)) return refused("forbidden");
  if (caller === "older" && NEEDS_RECENT_SIGN_IN.has(route.id)) return refused("recent_sign_in_required");
  if (caller === "owner" || caller === "older") {
    const denied = OWNERS[route.id];
    return denied === undefined ? done(route) : refused(denied);
  }
  if (IN_VOLUME.has(caller) && MANAGERS.has(route.id)) return caller === "manager" ? done(route) : refused("forbidden");
  if (IN_VOLUME.has(caller) && route.id in MEMBERS) return done(route, MEMBERS[route.id]);
  const hidden = HIDDEN[route.id];
  if (hidden !== undefined) return refused(hidden);
  const note = STRANGERS[route.id];
  if (note === undefined) throw new TypeError(`Nobody has said what a stranger gets of ${route.id}.`);
  return done(route, note);
}

function senderOutcome(route: Route): Outcome {
  if (!(route.id in SENDERS)) return refused("forbidden");
  const hidden = HIDDEN[route.id];
  return hidden === undefined ? done(route, SENDERS[route.id]) : refused(hidden);
}

function visitorsOutcome(route: Route, caller: "link" | "linkEditor"): Outcome {
  const allowed = caller === "link" ? VISITORS : WRITING_VISITORS;
  if (route.id in allowed) return done(route, allowed[route.id]);
  const isOthers = caller === "linkEditor" && WRITING_VISITORS_ONLY_OWN.has(route.id);
  return refused(isOthers ? "upload_not_found" : "forbidden");
}

function cell({ status, code, note }: Outcome): string {
  return [String(status), ...(code === undefined ? [] : [`\`${code}\``]), ...(note === undefined ? [] : [note])].join(
    " ",
  );
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** For docs/spec/access.md. */
export function accessTables(): string {
  const callers = Object.keys(CALLERS) as Caller[];
  const guarded = ROUTES.filter(({ kind }) => kind !== "open");
  const open = ROUTES.filter(({ kind }) => kind === "open");
  const head = ["route", ...callers];
  return [
    row(["caller", "who that is"]),
    row(["---", "---"]),
    ...callers.map((caller) => row([caller, CALLERS[caller]])),
    "",
    row(head),
    row(head.map(() => "---")),
    ...guarded.map((route) =>
      row([`${route.method} \`${route.path}\``, ...callers.map((caller) => cell(expectedOutcome(route, caller)))]),
    ),
    "",
    row(["route", "anybody"]),
    row(["---", "---"]),
    ...open.map((route) => row([`${route.method} \`${route.path}\``, cell(expectedOutcome(route, "anonymous"))])),
  ].join("\n");
}
