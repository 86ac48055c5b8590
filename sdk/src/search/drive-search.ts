/**
 * [Note: A search through mounts]
 * Each volume has an index of its own, so that a shared folder that moves, or is left, costs the others nothing. A search
 * begins with the home volume and goes on into whatever its index says is mounted; the answers of all are ordered together,
 * and their paths lead through the mounts as paths do. The index of a volume that nothing leads to any more is deleted.
 */

import { fromBase64Url, readUint, toBase64Url } from "@excalibur/core/bytes";
import { type MountedVolumes, MountNotAcceptedError } from "../mounts/index.ts";
import type { ClockPort } from "../ports/index.ts";
import type { Star } from "../stars/index.ts";
import type { SealedNotes } from "../upload/types.ts";
import { type Volume, VolumeMissingError } from "../volumes/index.ts";
import { foldWords } from "./fold.ts";
import type { IndexedPage } from "./indexed-page.ts";
import { KeptVolumes } from "./kept-volumes.ts";
import { type Candidate, comparing, FirstOf, typeOf } from "./ranking.ts";
import type { Found, FoundItem, FoundStep, Question, SearchOptions } from "./types.ts";
import { type IndexedMount, SLICE_ENTRIES, VolumeIndex } from "./volume-index.ts";

/** One that was not there is not asked for with every letter that somebody types. */
const ASKED_AGAIN_MS = 10_000;

export interface DriveSearchOptions {
  readonly volumes: MountedVolumes;
  /** Where the indexes are kept on this device. */
  readonly notes: SealedNotes;
  readonly clock: ClockPort;
}

/** A volume that the way leads to. */
interface Reached {
  readonly index: VolumeIndex;
  /** The folders from below the root of the drive down to its own root, that included. */
  readonly steps: readonly FoundStep[];
  /** The mount that stands for a file and led here, by its childId. */
  readonly fileMount?: string | undefined;
}

interface Placed extends Candidate {
  readonly reached: Reached;
}

/** Finds entries of a whole drive, of what is mounted in it as well, by name, kind, time and size. */
export class DriveSearch {
  readonly #volumes: MountedVolumes;
  readonly #notes: SealedNotes;
  readonly #clock: ClockPort;
  readonly #kept: KeptVolumes;
  /** By volumeId. */
  readonly #indexes = new Map<string, VolumeIndex>();
  readonly #missing = new Map<string, { readonly untilMs: number }>();
  #reached: readonly Reached[];
  /** Volumes that are mounted and did not open. */
  #unopened = 0;
  readonly #closing = new AbortController();
  /** Readings happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ volumes, notes, clock }: DriveSearchOptions) {
    this.#volumes = volumes;
    this.#notes = notes;
    this.#clock = clock;
    this.#kept = new KeptVolumes(notes);
    this.#reached = [{ index: this.#indexOf(volumes.home), steps: [] }];
    volumes.onForgotten((volumeId) => this.#drop(volumeId));
  }

  /**
   * What there is at the accepted heads. Throws NetworkError and the like while listings of the home volume are missing that
   * only the server has; what was read stays, and `findKnown` answers from it. What of a mounted volume cannot be read is
   * counted in `unread`.
   */
  async find(question: Question, options: SearchOptions = {}): Promise<Found> {
    await this.update(options);
    return await this.findKnown(question, options);
  }

  /** As `find`, from what was read so far; asks no server. */
  async findKnown(question: Question, { signal }: SearchOptions = {}): Promise<Found> {
    const best = new FirstOf<Placed>(question.limit, comparing(question.order));
    const matches = matcherOf(question);
    const words = foldWords(question.text ?? "");
    const standing = await this.#standing();
    let looked = 0;
    for (const reached of this.#reached) {
      const { index: volumeIndex } = reached;
      // It is found where its mount is.
      if (reached.fileMount !== undefined && standing.get(reached.fileMount) !== undefined) continue;
      for (const page of await volumeIndex.pages()) {
        looked += page.count;
        if (looked > SLICE_ENTRIES) {
          looked = 0;
          await this.#clock.wait(0, signal);
        }
        for (const index of page.matching(words)) {
          const candidate = { ...seenAt(page, index, standing), name: page.nameAt(index), reached };
          if (matches(candidate) && volumeIndex.isListedRightly(page, index)) best.offer(candidate);
        }
      }
    }
    const known = new Map<Reached, Map<string, readonly FoundStep[]>>();
    const items = best.taken().map((placed) => {
      const steps = known.get(placed.reached) ?? new Map<string, readonly FoundStep[]>();
      known.set(placed.reached, steps);
      return this.#toFound(placed, steps);
    });
    return { items, total: best.seen, unread: this.#unread };
  }

  /** Which of these no folder lists any more, the trash included. Only whole indexes know. */
  async gone(stars: readonly Star[], options: SearchOptions = {}): Promise<Star[]> {
    await this.update(options);
    const isWhole = this.#unread === 0;
    const gone: Star[] = [];
    for (const volumeId of new Set(stars.map((star) => star.volumeId))) {
      const ofVolume = stars.filter((star) => star.volumeId === volumeId);
      const reached = this.#reached.find(({ index }) => keyOf(index.volume.volumeId) === volumeId);
      // A volume that nothing leads to is one that this person left, if everything was looked through.
      if (reached === undefined ? !isWhole : reached.index.unread > 0) continue;
      const left = new Set(ofVolume.map(({ id }) => id));
      reached?.index.strike(left, headsOf(left));
      gone.push(...ofVolume.filter(({ id }) => left.has(id)));
    }
    return gone;
  }

  /** Opens what changed since the last time. What was read before somebody cancelled is not read again. */
  async update(options: SearchOptions = {}): Promise<void> {
    const { signal } = options;
    const either = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    const mine = this.#turn.then(() => this.#follow({ ...options, signal: either }));
    this.#turn = mine.then(
      () => undefined,
      () => undefined,
    );
    await mine;
  }

  /** Reading ends, whoever asked for it. */
  close(): void {
    this.#closing.abort();
  }

  /** What mounts that stand for a file lead to, by their childIds: the file, or nothing that is one. */
  async #standing(): Promise<Standing> {
    const standing = new Map<string, Awaited<ReturnType<VolumeIndex["soleFile"]>>>();
    for (const { index, fileMount } of this.#reached)
      if (fileMount !== undefined) standing.set(fileMount, await index.soleFile());
    return standing;
  }

  get #unread(): number {
    return this.#reached.reduce((sum, { index }) => sum + index.unread, this.#unopened);
  }

  async #follow({ signal, onProgress }: SearchOptions): Promise<void> {
    const before = this.#reached;
    const reached: Reached[] = [{ index: this.#indexOf(this.#volumes.home), steps: [] }];
    const progress = addingUp(onProgress);
    let failure: { readonly cause: unknown } | undefined;
    let unopened = 0;
    try {
      // It grows while it is walked through: what is mounted in one is looked at after it.
      for (const at of reached) {
        try {
          await at.index.update({ signal, onProgress: progress.next() });
        } catch (cause) {
          signal?.throwIfAborted();
          if (at.index.volume === this.#volumes.home) failure = { cause };
        }
        for (const mount of await at.index.mounts()) {
          const next = await this.#enter(at, mount, signal);
          if (next === "unopened") unopened += 1;
          else if (next !== undefined && !reached.some(({ index }) => index === next.index)) reached.push(next);
        }
      }
    } catch (error) {
      // Somebody cancelled: what was reached before is still there.
      this.#reached = [...reached, ...before.filter(({ index }) => !reached.some((each) => each.index === index))];
      throw error;
    }
    this.#reached = reached;
    this.#unopened = unopened;
    const { opened } = this.#volumes;
    for (const { index } of reached) if (!opened.includes(index.volume)) await this.#drop(index.volume.volumeId);
    if (failure !== undefined) throw failure.cause;
    if (this.#unread === 0) await this.#dropOthers(reached);
  }

  /** What is mounted there; undefined: it is not there for this person, or not any more. */
  async #enter(
    { index, steps }: Reached,
    { page, mount }: IndexedMount,
    signal: AbortSignal | undefined,
  ): Promise<Reached | "unopened" | undefined> {
    const { volumeId, genesisCommitHash, singleFile } = mount;
    const key = keyOf(volumeId);
    const missing = this.#missing.get(key);
    const isOpen = this.#volumes.opened.some((each) => keyOf(each.volumeId) === key);
    if (!isOpen && missing !== undefined && missing.untilMs > this.#clock.nowMs()) return undefined;
    const childId = page.idAt(mount.index).slice();
    const name = page.nameAt(mount.index);
    const place = { outer: index.volume, parentId: page.nodeId, childId };
    const entry = { ...place, volumeId, genesisCommitHash, ...(singleFile && { singleFile }) };
    this.#volumes.noteMount(entry);
    try {
      const volume = await this.#volumes.follow(entry);
      await this.#kept.note(volumeId);
      const inner = this.#indexOf(volume);
      await inner.pages();
      const above = index.stepsTo(page.nodeId, new Map());
      const fileMount = singleFile && keyOf(childId);
      return { index: inner, steps: [...steps, ...above, { folderId: childId, name }], fileMount };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof VolumeMissingError || error instanceof MountNotAcceptedError)) return "unopened";
      this.#missing.set(key, { untilMs: this.#clock.nowMs() + ASKED_AGAIN_MS });
      await this.#drop(volumeId);
      return undefined;
    }
  }

  #indexOf(volume: Volume): VolumeIndex {
    const key = keyOf(volume.volumeId);
    const known = this.#indexes.get(key);
    if (known?.volume === volume) return known;
    const index = new VolumeIndex({ volume, notes: this.#notes, clock: this.#clock });
    this.#indexes.set(key, index);
    return index;
  }

  /** Everything was looked through: volumes of which this device kept names, and that nothing leads to any more, were left. */
  async #dropOthers(reached: readonly Reached[]): Promise<void> {
    const stays = new Set(reached.map(({ index }) => keyOf(index.volume.volumeId)));
    for (const volumeId of await this.#kept.all()) if (!stays.has(keyOf(volumeId))) await this.#drop(volumeId);
  }

  async #drop(volumeId: Uint8Array): Promise<void> {
    const key = keyOf(volumeId);
    this.#reached = this.#reached.filter(({ index }) => keyOf(index.volume.volumeId) !== key);
    this.#indexes.delete(key);
    await this.#kept.drop(volumeId);
  }

  #toFound(placed: Placed, known: Map<string, readonly FoundStep[]>): FoundItem {
    const { page, index, name, mount, reached } = placed;
    const { index: volumeIndex, steps } = reached;
    const { volume } = volumeIndex;
    const listed = mount ?? { page, index };
    return {
      parentId: listed.page.nodeId,
      childId: listed.page.idAt(listed.index).slice(),
      type: typeOf(placed),
      isMount: listed.page.isMountAt(listed.index),
      name,
      modifiedMs: page.modifiedAt(index),
      changedMs: page.changedAt(index),
      sizeBytes: page.sizeAt(index),
      path: [...steps, ...volumeIndex.stepsTo(listed.page.nodeId, known)],
      role: volume === this.#volumes.home ? undefined : volume.members().role,
    };
  }
}

function addingUp(onProgress: SearchOptions["onProgress"]) {
  let [before, last] = [0, 0];
  return {
    /** For the next volume: its pages come on top. */
    next: (): NonNullable<SearchOptions["onProgress"]> => {
      before += last;
      last = 0;
      return ({ done, total }) => {
        last = total;
        onProgress?.({ done: before + done, total: before + total });
      };
    },
  };
}

type Standing = ReadonlyMap<string, { readonly page: IndexedPage; readonly index: number } | undefined>;

/** An entry as people see it: of a mount that stands for a file, the file; the folder it is, if there is more than that. */
function seenAt(page: IndexedPage, index: number, standing: Standing): Omit<Candidate, "name"> {
  const key = page.isFileMountAt(index) ? keyOf(page.idAt(index)) : undefined;
  if (key === undefined || !standing.has(key)) return { page, index };
  const file = standing.get(key);
  return file === undefined ? { page, index, type: "folder" } : { ...file, mount: { page, index } };
}

function matcherOf(question: Question): (candidate: Candidate) => boolean {
  const { accepts, modifiedFromMs = -Infinity, modifiedUntilMs = Infinity, minBytes, maxBytes, ids } = question;
  const heads = ids && headsOf(ids);
  const hasSize = minBytes !== undefined || maxBytes !== undefined;
  return (candidate) => {
    const { page, index, name } = candidate;
    const listed = candidate.mount ?? candidate;
    if (heads !== undefined && !heads.has(listed.page.idHeadAt(listed.index))) return false;
    if (ids !== undefined && !ids.has(toBase64Url(listed.page.idAt(listed.index)))) return false;
    const modifiedMs = page.modifiedAt(index);
    if (modifiedMs < modifiedFromMs || modifiedMs >= modifiedUntilMs) return false;
    const sizeBytes = hasSize ? page.sizeAt(index) : 0;
    if (sizeBytes === undefined || sizeBytes < (minBytes ?? 0) || sizeBytes > (maxBytes ?? Infinity)) return false;
    return accepts === undefined || accepts(typeOf(candidate), name);
  };
}

/** The first four bytes of each id, which rule out nearly everything else without making a text of it. */
function headsOf(ids: ReadonlySet<string>): Set<number> {
  return new Set([...ids].map((id) => readUint(fromBase64Url(id), 0, 4)));
}

function keyOf(volumeId: Uint8Array): string {
  return toBase64Url(volumeId);
}
