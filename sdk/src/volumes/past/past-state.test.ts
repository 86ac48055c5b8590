import { type Commit, type PageRef, StateTree, VolumeIntegrityError } from "@excalibur/core/volume/record";
import { describe, expect, it } from "vitest";
import type { AcceptedState } from "../state.ts";
import { stateAt } from "./past-state.ts";
import type { SignedHistory } from "./signed-history.ts";

const volumeId = new Uint8Array(16).fill(1);

function page(node: number, version: number): PageRef {
  const nodeId = new Uint8Array(16).fill(node);
  return { nodeId, bits: 0, bitsLength: 0, version, recordHash: new Uint8Array(32).fill(16 * node + version) };
}

function gone(node: number): PageRef {
  return { ...page(node, 0), recordHash: new Uint8Array(32) };
}

/** Commits by what each changed, the genesis first. */
function grow(...changes: readonly (readonly PageRef[])[]) {
  const trees: StateTree[] = [];
  const commits = changes.map((change, sequence) => {
    trees.push((trees.at(-1) ?? StateTree.empty).apply(change));
    return { sequence, changes: change, stateRoot: trees.at(-1)!.root(volumeId) } as unknown as Commit;
  });
  const state = { volumeId, tree: trees.at(-1)! } as unknown as AcceptedState;
  return { commits, trees, state };
}

function historyOf(commits: readonly Commit[]): SignedHistory {
  async function* backwards() {
    yield* commits.toReversed();
  }
  return { backwards } as unknown as SignedHistory;
}

const STORY = [[page(1, 1), page(2, 1)], [page(1, 2), page(3, 1)], [page(2, 2), gone(3)], [page(1, 3)]] as const;

describe("an earlier state", () => {
  it("is what every commit left, with the folders that were changed since", async () => {
    const { commits, trees, state } = grow(...STORY);
    for (const [sequence, tree] of trees.entries()) {
      const past = await stateAt(state, historyOf(commits), { sequence });
      expect([...past.tree.pages()]).toEqual([...tree.pages()]);
      const since = STORY.slice(sequence + 1).flat();
      expect(past.touched).toHaveLength(new Set(since.map(({ nodeId }) => nodeId[0])).size);
    }
  });

  it("that has another root than its commit signed is refused", async () => {
    const { commits, state } = grow(...STORY);
    const forged = commits.map((commit) => ({ ...commit, stateRoot: new Uint8Array(32) }) as Commit);
    await expect(stateAt(state, historyOf(forged), { sequence: 1 })).rejects.toThrow(VolumeIntegrityError);
  });

  it("whose pages no commit brought, or that is not there, is refused", async () => {
    const { commits, state } = grow(...STORY);
    await expect(stateAt(state, historyOf(commits.slice(1)), { sequence: 1 })).rejects.toThrow(VolumeIntegrityError);
    await expect(stateAt(state, historyOf(commits.slice(2)), { sequence: 1 })).rejects.toThrow(VolumeIntegrityError);
    await expect(stateAt(state, historyOf(commits), { sequence: -1 })).rejects.toThrow(VolumeIntegrityError);
  });
});
