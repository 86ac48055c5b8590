/**
 * [Note: How changes share a commit]
 * Changes wait in a queue; whenever no commit is under way, all that wait run one after the other on drafts of the
 * newest head and travel in one commit. When the server says that the head has moved, the device follows the new
 * commits and runs the same changes again on what it finds: so every check a change makes (the name is free, the entry
 * is still there) is made on the very state the commit extends, and nobody's change is lost.
 */

import { equalBytes, isAllZero } from "@excalibur/core/bytes";
import type { LoggerPort } from "../ports/index.ts";
import { NetworkError } from "../ports/index.ts";
import { ApiError, GatewayError } from "../transport/errors.ts";
import type { VolumeApi } from "./api.ts";
import { type BuiltCommit, buildCommit } from "./crypto.ts";
import { VolumeEditor } from "./editor.ts";
import { ChangeTooLargeError, VolumeBusyError } from "./errors.ts";
import type { PageReader } from "./page-reader.ts";
import type { AcceptedState } from "./state.ts";
import type { AcceptedHead, VolumeChange, VolumeMember } from "./types.ts";

/** Somebody wins every round, so a crowd of writers gets through long before this. */
const MAX_ROUNDS = 60;
/** How many waiting changes share a commit. */
const MAX_TOGETHER = 64;

export interface ChangeQueueContext {
  readonly api: VolumeApi;
  readonly member: VolumeMember;
  readonly logger: LoggerPort;
  readonly serverNowMs: () => number;
  readonly state: () => AcceptedState;
  readonly reader: () => PageReader;
  readonly catchUp: (signal: AbortSignal | undefined) => Promise<AcceptedHead>;
  readonly accept: (built: BuiltCommit) => Promise<void>;
}

interface Waiting {
  readonly run: VolumeChange<unknown>;
  readonly signal: AbortSignal | undefined;
  /** Its caller has an answer: it must not run again. */
  readonly answered: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

type Outcome = { readonly waiting: Waiting; readonly value: unknown };

export class ChangeQueue {
  readonly #context: ChangeQueueContext;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;

  constructor(context: ChangeQueueContext) {
    this.#context = context;
  }

  add<T>(run: VolumeChange<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let answered = false;
      this.#waiting.push({
        run,
        signal,
        get answered() {
          return answered;
        },
        resolve: (value) => {
          answered = true;
          resolve(value as T);
        },
        reject: (reason) => {
          answered = true;
          reject(reason);
        },
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  async #drain(): Promise<void> {
    // Whoever asks in the same moment travels together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_TOGETHER);
      await this.#commitTogether(batch);
    }
    this.#draining = undefined;
  }

  async #commitTogether(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#rounds(batch);
    } catch (error) {
      const left = batch.filter((waiting) => !waiting.answered);
      if (left.length > 1 && (error instanceof ApiError || error instanceof ChangeTooLargeError)) {
        // One of them may be what is refused: each gets its own commit and its own answer.
        for (const waiting of left) await this.#commitTogether([waiting]);
      } else for (const waiting of left) waiting.reject(error);
    }
  }

  async #rounds(batch: readonly Waiting[]): Promise<void> {
    let left = batch;
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const editor = new VolumeEditor(this.#context.reader());
      const { done, failed } = await runAll(left, editor);
      // What fails on a state that may be old is tried once more on the newest.
      if (failed.length > 0 && round === 1 && (await this.#moved(editor.head))) continue;
      for (const { waiting, value: error } of failed) waiting.reject(error);
      left = done.map(({ waiting }) => waiting);
      if (left.length === 0) return;
      if (await this.#commit(editor)) {
        for (const { waiting, value } of done) waiting.resolve(value);
        return;
      }
    }
    for (const waiting of left) waiting.reject(new VolumeBusyError());
  }

  async #moved(from: AcceptedHead): Promise<boolean> {
    const head = await this.#context.catchUp(undefined);
    return head.sequence !== from.sequence;
  }

  /** False when the head had moved or pages have to be sent again: everything runs once more. */
  async #commit(editor: VolumeEditor): Promise<boolean> {
    const { api, member, serverNowMs, state, accept } = this.#context;
    const before = state();
    // Somebody else's commit was followed while the changes ran: their checks were made on a state that is old now.
    if (!equalBytes(before.head.hash, editor.head.hash)) return false;
    const built = await buildCommit({ before, drafts: editor.drafts, member, nowMs: serverNowMs() });
    if (built === undefined) return true;
    try {
      await api.sendPages(built.pages.map(({ record }) => record));
      const sequence = await api.commit(built.state.commit.bytes, {
        mounts: editor.mounts,
        unmounts: editor.unmounts,
      });
      // Whatever was taken, it was not this: the history says whether ours is in it.
      if (sequence !== built.state.head.sequence)
        throw new GatewayError(200, "it took another change than the one that was sent");
    } catch (error) {
      return await this.#afterFailure(error, built);
    }
    await accept(built);
    return true;
  }

  async #afterFailure(error: unknown, built: BuiltCommit): Promise<boolean> {
    const moved = error instanceof ApiError && (error.code === "head_moved" || error.code === "page_missing");
    const unknown = error instanceof NetworkError || error instanceof GatewayError;
    if (!moved && !unknown) throw error;
    this.#context.logger.debug("a commit was not taken at once", { moved, sequence: built.state.head.sequence });
    const head = await this.#context.catchUp(undefined);
    // An answer may be lost after the effect: then the history has our commit.
    const ours = built.state.head;
    if (head.sequence === ours.sequence && equalBytes(head.hash, ours.hash)) return true;
    if (head.sequence > ours.sequence && (await isInHistory(this.#context.api, ours))) return true;
    if (moved) return false;
    throw error;
  }
}

/** Whether a commit below the accepted head is the one of this hash. */
export async function isInHistory(api: VolumeApi, { sequence, hash }: AcceptedHead): Promise<boolean> {
  if (isAllZero(hash)) return false;
  const { commits } = await api.commitsAfter(sequence);
  const next = commits[0];
  // A commit names its predecessor's hash at a fixed place: magic4 ‖ volumeId16 ‖ sequence8 ‖ kind1 ‖ previous32.
  return next !== undefined && equalBytes(next.subarray(29, 61), hash);
}

async function runAll(
  batch: readonly Waiting[],
  editor: VolumeEditor,
): Promise<{ readonly done: Outcome[]; readonly failed: Outcome[] }> {
  const done: Outcome[] = [];
  const failed: Outcome[] = [];
  for (const waiting of batch) {
    const before = editor.checkpoint();
    try {
      waiting.signal?.throwIfAborted();
      done.push({ waiting, value: await waiting.run(editor) });
    } catch (error) {
      editor.restore(before);
      failed.push({ waiting, value: error });
    }
  }
  return { done, failed };
}
