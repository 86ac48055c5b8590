import { equalBytes, toHex } from "@excalibur/core/bytes";
import {
  decodeCommit,
  decodeManifest,
  ForkError,
  mayWrite,
  memberByFingerprint,
  type PageRef,
  RollbackError,
} from "@excalibur/core/volume/record";
import type { CachePort, LoggerPort } from "../ports/index.ts";
import type { Transport } from "../transport/index.ts";
import {
  type AcceptContext,
  type Accepted,
  acceptFresh,
  acceptNext,
  acceptRemembered,
  requireExtends,
  toKept,
  toStoredHead,
} from "./accept.ts";
import { type HeadMaterial, VolumeApi } from "./api.ts";
import { ChangeQueue, isInHistory } from "./change-queue.ts";
import { ContentCache } from "./content-cache.ts";
import type { BuiltCommit } from "./crypto.ts";
import { PageMissingError, ReadOnlyError } from "./errors.ts";
import { isSigned } from "./history.ts";
import { VolumeInspection } from "./inspection.ts";
import { type HeadRow, type KeptCommit, LocalVolumeStore } from "./local-store.ts";
import { changeMembers } from "./members/change-members.ts";
import { identitiesOf, toMembers } from "./members/member-list.ts";
import type { MembersChange, VolumeMembers } from "./members/types.ts";
import { orMissing } from "./missing.ts";
import { PageReader } from "./page-reader.ts";
import { OpenHistory } from "./past/volume-history.ts";
import { CachedRecords, readGenerations } from "./record-source.ts";
import type { AcceptedState } from "./state.ts";
import type {
  AcceptedHead,
  Entry,
  Folder,
  FolderFrame,
  Volume,
  VolumeChange,
  VolumeHistory,
  VolumeMember,
  VolumePages,
} from "./types.ts";

const WHAT = "the drive";

export interface OpenVolumeOptions {
  readonly volumeId: Uint8Array;
  readonly transport: Transport;
  readonly cache: CachePort;
  readonly logger: LoggerPort;
  readonly member: VolumeMember;
  /** Milliseconds since 1970 as the server's clock says, as far as known: a commit may not be far ahead of it. */
  readonly serverNowMs: () => number;
  /**
   * Begins with the state this device accepted last, if there is one, and asks nobody: `catchUp` is for later. What may
   * follow is verified against that state either way, so nothing that was accepted can be taken back meanwhile.
   */
  readonly fromMemory?: boolean;
  readonly signal?: AbortSignal;
  /** Not the home volume: that the server does not show it is a thing that may happen, and has a sentence of its own. */
  readonly isMounted?: boolean;
}

/** Opens a volume at the head this device accepted last, or verifies one from the start, and follows what is new. */
export async function openVolume(options: OpenVolumeOptions): Promise<Volume> {
  return await orMissing(options, () => open(options));
}

async function open(options: OpenVolumeOptions): Promise<Volume> {
  const { volumeId, transport, cache, member, fromMemory = false, signal } = options;
  const api = new VolumeApi(transport, volumeId);
  const store = new LocalVolumeStore(cache, volumeId);
  const context = { volumeId, api, store, member };
  const row = await store.readHead();
  const remembered = row && (await acceptRemembered(context, row));
  if (row && remembered) {
    const volume = new OpenVolume(options, { context, accepted: remembered, row });
    if (!fromMemory) await volume.catchUp({ signal });
    return volume;
  }
  const fresh = await acceptFresh(context, { signal });
  if (row) await requireExtends(context, { ...fresh.state, floor: row.head }, { signal });
  const volume = new OpenVolume(options, { context, accepted: fresh, row });
  await volume.keepAll();
  return volume;
}

type ReadOptions = { readonly signal?: AbortSignal };

interface Start {
  readonly context: AcceptContext;
  readonly accepted: Accepted;
  readonly row: HeadRow | undefined;
}

class OpenVolume implements Volume {
  readonly volumeId: Uint8Array;
  readonly #context: AcceptContext;
  readonly #contents = new ContentCache();
  readonly #records: CachedRecords;
  readonly #queue: ChangeQueue;
  readonly #options: OpenVolumeOptions;
  readonly #listeners = new Set<(head: AcceptedHead) => void>();
  #state: AcceptedState;
  #material: HeadMaterial;
  #row: HeadRow | undefined;
  /** Steps of the head happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: OpenVolumeOptions, { context, accepted, row }: Start) {
    this.volumeId = options.volumeId;
    this.#context = context;
    this.#state = accepted.state;
    this.#material = accepted.material;
    this.#row = row;
    this.#records = new CachedRecords(context.store, context.api, { keeps: true });
    this.#options = options;
    this.#queue = new ChangeQueue({
      api: context.api,
      member: context.member,
      logger: options.logger,
      serverNowMs: options.serverNowMs,
      state: () => this.#state,
      reader: () => this.#reader(),
      catchUp: (signal) => this.catchUp({ signal }),
      accept: (built) => this.#inTurn(() => this.#acceptOwn(built)),
    });
  }

  get head(): AcceptedHead {
    return this.#state.head;
  }

  get headTimeMs(): number {
    return this.#state.commit.timeMs;
  }

  get genesisHash(): Uint8Array {
    return decodeCommit(this.#material.genesis).hash;
  }

  get manifestHash(): Uint8Array {
    return this.#state.manifest.hash;
  }

  hasManifest(hash: Uint8Array): boolean {
    return this.#material.manifests.some((bytes) => equalBytes(decodeManifest(bytes).hash, hash));
  }

  get generation(): number {
    return this.#state.commit.g;
  }

  get keys(): ReadonlyMap<number, Uint8Array> {
    return this.#state.keys;
  }

  members(): VolumeMembers {
    const { manifest } = this.#state;
    const { member } = this.#context;
    return toMembers(manifest, identitiesOf(manifest, this.#material.identities), member.subjectId);
  }

  async changeMembers(change: MembersChange, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { api, member } = this.#context;
    const context = {
      ...{ api, member, serverNowMs: this.#options.serverNowMs },
      current: () => ({ state: this.#state, material: this.#material }),
      catchUp: () => this.catchUp(),
      isBehind: (head: AcceptedHead) => isInHistory(api, head),
    };
    await orMissing(this.#options, () => changeMembers(context, change, options));
  }

  hasFolder(nodeId: Uint8Array): boolean {
    return this.#state.tree.has(nodeId);
  }

  stampOf(nodeId: Uint8Array): string | undefined {
    return this.#reader().stampOf(nodeId);
  }

  async readFolder(nodeId: Uint8Array, options: ReadOptions = {}): Promise<Folder> {
    return await this.#orNewer((reader) => reader.readFolder(nodeId, options), options);
  }

  async readHeader(nodeId: Uint8Array, options: ReadOptions = {}): Promise<FolderFrame> {
    return await this.#orNewer((reader) => reader.readHeader(nodeId, options), options);
  }

  async *readParts(nodeId: Uint8Array, options: ReadOptions = {}): AsyncGenerator<readonly Entry[], Folder> {
    const { head } = this.#state;
    const folder = yield* this.#reader().readParts(nodeId, options);
    return (await this.#hasNewer(folder, head, options)) ? await this.#reader().readFolder(nodeId, options) : folder;
  }

  async prefetch(nodeIds: readonly Uint8Array[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#reader().prefetch(nodeIds, options);
  }

  async catchUp(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<AcceptedHead> {
    await orMissing(this.#options, () => this.#inTurn(() => this.#follow(options.signal)));
    return this.#state.head;
  }

  async change<T>(change: VolumeChange<T>, options: { readonly signal?: AbortSignal } = {}): Promise<T> {
    const { manifest } = this.#state;
    const own = memberByFingerprint(manifest, this.#context.member.fingerprint);
    if (own && !mayWrite(own.role)) throw new ReadOnlyError();
    return await orMissing(this.#options, () => this.#queue.add(change, options.signal));
  }

  inspect(): VolumeInspection {
    const { api, store } = this.#context;
    return new VolumeInspection({ state: this.#state, api, store });
  }

  pages(): VolumePages {
    const state = this.#state;
    const { api, store } = this.#context;
    const contents = { get: (hash: string) => this.#contents.get(hash), put: () => undefined };
    const records = new CachedRecords(store, api, { keeps: true });
    const reader = new PageReader(state, contents, records);
    return {
      head: state.head,
      all: () => state.tree.pages(),
      open: (pages, { signal } = {}) => reader.openPages(pages, signal),
      generations: (pages, { signal } = {}) => readGenerations(records, pages, signal),
    };
  }

  history(): VolumeHistory {
    const { api, store } = this.#context;
    return new OpenHistory({
      state: this.#state,
      material: this.#material,
      api,
      contents: this.#contents,
      records: new CachedRecords(store, api, { keeps: false }),
      now: this.#reader(),
    });
  }

  async missingObjects(
    objectIds: readonly Uint8Array[],
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Uint8Array[]> {
    return await this.#context.api.missingObjects(objectIds, options);
  }

  onAdvance(listener: (head: AcceptedHead) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#queue.idle();
    this.#listeners.clear();
    this.#contents.clear();
  }

  /** Writes the whole page list of a freshly verified head. */
  async keepAll(): Promise<void> {
    await this.#inTurn(() => this.#keep({ changes: this.#state.tree.pages(), replaceAll: true }));
    this.#announce();
  }

  #reader(): PageReader {
    return new PageReader(this.#state, this.#contents, this.#records);
  }

  async #orNewer<Read extends FolderFrame>(read: (reader: PageReader) => Promise<Read>, options: ReadOptions) {
    const { head } = this.#state;
    const folder = await read(this.#reader());
    return (await this.#hasNewer(folder, head, options)) ? await read(this.#reader()) : folder;
  }

  /** The server may have let go of a page because a newer one took its place: then there is a newer head, to read from again. */
  async #hasNewer({ damage }: FolderFrame, head: AcceptedHead, options: ReadOptions): Promise<boolean> {
    if (!damage.some(({ cause }) => cause instanceof PageMissingError)) return false;
    return (await this.catchUp(options)).sequence !== head.sequence;
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(step, step);
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async #follow(signal: AbortSignal | undefined): Promise<void> {
    const { api } = this.#context;
    for (;;) {
      const { head } = this.#state;
      const page = await api.commitsAfter(head.sequence, { signal });
      const remembered = Math.max(head.sequence, this.#row?.head.sequence ?? 0);
      if (page.headSequence < remembered) throw new RollbackError(WHAT, remembered, page.headSequence);
      if (page.commits.length === 0) {
        if (page.headSequence !== head.sequence) throw new RollbackError(WHAT, page.headSequence, head.sequence);
        if (!equalBytes(page.headHash, head.hash)) await this.#reportFork(page.headHash, signal);
        return;
      }
      await this.#acceptAll(page.commits, signal);
      if (!page.more) return;
    }
  }

  /** The server's head has our sequence and another hash: its commit is kept beside ours, and nothing is accepted. */
  async #reportFork(headHash: Uint8Array, signal: AbortSignal | undefined): Promise<never> {
    const { api, store } = this.#context;
    const { head, commit, signatureKeys } = this.#state;
    const offered = decodeCommit((await api.head({ signal })).commit);
    await store.keepEvidence(commit.bytes, head.hash, head.sequence);
    if (isSigned(offered, signatureKeys)) await store.keepEvidence(offered.bytes, offered.hash, offered.sequence);
    throw new ForkError(WHAT, head, { sequence: head.sequence, hash: headHash });
  }

  async #acceptAll(commits: readonly Uint8Array[], signal: AbortSignal | undefined): Promise<void> {
    let state = this.#state;
    const touched = new Map<string, PageRef>();
    const kept: KeptCommit[] = [];
    let fresh: HeadMaterial | undefined;
    const material = async () => {
      fresh ??= await this.#context.api.head({ signal });
      return fresh;
    };
    for (const bytes of commits) {
      const step = await acceptNext(this.#context, state, { bytes, material, signal });
      kept.push(toKept(state, step.state, step.changes));
      ({ state } = step);
      for (const page of step.changes) touched.set(`${toHex(page.nodeId)}/${page.bits}/${page.bitsLength}`, page);
    }
    this.#state = state;
    if (fresh) this.#material = fresh;
    await this.#keep({ changes: touched.values(), commits: kept });
    this.#announce();
  }

  async #acceptOwn(built: BuiltCommit): Promise<void> {
    // While the answer travelled, catching up may have brought this very commit.
    if (this.#state.head.sequence >= built.state.head.sequence) return;
    const kept = toKept(this.#state, built.state, built.changes);
    this.#state = built.state;
    for (const { hash, content } of built.pages) this.#contents.put(toHex(hash), content);
    await this.#keep({ changes: built.changes, records: built.pages, commits: [kept] });
    this.#announce();
  }

  async #keep(step: {
    readonly changes: Iterable<PageRef>;
    readonly replaceAll?: boolean;
    readonly records?: readonly { readonly hash: Uint8Array; readonly record: Uint8Array }[];
    readonly commits?: readonly KeptCommit[];
  }): Promise<void> {
    const { store } = this.#context;
    const to = toStoredHead(this.#state, this.#material);
    const changes = [...step.changes];
    for (;;) {
      const replaceAll = step.replaceAll === true || this.#row === undefined;
      const row = await store.advance({
        from: this.#row,
        to,
        pages: replaceAll ? this.#state.tree.pages() : changes,
        replaceAll,
        records: step.records ?? [],
        commits: step.commits ?? [],
      });
      if (row) {
        this.#row = row;
        return;
      }
      // Another process of this device was quicker. Its memory counts as ours.
      this.#row = await store.readHead();
      const theirs = this.#row?.head;
      if (!theirs || theirs.sequence < to.sequence) continue;
      if (theirs.sequence === to.sequence && !equalBytes(theirs.hash, to.hash)) throw new ForkError(WHAT, theirs, to);
      return;
    }
  }

  #announce(): void {
    const { head } = this.#state;
    this.#context.member.rememberHead(this.volumeId, head);
    for (const listener of this.#listeners) listener(head);
  }
}
