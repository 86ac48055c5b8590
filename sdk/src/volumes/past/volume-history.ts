import { toHex } from "@excalibur/core/bytes";
import { decodeCommit, decodeManifest, memberByFingerprint, memberBySubject } from "@excalibur/core/volume/record";
import type { HeadMaterial, VolumeApi } from "../api.ts";
import type { ContentCache } from "../content-cache.ts";
import type { FolderDamage } from "../errors.ts";
import { type ListHistory, readListHistory, writersOfLists } from "../members/list-history.ts";
import type { Signer } from "../members/types.ts";
import { PageReader, type RecordSource } from "../page-reader.ts";
import type { AcceptedState } from "../state.ts";
import type {
  AcceptedHead,
  PastVolume,
  SignedMoment,
  ToldMoment,
  ToldOptions,
  VolumeHistory,
  VolumeReader,
} from "../types.ts";
import { type PastState, stateAt } from "./past-state.ts";
import { SignedHistory } from "./signed-history.ts";
import { tellHistory } from "./told-history.ts";

export interface HistoryContext {
  readonly state: AcceptedState;
  /** What the head was verified with. */
  readonly material: HeadMaterial;
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
  #lists: ListHistory | undefined;

  constructor(context: HistoryContext) {
    const { api, material, state } = context;
    this.#context = context;
    this.#history = new SignedHistory({ api, genesis: material.genesis, head: state.commit });
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

  async told(options: ToldOptions): Promise<ToldMoment[]> {
    const { state, contents, records } = this.#context;
    const reader = new PageReader(state, contents, records);
    const open: Parameters<typeof tellHistory>[0]["open"] = (pages, signal) => reader.openPages(pages, signal);
    return await tellHistory({ history: this.#history, lists: this.#memberLists(), open }, options);
  }

  person(userId: Uint8Array): Signer | undefined {
    return this.#memberLists().person(userId);
  }

  adder(userId: Uint8Array): Signer | undefined {
    return this.#memberLists().adder(userId);
  }

  get createdMs(): number {
    return decodeCommit(this.#context.material.genesis).timeMs;
  }

  hasListed(subjectId: Uint8Array): boolean {
    return this.#context.material.manifests.some((each) => memberBySubject(decodeManifest(each), subjectId) !== null);
  }

  async writersSince(timeMs: number, options: Options = {}): Promise<Uint8Array[]> {
    const { material, state } = this.#context;
    const lists = writersOfLists(material, state.manifest);
    const newest = lists.at(-1) ?? new Map();
    if (lists.every((list) => [...list.keys()].every((key) => newest.has(key)))) return [...newest.values()];
    // Commits carry the version of the list that they were made under.
    let since = state.manifest.version;
    for await (const commit of this.#history.backwards(options)) {
      since = commit.manifestVersion;
      if (commit.timeMs < timeMs) break;
    }
    return [...new Map(lists.slice(since).flatMap((list) => [...list])).values()];
  }

  async lastWritten(
    userIds: readonly Uint8Array[],
    options: Options = {},
  ): Promise<ReadonlyMap<string, AcceptedHead & { readonly timeMs: number }>> {
    const wanted = new Set(userIds.map(toHex));
    const found = new Map<string, AcceptedHead & { readonly timeMs: number }>();
    for await (const { sequence, hash, timeMs, writerFingerprint } of this.#history.backwards(options)) {
      const writer = this.#memberLists().signer(writerFingerprint);
      const key = writer && toHex(writer.userId);
      if (key !== undefined && wanted.delete(key)) found.set(key, { sequence, hash, timeMs });
      if (wanted.size === 0) break;
    }
    return found;
  }

  #memberLists(): ListHistory {
    const { material, state } = this.#context;
    this.#lists ??= readListHistory(material, state.manifest);
    return this.#lists;
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
