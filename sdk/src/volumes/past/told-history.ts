/**
 * [Note: How the history tells what was changed]
 * A commit names the pages it replaced. What stood in their places before is in an older commit, so the history is walked
 * until each place is found; both are opened, and the difference of their entries is what the writer did. Pages that were
 * replaced are kept for a while only, and given to those who may write: then it is told who changed something and when,
 * and not what.
 */

import { toHex } from "@excalibur/core/bytes";
import { COMMIT_KINDS, type Commit, changeKey, type PageRef } from "@excalibur/core/volume/record";
import type { ListHistory } from "../members/list-history.ts";
import type { Opened } from "../page-reader.ts";
import type { MomentKind, PlacedEntry, ToldMoment, ToldOptions } from "../types.ts";
import { compareEntries } from "./entry-changes.ts";
import type { SignedHistory } from "./signed-history.ts";

/** Commits that are looked through behind the last one that is told, for what stood there before. */
const LOOKED_BEHIND = 2000;

export interface TellContext {
  readonly history: SignedHistory;
  readonly lists: ListHistory;
  readonly open: (pages: readonly PageRef[], signal: AbortSignal | undefined) => Promise<Opened[]>;
}

interface Step {
  readonly commit: Commit;
  readonly changes: readonly PageRef[];
  /** By place: what stood there before. */
  readonly before: Map<string, PageRef>;
}

/** The newest `limit` commits, or those that touched a folder, newest first. Throws VolumeIntegrityError `history`. */
export async function tellHistory(
  { history, lists, open }: TellContext,
  { limit, folderId, signal }: ToldOptions,
): Promise<ToldMoment[]> {
  const steps = await walk(history, { limit, folder: folderId && toHex(folderId), signal });
  const told: ToldMoment[] = [];
  for (const { commit, changes, before } of steps) {
    const { sequence, hash, timeMs, kind, manifestVersion, writerFingerprint } = commit;
    told.push({
      ...{ sequence, hash, timeMs, kind: KINDS.get(kind) ?? "changed", writer: lists.signer(writerFingerprint) },
      members: kind === COMMIT_KINDS.members ? lists.eventsOf(manifestVersion) : [],
      entries: await entriesOf({ changes, before }, (pages) => open(pages, signal)),
    });
  }
  return told;
}

const KINDS: ReadonlyMap<number, MomentKind> = new Map([
  [COMMIT_KINDS.genesis, "created"],
  [COMMIT_KINDS.members, "members"],
  [COMMIT_KINDS.rejoin, "rejoined"],
]);

interface Walk {
  readonly limit: number;
  readonly folder: string | undefined;
  readonly signal: AbortSignal | undefined;
}

async function walk(history: SignedHistory, { limit, folder, signal }: Walk): Promise<Step[]> {
  const steps: Step[] = [];
  /** Places whose earlier page is looked for, with the steps that replaced it. */
  const wanted = new Map<string, Step>();
  let behind = 0;
  for await (const commit of history.backwards({ signal })) {
    const all = [...commit.changes];
    for (const change of all) {
      const place = placeOf(change);
      wanted.get(place)?.before.set(place, change);
      wanted.delete(place);
    }
    const changes = folder === undefined ? all : all.filter(({ nodeId }) => toHex(nodeId) === folder);
    const isTold = folder === undefined || changes.length > 0;
    if (isTold && steps.length < limit) {
      const step: Step = { commit, changes, before: new Map() };
      steps.push(step);
      for (const change of changes) if (change.version !== 1) wanted.set(placeOf(change), step);
    }
    if (steps.length < limit && folder === undefined) continue;
    behind += 1;
    if ((steps.length >= limit && wanted.size === 0) || behind > LOOKED_BEHIND) break;
  }
  return steps;
}

/** undefined: a page of before or after is not to be had any more. */
async function entriesOf(
  { changes, before }: Pick<Step, "changes" | "before">,
  open: (pages: readonly PageRef[]) => Promise<Opened[]>,
): Promise<ToldMoment["entries"]> {
  if (changes.some((change) => change.version !== 1 && !before.has(placeOf(change)))) return undefined;
  const old = [...before.values()].filter(({ version }) => version > 0);
  const fresh = changes.filter(({ version }) => version > 0);
  const opened = await open([...old, ...fresh]);
  const [was, is] = [new Map<string, PlacedEntry>(), new Map<string, PlacedEntry>()];
  for (const [at, page] of opened.entries()) {
    if ("cause" in page) return undefined;
    const { nodeId } = [...old, ...fresh][at] as PageRef;
    for (const entry of page.entries) {
      (at < old.length ? was : is).set(toHex(entry.childId), { folderId: nodeId, entry });
    }
  }
  return compareEntries(was, is);
}

function placeOf(page: PageRef): string {
  return toHex(changeKey(page.nodeId, page));
}
