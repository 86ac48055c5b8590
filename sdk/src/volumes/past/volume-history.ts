import { toHex } from "@excalibur/core/bytes";
import { memberByFingerprint } from "@excalibur/core/volume/record";
import type { VolumeApi } from "../api.ts";
import type { ContentCache } from "../content-cache.ts";
import type { FolderDamage } from "../errors.ts";
import { PageReader, type RecordSource } from "../page-reader.ts";
import type { AcceptedState } from "../state.ts";
import type { AcceptedHead, PastVolume, SignedMoment, VolumeHistory, VolumeReader } from "../types.ts";
import { type PastState, stateAt } from "./past-state.ts";
import { SignedHistory } from "./signed-history.ts";

export interface HistoryContext {
  readonly state: AcceptedState;
  readonly genesis: Uint8Array;
  readonly api: VolumeApi;
  readonly contents: ContentCache;
  readonly records: RecordSource;
  readonly now: VolumeReader;
}

type Options = { readonly signal?: AbortSignal | undefined };

/** What is behind one accepted head. Commits are fetched once and kept while this lives. */
export class OpenHistory implements VolumeHistory {
  readonly #context: HistoryContext;
  readonly #history: SignedHistory;

  constructor(context: HistoryContext) {
    const { api, genesis, state } = context;
    this.#context = context;
    this.#history = new SignedHistory({ api, genesis, head: state.commit });
  }

  get head(): AcceptedHead {
    return this.#context.state.head;
  }

  get now(): VolumeReader {
    return this.#context.now;
  }

  async *moments(options: Options = {}): AsyncGenerator<SignedMoment> {
    const { manifest } = this.#context.state;
    for await (const { sequence, hash, timeMs, writerFingerprint } of this.#history.backwards(options)) {
      const writerId = memberByFingerprint(manifest, writerFingerprint)?.subjectId;
      yield { sequence, hash, timeMs, writerId };
    }
  }

  async at(sequence: number, options: Options = {}): Promise<PastVolume> {
    const { state, contents, records } = this.#context;
    const past = await stateAt(state, this.#history, { sequence, ...options });
    return new PastReader(past, { state, contents, records });
  }
}

/** Folders as they were, read with today's keys. */
class PastReader extends PageReader implements PastVolume {
  readonly #past: PastState;
  readonly touched: readonly Uint8Array[];

  constructor(past: PastState, { state, contents, records }: Pick<HistoryContext, "state" | "contents" | "records">) {
    const { sequence, hash } = past.commit;
    super({ ...state, head: { sequence, hash }, tree: past.tree }, contents, records);
    this.#past = past;
    this.touched = past.touched;
  }

  override get headTimeMs(): number {
    return this.#past.commit.timeMs;
  }

  introducedBy({ nodeId, bits, bitsLength }: FolderDamage): number | undefined {
    const page = this.#past.tree.page(nodeId, { bits, bitsLength });
    return page === null ? undefined : this.#past.introduced.get(toHex(page.recordHash));
  }
}
