import { equalBytes } from "@excalibur/core/bytes";
import { type Commit, CommitError, decodeCommit } from "@excalibur/core/volume/record";
import type { VolumeApi } from "./api.ts";
import type { AcceptedHead } from "./types.ts";

type Options = { readonly signal?: AbortSignal | undefined };

/**
 * Every commit from the genesis to a head that was verified before. Each names the hash of the one before it, and the
 * last one is that head, so none can be another than it was: whoever uses them must read to the end. Throws CommitError.
 */
export async function* historyUpTo(api: VolumeApi, head: AcceptedHead, options: Options = {}): AsyncGenerator<Commit> {
  let at: Commit | undefined;
  for await (const bytes of commitsOf(api, options)) {
    const commit = decodeCommit(bytes);
    if (at !== undefined && !equalBytes(commit.previousCommitHash, at.hash)) throw new CommitError("previous_hash");
    // What does not come nearer with each step may never arrive.
    if (at !== undefined && commit.sequence <= at.sequence) throw new CommitError("sequence");
    at = commit;
    yield commit;
    if (commit.sequence >= head.sequence) break;
  }
  if (at === undefined || !equalBytes(at.hash, head.hash)) throw new CommitError("previous_hash");
}

async function* commitsOf(api: VolumeApi, { signal }: Options): AsyncGenerator<Uint8Array> {
  yield (await api.head({ signal })).genesis;
  for (let after = 0; ; ) {
    const { commits, more } = await api.commitsAfter(after, { signal });
    for (const bytes of commits) {
      yield bytes;
      after = decodeCommit(bytes).sequence;
    }
    if (!more || commits.length === 0) return;
  }
}
