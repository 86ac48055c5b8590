import { EXEF_HASH_LENGTH, EXEF_PART_SEGMENTS, MerkleTree } from "@excalibur/core/exef/public";
import type { Database } from "../../db/index.ts";
import { type LeafRun, saveLeafRuns } from "../../db/stores/objects.ts";
import { listParts } from "../../db/stores/uploads.ts";
import { Refusal } from "../../refusal.ts";
import { leavesPerRun } from "../objects/leaf-runs.ts";
import type { ActiveUpload } from "./active-upload.ts";

const partsPerRun = leavesPerRun / EXEF_PART_SEGMENTS;
/** Runs that the object's own transaction may carry; those before it are written ahead. */
const runsAtOnce = 16;

export interface GatheredLeaves {
  readonly treeHash: Uint8Array;
  /** Not yet written. */
  readonly runs: readonly LeafRun[];
}

/** Turns the leaves of the parts into runs and hashes them, a run at a time. */
export async function gatherLeaves(database: Database, upload: ActiveUpload): Promise<GatheredLeaves> {
  const tree = new MerkleTree();
  let runs: LeafRun[] = [];
  for (let from = 0; from < upload.partCount; from += partsPerRun) {
    const parts = await listParts(database.read, upload.objectId, { from, limit: partsPerRun });
    const expected = Math.min(partsPerRun, upload.partCount - from);
    if (parts.length !== expected || parts.some(({ part }, i) => part !== from + i)) {
      throw new Refusal("upload_incomplete");
    }
    if (runs.length === runsAtOnce) {
      const full = runs;
      await database.write((tx) => saveLeafRuns(tx, upload.objectId, full));
      runs = [];
    }
    const leaves = new Uint8Array(Buffer.concat(parts.map((part) => part.leaves)));
    const runTree = new MerkleTree();
    for (let at = 0; at < leaves.length; at += EXEF_HASH_LENGTH) {
      const leaf = leaves.subarray(at, at + EXEF_HASH_LENGTH);
      tree.append(leaf);
      runTree.append(leaf);
    }
    runs.push({ chunk: from / partsPerRun, leaves, tree_hash: runTree.hash() });
  }
  const isOneLeaf = tree.size === 1;
  return { treeHash: tree.hash(), runs: isOneLeaf ? [] : runs };
}
