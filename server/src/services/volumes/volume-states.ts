import { ExcaliburError, equalBytes, toBase64Url } from "@excalibur/core/bytes";
import { type Commit, decodeCommit, decodeManifest, type Manifest, StateTree } from "@excalibur/core/volume/record";
import type { Database, ReadHandle } from "../../db/index.ts";
import { findCommit, listCommits } from "../../db/stores/commits.ts";
import { type CurrentPageRow, listCurrentPages } from "../../db/stores/pages.ts";
import { findManifest, findVolume, type VolumeRow } from "../../db/stores/volumes.ts";
import { applySliced, breathe } from "./apply-sliced.ts";

/** What stands under a volume's head. Immutable. */
export interface VolumeState {
  readonly head: Commit;
  readonly manifest: Manifest;
  readonly tree: StateTree;
}

/** Pages that may lie in memory for all volumes together; about 150 bytes each. The newest volume always may. */
const defaultPageBudget = 500_000;
/** Up to this many commits behind, a tree is caught up; further behind it is read anew. */
const catchUpLimit = 256;
const commitsAtOnce = 16;
const pagesAtOnce = 500;

/** The stored pages do not lead to the signed state root: somebody changed the database, or it is damaged. */
export class StateDamagedError extends ExcaliburError {
  constructor(volumeId: Uint8Array) {
    super(
      "state_damaged",
      "The stored pages of a volume do not lead to its signed state. Nothing was changed; restore the database from a backup.",
      { details: { volumeId: toBase64Url(volumeId) } },
    );
  }
}

/**
 * State trees of the volumes that are in use, least recently used first. They follow the database: another process may
 * have moved a head, so every use begins with the head that the database names.
 */
export class VolumeStates {
  readonly #database: Database;
  readonly #pageBudget: number;
  readonly #states = new Map<string, VolumeState>();
  readonly #loading = new Map<string, Promise<VolumeState | undefined>>();
  /** In all states. */
  #pages = 0;

  constructor(database: Database, pageBudget: number = defaultPageBudget) {
    this.#database = database;
    this.#pageBudget = pageBudget;
  }

  /** Under the head the database has now, or a newer one. Undefined when there is no such volume. */
  async current(volumeId: Uint8Array): Promise<VolumeState | undefined> {
    const volume = await findVolume(this.#database.read, volumeId);
    if (volume === undefined) return undefined;
    const key = toBase64Url(volumeId);
    const known = this.#states.get(key);
    if (known !== undefined && isUnder(known, volume)) {
      this.#keep(key, known);
      return known;
    }
    let loading = this.#loading.get(key);
    if (loading === undefined) {
      loading = this.#bringUp(volume, known).finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
    }
    return loading;
  }

  /** After a commit took effect. */
  moved(volumeId: Uint8Array, state: VolumeState): void {
    const key = toBase64Url(volumeId);
    const known = this.#states.get(key);
    if (known !== undefined && known.head.sequence >= state.head.sequence) return;
    this.#keep(key, state);
  }

  #keep(key: string, state: VolumeState): void {
    this.#forget(key);
    this.#states.set(key, state);
    this.#pages += state.tree.pageCount;
    for (const oldest of this.#states.keys()) {
      if (this.#pages <= this.#pageBudget || oldest === key) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#pages -= this.#states.get(key)?.tree.pageCount ?? 0;
    this.#states.delete(key);
  }

  async #bringUp(volume: VolumeRow, known: VolumeState | undefined): Promise<VolumeState | undefined> {
    const state = (known && (await this.#catchUp(volume, known))) ?? (await this.#load(volume.volume_id));
    if (state !== undefined) this.#keep(toBase64Url(volume.volume_id), state);
    return state;
  }

  /** Undefined when the commits do not lead from the known state to the head. */
  async #catchUp(volume: VolumeRow, known: VolumeState): Promise<VolumeState | undefined> {
    if (volume.head_sequence <= known.head.sequence || volume.head_sequence - known.head.sequence > catchUpLimit) {
      return undefined;
    }
    let { head, tree } = known;
    while (head.sequence < volume.head_sequence) {
      const range = { volumeId: volume.volume_id, after: head.sequence, limit: commitsAtOnce };
      const records = await listCommits(this.#database.read, range);
      if (records.length === 0) return undefined;
      for (const record of records) {
        const commit = decodeCommit(record);
        if (!equalBytes(commit.previousCommitHash, head.hash)) return undefined;
        tree = await applySliced(tree, commit);
        head = commit;
      }
    }
    if (!equalBytes(tree.root(volume.volume_id), head.stateRoot)) return undefined;
    const manifest = await loadManifest(this.#database.read, volume.volume_id, head.manifestVersion);
    return { head, tree, manifest };
  }

  #load(volumeId: Uint8Array): Promise<VolumeState | undefined> {
    return this.#database.snapshot(async (read) => {
      const volume = await findVolume(read, volumeId);
      if (volume === undefined) return undefined;
      const record = await findCommit(read, volumeId, volume.head_sequence);
      if (record === undefined) throw new StateDamagedError(volumeId);
      const head = decodeCommit(record.record);
      const manifest = await loadManifest(read, volumeId, volume.manifest_version);
      const tree = await loadTree(read, volumeId);
      if (!equalBytes(tree.root(volumeId), head.stateRoot)) throw new StateDamagedError(volumeId);
      return { head, manifest, tree };
    });
  }
}

function isUnder(state: VolumeState, volume: VolumeRow): boolean {
  return equalBytes(state.head.hash, volume.head_hash) || state.head.sequence > volume.head_sequence;
}

async function loadManifest(read: ReadHandle, volumeId: Uint8Array, version: number): Promise<Manifest> {
  const record = await findManifest(read, volumeId, version);
  if (record === undefined) throw new StateDamagedError(volumeId);
  return decodeManifest(record);
}

/** In slices by key: the rows come in the order of the tree, so each slice touches its own end of it. */
async function loadTree(read: ReadHandle, volumeId: Uint8Array): Promise<StateTree> {
  let tree = StateTree.empty;
  let after: CurrentPageRow | undefined;
  do {
    const rows = await listCurrentPages(read, volumeId, { after, limit: pagesAtOnce });
    if (rows.length > 0) {
      tree = tree.withPages(
        rows.map((row) => ({
          nodeId: row.node_id,
          bitsLength: row.bits_length,
          bits: row.bits,
          version: row.version,
          recordHash: row.record_hash,
        })),
      );
      // Hashes what is new now, a slice at a time, instead of the whole tree at the end.
      tree.root(volumeId);
      await breathe();
    }
    after = rows.at(-1);
  } while (after !== undefined);
  return tree;
}
