import { equalBytes } from "@excalibur/core/bytes";
import { type Commit, decodeCommit, VolumeIntegrityError } from "@excalibur/core/volume/record";
import type { VolumeApi } from "../api.ts";

/** Commits asked for at once. */
const COMMITS_BACK = 200;

type Options = { readonly signal?: AbortSignal | undefined };

/**
 * [Note: Why old commits are believed]
 * A device keeps its accepted head and not the commits under it. The head names the hash of the commit before it, that
 * one the next, and so on down to genesis: so whatever the server gives as an earlier commit either has the hash that a
 * signed record names, or is refused. What such a commit says was verified by every client that followed it when it was
 * the newest; here it is only proven to be the same one.
 */
export class SignedHistory {
  readonly #api: Pick<VolumeApi, "commitsAfter">;
  readonly #genesis: Uint8Array;
  /** Newest first, without a gap. */
  readonly #commits: Commit[];

  constructor(options: {
    readonly api: Pick<VolumeApi, "commitsAfter">;
    readonly head: Commit;
    readonly genesis: Uint8Array;
  }) {
    this.#api = options.api;
    this.#genesis = options.genesis;
    this.#commits = [options.head];
  }

  get head(): Commit {
    return this.#commits[0] as Commit;
  }

  /** Every commit from the head back to genesis. Throws VolumeIntegrityError `history` when the server gives others. */
  async *backwards(options: Options = {}): AsyncGenerator<Commit> {
    for (let index = 0; ; index++) {
      options.signal?.throwIfAborted();
      if (index === this.#commits.length) await this.#fetchOlder(options);
      const commit = this.#commits[index];
      if (commit === undefined) return;
      yield commit;
    }
  }

  async #fetchOlder(options: Options): Promise<void> {
    const oldest = this.#commits.at(-1) as Commit;
    if (oldest.sequence === 0) return;
    // A rejoin leaves numbers out: then the next one further down is asked for.
    for (let back = COMMITS_BACK; ; back *= 2) {
      const after = Math.max(0, oldest.sequence - 1 - back);
      const older = await this.#between(after, oldest.sequence, options);
      if (after === 0) older.unshift(decodeCommit(this.#genesis));
      if (older.length > 0) {
        this.#take(older);
        return;
      }
    }
  }

  /** What the server says is between two sequences, both left out, oldest first. */
  async #between(after: number, before: number, options: Options): Promise<Commit[]> {
    const commits: Commit[] = [];
    for (let at = after; at < before - 1; ) {
      const page = await this.#api.commitsAfter(at, options);
      const some = page.commits.map(decodeCommit);
      for (const commit of some) if (commit.sequence < before) commits.push(commit);
      const last = some.at(-1);
      if (last === undefined || last.sequence <= at) throw historyError();
      at = last.sequence;
    }
    return commits;
  }

  #take(older: readonly Commit[]): void {
    for (const commit of older.toReversed()) {
      const next = this.#commits.at(-1) as Commit;
      if (!equalBytes(commit.hash, next.previousCommitHash)) throw historyError();
      this.#commits.push(commit);
    }
  }
}

/** The server's earlier commits are not those that the signed head leads back to. */
export function historyError(): VolumeIntegrityError {
  return new VolumeIntegrityError("volume", "history");
}
