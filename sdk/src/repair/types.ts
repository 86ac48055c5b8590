/**
 * page_altered: the server lost or altered a part of a folder's listing, and this device still has it.
 * page_unreadable: nobody can open that part as it stands.
 * folder_gone: a listing names a folder that is no longer there.
 * listed_twice: two listings name the same thing.
 * wrong_parent: a folder says that it is somewhere else than where it is listed.
 * unreachable: a folder that no listing leads to, or that lies in itself.
 * contents_lost, version_lost: the contents of a file, or of an earlier version of it, are not what was stored, or not there.
 * newer_version: written by a newer Excalibur; no damage.
 * share_unreadable: a shared folder does not open, since what the server gives of it fails its checks.
 * share_closed: it is there no more for this person, or the server hides it; no damage that could be seen.
 */
export type FindingKind =
  | "page_altered"
  | "page_unreadable"
  | "folder_gone"
  | "listed_twice"
  | "wrong_parent"
  | "unreachable"
  | "contents_lost"
  | "version_lost"
  | "newer_version"
  | "share_unreadable"
  | "share_closed";

/**
 * What a repair does about it.
 * rewrite: the part is stored again as it was. earlier_page: its newest earlier version takes its place. empty_page: nothing
 * of it is left; an empty one takes its place. unlist: the surplus line of the listing goes. own_copy: the second one
 * becomes a thing of its own. set_parent: the folder says where it is listed. recover: it goes to the folder Recovered.
 * earlier_version: it goes to Recovered, and its newest earlier version takes its place. ask_others: it lies in a shared folder in which this
 * person may only look; whoever may change it can repair it. none: nothing can or need be done.
 */
export type Remedy =
  | "rewrite"
  | "earlier_page"
  | "empty_page"
  | "unlist"
  | "own_copy"
  | "set_parent"
  | "recover"
  | "earlier_version"
  | "ask_others"
  | "none";

/** One thing that is not as it should be. */
export interface Finding {
  readonly kind: FindingKind;
  /**
   * Where, for people: from the root, or beginning with "(trash)" or "(unreachable)"; in a shared folder these two come
   * after its path.
   */
  readonly path: string;
  readonly remedy: Remedy;
  /** The typed error of the check that failed, if one did. */
  readonly cause?: unknown;
  /** Of a page: how many entries come back. */
  readonly entries?: number;
}

/** What became of a finding. Without an error it is mended. */
export interface Mended {
  readonly finding: Finding;
  readonly error?: unknown;
}
