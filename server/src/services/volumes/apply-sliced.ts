import { equalBytes } from "@excalibur/core/bytes";
import type { Commit, PageRef, StateTree } from "@excalibur/core/volume/record";

/** Changes applied without a pause: some 5 ms of work. */
const changesAtOnce = 250;

/** Lets everybody else have a turn of the event loop. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * The tree after a commit's changes, as `tree.apply`, in slices so that a huge commit does not hold up the event loop. A
 * slice ends between folders, because a folder's pages are checked together. @throws CommitError as `tree.apply`
 */
export async function applySliced(tree: StateTree, commit: Commit): Promise<StateTree> {
  let after = tree;
  let slice: PageRef[] = [];
  for (const change of commit.changes) {
    const last = slice.at(-1);
    if (last !== undefined && slice.length >= changesAtOnce && !equalBytes(last.nodeId, change.nodeId)) {
      after = after.apply(slice);
      after.root(commit.volumeId);
      slice = [];
      await breathe();
    }
    slice.push(change);
  }
  return slice.length === 0 ? after : after.apply(slice);
}
