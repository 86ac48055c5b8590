import { EXEF_HASH_LENGTH, proveRange, segmentCount } from "@excalibur/core/exef/public";
import type { ReadHandle } from "../../db/index.ts";
import { findLeafRuns, listRunHashes, type ObjectRow } from "../../db/stores/objects.ts";
import { Refusal } from "../../refusal.ts";
import { leavesPerRun } from "./leaf-runs.ts";
import { type ObjectCaller, type ObjectsRoom, requireReadable } from "./objects-room.ts";

const hashesAtOnce = 4_096;
/** 256 MiB of ciphertext: whoever wants more asks again. */
const leavesPerProof = 4_096;

export interface ProofQuestion extends ObjectCaller {
  readonly from: number;
  readonly to: number;
}

/**
 * Leaves from … to - 1 and the siblings that lead to the tree hash. Of leaves outside the range only those that share a
 * run with it are read and hashed. @throws Refusal `not_found`, `object_gone`, `range_not_satisfiable`
 */
export async function getProof({ database }: ObjectsRoom, question: ProofQuestion): Promise<Uint8Array> {
  const { from, to } = question;
  const object = await requireReadable(database.read, question);
  const count = segmentCount(object.ciphertext_length);
  if (from >= to || to > count || to - from > leavesPerProof) throw new Refusal("range_not_satisfiable");
  if (count === 1) return proveRange({ leaves: object.tree_hash, from, to });
  const runs = { from: Math.floor(from / leavesPerRun), to: Math.ceil(to / leavesPerRun) };
  const leaves = await sparseLeaves(database.read, object, { count, ...runs });
  const hashes = count > leavesPerRun ? await runHashes(database.read, object) : [];
  const knownSubtree = (low: number, high: number) => {
    const run = low / leavesPerRun;
    const isRun = Number.isInteger(run) && high === Math.min(low + leavesPerRun, count);
    return isRun ? hashes[run] : undefined;
  };
  return proveRange({ leaves, from, to, knownSubtree });
}

/** An array of `count` leaves in which only those of the runs are filled in. */
async function sparseLeaves(
  read: ReadHandle,
  { object_id: objectId }: ObjectRow,
  { count, from, to }: { readonly count: number; readonly from: number; readonly to: number },
): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = [];
  leaves.length = count;
  for (const run of await findLeafRuns(read, objectId, { from, to })) {
    const first = run.chunk * leavesPerRun;
    for (let at = 0; at < run.leaves.length; at += EXEF_HASH_LENGTH) {
      leaves[first + at / EXEF_HASH_LENGTH] = run.leaves.subarray(at, at + EXEF_HASH_LENGTH);
    }
  }
  return leaves;
}

async function runHashes(read: ReadHandle, { object_id: objectId }: ObjectRow): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (let from = 0; ; ) {
    const rows = await listRunHashes(read, objectId, { from, limit: hashesAtOnce });
    const last = rows.at(-1);
    if (last === undefined) return hashes;
    for (const row of rows) hashes[row.chunk] = row.tree_hash;
    from = last.chunk + 1;
  }
}
