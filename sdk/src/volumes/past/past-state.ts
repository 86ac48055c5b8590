import { equalBytes, toHex } from "@excalibur/core/bytes";
import { type Commit, changeKey, type PageRef, StateTree } from "@excalibur/core/volume/record";
import type { AcceptedState } from "../state.ts";
import { historyError, type SignedHistory } from "./signed-history.ts";

export interface PastState {
  readonly commit: Commit;
  /** As the commit left it; its root is the one the commit signed. */
  readonly tree: StateTree;
  /** nodeIds of the folders that any later commit changed. */
  readonly touched: readonly Uint8Array[];
  /** Sequences of the commits that brought those pages which are no longer current, by record hash. */
  readonly introduced: ReadonlyMap<string, number>;
}

/**
 * The state as a commit left it, reckoned back from the accepted head: pages that no later commit names are as they are
 * now, those that were changed are as the newest commit before says. Proven by the root that the commit signed. Throws
 * VolumeIntegrityError `history`.
 */
export async function stateAt(
  state: AcceptedState,
  history: SignedHistory,
  { sequence, signal }: { readonly sequence: number; readonly signal?: AbortSignal | undefined },
): Promise<PastState> {
  /** The first change of each place after the moment; commits come newest first, so the last one that is seen. */
  const firstAfter = new Map<string, PageRef>();
  const wanted = new Set<string>();
  const found: PageRef[] = [];
  const introduced = new Map<string, number>();
  let commit: Commit | undefined;
  for await (const each of history.backwards({ signal })) {
    if (each.sequence > sequence) {
      for (const change of each.changes) firstAfter.set(placeOf(change), change);
      continue;
    }
    if (commit === undefined) {
      commit = each;
      // Version 1 came into being: nothing stood there. Everything else did, and an earlier commit brought it.
      for (const [place, change] of firstAfter) if (change.version !== 1) wanted.add(place);
    }
    if (wanted.size === 0) break;
    for (const change of each.changes) {
      if (!wanted.delete(placeOf(change))) continue;
      found.push(change);
      introduced.set(toHex(change.recordHash), each.sequence);
    }
  }
  if (commit === undefined || commit.sequence !== sequence || wanted.size > 0) throw historyError();
  const tree = StateTree.fromPages(pagesOf(state.tree, firstAfter, found));
  if (!equalBytes(tree.root(state.volumeId), commit.stateRoot)) throw historyError();
  const touched = new Map([...firstAfter.values()].map(({ nodeId }) => [toHex(nodeId), nodeId]));
  return { commit, tree, touched: [...touched.values()], introduced };
}

function placeOf(page: PageRef): string {
  return toHex(changeKey(page.nodeId, page));
}

function* pagesOf(now: StateTree, changed: ReadonlyMap<string, PageRef>, then: Iterable<PageRef>): Generator<PageRef> {
  for (const page of now.pages()) if (!changed.has(placeOf(page))) yield page;
  yield* then;
}
