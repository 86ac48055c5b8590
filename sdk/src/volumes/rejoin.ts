/**
 * [Note: Going on after a server lost history]
 * A server that was restored from a backup offers less than a device has seen, which looks like a server that hides
 * something. No program can tell the two apart, so a person decides, and only after the password (cryptography.md §5). Then
 * (1) what was lost is sent again as it was signed, as far as this device still has commits and pages, and the server the
 * objects: if all of it goes, nobody notices that anything was lost. (2) Otherwise a manager or the owner signs a rejoin
 * commit on what the server has, which lists every commit that is given up. Devices that have seen one of those come to
 * the same question; if their head is listed already, they only have to agree. (3) What the drive had and has no longer
 * is put back by ordinary changes as far as its objects exist (salvage.ts), and told by name where they do not.
 */

import { compareBytes, equalBytes, toHex } from "@excalibur/core/bytes";
import {
  COMMIT_KINDS,
  type Commit,
  CommitError,
  decodeCommit,
  decodeManifest,
  type HistoryPosition,
  mayChangeMembers,
  memberByFingerprint,
  verifyRejoin,
} from "@excalibur/core/volume/record";
import { ApiError } from "../transport/errors.ts";
import { type AcceptContext, type Accepted, acceptFresh, acceptRemembered, toStoredHead } from "./accept.ts";
import { VolumeApi } from "./api.ts";
import { signRejoin } from "./crypto.ts";
import { RejoinImpossibleError, VolumeBusyError } from "./errors.ts";
import { verifyPeople } from "./history.ts";
import { type HeadRow, LocalVolumeStore } from "./local-store.ts";
import { differences, type Lost } from "./lost.ts";
import type { AcceptedHead } from "./types.ts";
import type { OpenVolumeOptions } from "./volume.ts";
import { historyUpTo } from "./whole-history.ts";

/** So often somebody else may be quicker. */
const ATTEMPTS = 5;

type Options = { readonly signal?: AbortSignal | undefined };

/** What a person is shown before he decides. */
export interface RejoinQuestion {
  /** What this device had accepted, and when it was written. */
  readonly accepted: AcceptedHead & { readonly timeMs: number };
  readonly offered: AcceptedHead & { readonly timeMs: number };
  /** Commits of this device's past that the server lost, as far as it knows them. */
  readonly lostCommits: number;
  /** Somebody has gone on from what the server has. */
  readonly wentOn: boolean;
  /** What the drive has here and not there. */
  readonly lost: Lost;
}

export interface Rejoined {
  /** Commits that the server took again as they were. */
  readonly resent: number;
  /** Whether history was given up: then `lost` is to be salvaged. */
  readonly gaveUp: boolean;
}

/** undefined: the server has everything this device has seen. */
export async function askRejoin(options: OpenVolumeOptions): Promise<RejoinTurn | undefined> {
  const api = new VolumeApi(options.transport, options.volumeId);
  const store = new LocalVolumeStore(options.cache, options.volumeId);
  const context = { volumeId: options.volumeId, api, store, member: options.member };
  const row = await store.readHead();
  const mine = row && (await acceptRemembered(context, row));
  if (row === undefined || mine === undefined) throw new RejoinImpossibleError("no_memory");
  const offered = await acceptOffered(context, options);
  const branch = await readBranch(context, offered, options);
  if (branch.hashes.has(toHex(mine.state.head.hash))) return undefined;
  requireSameMembers(mine, offered);
  return await RejoinTurn.begin({ options, context, row, mine, offered, branch });
}

/** What the server has, verified like on a fresh device, but for what anybody remembers of it: that is what is asked about. */
async function acceptOffered(context: AcceptContext, options: Options): Promise<Accepted> {
  const member = { ...context.member, acceptedHead: () => undefined };
  return await acceptFresh({ ...context, member }, options);
}

/** No rejoin brings back a removed member: what the server has must be, or extend, the list of members of this device's head. */
function requireSameMembers({ state, material: mine }: Accepted, { material }: Accepted): void {
  const genesis = mine.genesis;
  const theirs = material.manifests[state.manifest.version];
  const same = theirs !== undefined && equalBytes(decodeManifest(theirs).hash, state.manifest.hash);
  if (!same || !equalBytes(material.genesis, genesis)) throw new RejoinImpossibleError("members");
}

/** The server's whole history. */
interface Branch {
  readonly hashes: ReadonlySet<string>;
  readonly rejoins: readonly { readonly commit: Commit; readonly previous: Commit }[];
}

async function readBranch({ api }: AcceptContext, { state }: Accepted, options: Options): Promise<Branch> {
  const hashes = new Set<string>();
  const rejoins: { commit: Commit; previous: Commit }[] = [];
  let previous: Commit | undefined;
  for await (const commit of historyUpTo(api, state.head, options)) {
    hashes.add(toHex(commit.hash));
    if (commit.kind === COMMIT_KINDS.rejoin && previous !== undefined) rejoins.push({ commit, previous });
    previous = commit;
  }
  return { hashes, rejoins };
}

interface Facts {
  readonly options: OpenVolumeOptions;
  readonly context: AcceptContext;
  readonly row: HeadRow;
  readonly mine: Accepted;
  readonly offered: Accepted;
  readonly branch: Branch;
}

/** One question, and what follows when the answer is yes. */
export class RejoinTurn {
  readonly question: RejoinQuestion;
  readonly #facts: Facts;
  /** This device's past above what the server has, oldest first. */
  readonly #lost: readonly Commit[];

  private constructor(facts: Facts, lostCommits: readonly Commit[], lost: Lost) {
    this.#facts = facts;
    this.#lost = lostCommits;
    const { mine, offered } = facts;
    const position = ({ state: { head, commit } }: Accepted) => ({ ...head, timeMs: commit.timeMs });
    const wentOn = !lostCommits.some(({ previousCommitHash }) =>
      equalBytes(previousCommitHash, offered.state.head.hash),
    );
    this.question = {
      accepted: position(mine),
      offered: position(offered),
      lostCommits: lostCommits.length,
      wentOn,
      lost,
    };
  }

  static async begin(facts: Facts): Promise<RejoinTurn> {
    const lost = await differences(
      { ...facts.context, mine: facts.mine.state, offered: facts.offered.state },
      facts.options,
    );
    return new RejoinTurn(facts, await pastOf(facts), lost);
  }

  /** Only for a person who has typed the password and seen the question. Throws RejoinImpossibleError, and then nothing was changed. */
  async goOn(options: Options = {}): Promise<Rejoined> {
    const resent = this.question.wentOn || this.#hasLostMounts() ? 0 : await this.#resend(options);
    if (resent > 0 && resent === this.#lost.length) return { resent, gaveUp: false };
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { context } = this.#facts;
      const offered = await acceptOffered(context, options);
      const branch = await readBranch(context, offered, options);
      if (this.#isListed(offered, branch)) return await this.#adopt(offered, resent);
      const signed = await this.#sign(offered, { branch, ...options });
      if (signed !== undefined) return await this.#adopt(signed, resent);
    }
    throw new VolumeBusyError();
  }

  /**
   * A commit that took a folder out of the drive and mounted a volume in its place must not be sent again alone: the server may
   * have lost that volume with it, and then the folder, which it has, would be gone.
   */
  #hasLostMounts(): boolean {
    return this.question.lost.items.some(({ entry }) => entry.mount !== undefined);
  }

  /** Sends again what the server lost, as it was signed, as far as everything it needs is there. */
  async #resend(options: Options): Promise<number> {
    const { api, store } = this.#facts.context;
    let resent = 0;
    for (const commit of this.#lost) {
      const hashes = [...commit.changes].flatMap(({ version, recordHash }) => (version === 0 ? [] : [recordHash]));
      const records = (await store.readRecords(hashes)).filter((record) => record !== undefined);
      if (commit.kind !== COMMIT_KINDS.ordinary || records.length < hashes.length) break;
      try {
        if (records.length > 0) await api.sendPages(records, options);
        await api.commit(commit.bytes, {}, options);
      } catch (error) {
        // An object that was uploaded since the backup is gone, or somebody has gone on: the rest takes the other way.
        if (error instanceof ApiError && RESEND_ENDS.has(error.code)) break;
        throw error;
      }
      resent += 1;
    }
    return resent;
  }

  /** Whether somebody who may has given up this device's head already. Throws CommitError when he may not. */
  #isListed(offered: Accepted, { rejoins }: Branch): boolean {
    const { mine } = this.#facts;
    const { head, manifest } = mine.state;
    const found = rejoins.find(({ commit }) =>
      [...commit.abandoned].some(({ sequence, hash }) => sequence === head.sequence && equalBytes(hash, head.hash)),
    );
    if (found === undefined) return false;
    const manifests = offered.material.manifests.map(decodeManifest).slice(0, found.commit.manifestVersion + 1);
    verifyRejoin({
      ...found,
      manifests,
      remembered: { ...head, manifestHash: manifest.hash, isOnKeptBranch: false },
      ...verifyPeople(offered.material.identities, offered.material.links),
    });
    return true;
  }

  /** The server's head with a rejoin commit on it. undefined: somebody was quicker. */
  async #sign(
    offered: Accepted,
    { branch, signal }: Options & { readonly branch: Branch },
  ): Promise<Accepted | undefined> {
    const { context, options, mine } = this.#facts;
    const { state } = offered;
    const own = memberByFingerprint(state.manifest, context.member.fingerprint);
    if (own === null || !mayChangeMembers(own.role)) throw new RejoinImpossibleError("role");
    const abandoned = [...this.#lost, mine.state.commit]
      .filter(({ hash }) => !branch.hashes.has(toHex(hash)))
      .map(({ sequence, hash }): HistoryPosition => ({ sequence, hash }));
    const bytes = signRejoin({
      before: state,
      abandoned: sortedOnce(abandoned),
      member: context.member,
      nowMs: options.serverNowMs(),
    });
    const commit = decodeCommit(bytes);
    verifyRejoin({ previous: state.commit, commit, manifests: [state.manifest], signatureKeys: state.signatureKeys });
    try {
      await context.api.commit(bytes, {}, { signal });
    } catch (error) {
      if (error instanceof ApiError && error.code === "head_moved") return undefined;
      throw error;
    }
    const head = { sequence: commit.sequence, hash: commit.hash };
    return { ...offered, state: { ...state, head, commit } };
  }

  /** From here on this device's memory is what the server has. What it had before stays as evidence. */
  async #adopt(offered: Accepted, resent: number): Promise<Rejoined> {
    const { row, mine, context } = this.#facts;
    const { state, material } = offered;
    await context.store.keepEvidence(mine.state.commit.bytes, mine.state.head.hash, mine.state.head.sequence);
    const to = toStoredHead(state, material);
    const pages = state.tree.pages();
    const kept = { sequence: state.commit.sequence, bytes: state.commit.bytes, replaced: [] };
    const done = await context.store.advance({ from: row, to, pages, replaceAll: true, records: [], commits: [kept] });
    if (done === undefined) throw new VolumeBusyError();
    context.member.rememberHead(context.volumeId, state.head);
    return { resent, gaveUp: true };
  }
}

/** Refusals after which the commits that follow cannot be taken either. */
const RESEND_ENDS: ReadonlySet<string> = new Set(["object_missing", "page_missing", "head_moved", "commit_invalid"]);

/** The commits that led to this device's head and that the server does not have, as far as they are kept, oldest first. */
async function pastOf({ context, mine, row, branch }: Facts): Promise<Commit[]> {
  const kept = new Map<string, Commit>();
  for (const { bytes } of await context.store.readCommits(row.head)) {
    const commit = decodeCommit(bytes);
    kept.set(toHex(commit.hash), commit);
  }
  const past: Commit[] = [];
  for (let at: Commit | undefined = mine.state.commit; at !== undefined && !branch.hashes.has(toHex(at.hash)); ) {
    past.unshift(at);
    at = kept.get(toHex(at.previousCommitHash));
  }
  if (past.length === 0) throw new CommitError("abandoned");
  return past;
}

function sortedOnce(positions: readonly HistoryPosition[]): HistoryPosition[] {
  const once = new Map(positions.map((position) => [toHex(position.hash), position]));
  return [...once.values()].sort((a, b) => a.sequence - b.sequence || compareBytes(a.hash, b.hash));
}
