/**
 * [Note: How paths lead through mounts]
 * Above this room a folder is an id, whichever volume it lies in: ids are random, and the id of a mount's entry stands for
 * the root of what is mounted there. A listing that shows mounts notes them here; whoever works on a folder asks for its
 * place, and gets the volume with it. What is asked for by an id alone, without a listing before, is looked for in every
 * volume that the account has made or accepted.
 */

import { equalBytes, toBase64Url, toHex } from "@excalibur/core/bytes";
import type { SealedNotes } from "../upload/types.ts";
import { ENTRY_TYPE, type Entry, type Volume, VolumeMissingError } from "../volumes/index.ts";
import { MountCircleError, MountedVolumeError, MountNotAcceptedError } from "./errors.ts";
import { mountsIn } from "./mounts-in.ts";
import type { MountEntry, Place } from "./types.ts";

export interface MountedVolumesOptions {
  readonly home: Volume;
  /** Opens another volume of this person; from memory: as this device knew it last, asking nobody. */
  readonly open: (volumeId: Uint8Array, options: { readonly fromMemory: boolean }) => Promise<Volume>;
  /**
   * Given: volumes open from memory where there is one, and `onOpened` is for whoever then brings them up to date. It is where
   * this device remembers which volumes it let go of: those are asked for again.
   */
  readonly memory?: SealedNotes | undefined;
  /** Volumes that this person has made or accepted. */
  readonly accepted: () => readonly Uint8Array[];
  /** Told of volumes that could not be opened while something was looked for in all of them. */
  readonly onProblem: (error: unknown) => void;
}

export interface DiscoverOptions {
  /** Which volumes are looked through; all, unless told. */
  readonly where?: ((volume: Volume) => boolean) | undefined;
  /** Each is brought up to date first. */
  readonly isFresh?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The home volume and what is mounted in it, each opened when somebody goes there. */
export class MountedVolumes {
  readonly home: Volume;
  readonly #open: MountedVolumesOptions["open"];
  readonly #accepted: MountedVolumesOptions["accepted"];
  readonly #onProblem: MountedVolumesOptions["onProblem"];
  readonly #memory: SealedNotes | undefined;
  readonly #opening = new Map<string, Promise<Volume>>();
  readonly #opened = new Map<string, Volume>();
  /** By the childId of the entry. */
  readonly #mounts = new Map<string, MountEntry>();
  /** Heads, as hex, of volumes that were looked through for what is mounted in them, by hex of the volumeId. */
  readonly #lookedThrough = new Map<string, string>();
  readonly #listeners = new Set<() => void>();
  readonly #openedListeners = new Set<() => void>();
  readonly #forgottenListeners = new Set<(volumeId: Uint8Array) => Promise<void>>();

  constructor({ home, open, memory, accepted, onProblem }: MountedVolumesOptions) {
    this.home = home;
    this.#open = open;
    this.#memory = memory;
    this.#accepted = accepted;
    this.#onProblem = onProblem;
    home.onAdvance(() => this.#tell());
  }

  /** Calls back whenever one of the open volumes is at another head, or was let go of. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls back when another volume was opened from memory, which may be behind. */
  onOpened(listener: () => void): () => void {
    this.#openedListeners.add(listener);
    return () => this.#openedListeners.delete(listener);
  }

  /** Calls back when a volume is let go of, for whoever keeps something of it. */
  onForgotten(listener: (volumeId: Uint8Array) => Promise<void>): void {
    this.#forgottenListeners.add(listener);
  }

  /** The home volume and those that were opened since. */
  get opened(): Volume[] {
    return [this.home, ...this.#opened.values()];
  }

  /** Remembers the mounts of a listing. */
  note(outer: Volume, parentId: Uint8Array, entries: readonly Entry[]): void {
    for (const { type, childId, mount } of entries) {
      if (type !== ENTRY_TYPE.mount || mount === undefined) continue;
      this.#mounts.set(toHex(childId), { ...mount, outer, parentId, childId });
    }
  }

  /** Remembers one, wherever it was seen. */
  noteMount(mount: MountEntry): void {
    this.#mounts.set(toHex(mount.childId), mount);
  }

  /** What is mounted in the home volume, as far as listings have shown it. */
  get mounts(): MountEntry[] {
    return this.#standing.filter(({ outer }) => outer === this.home);
  }

  /** What is mounted in other volumes, as far as it was seen. */
  get nested(): MountEntry[] {
    return this.#standing.filter(({ outer }) => outer !== this.home);
  }

  /** Where a volume is mounted, as far as it was seen: a place that the home volume leads to, if there is one. */
  mountOf(volumeId: Uint8Array): MountEntry | undefined {
    const all = this.#mountsOf(volumeId);
    return all.find((mount) => this.#leadsHome(mount, [volumeId])) ?? all[0];
  }

  /** Without those whose folder has gone. */
  get #standing(): MountEntry[] {
    return [...this.#mounts.values()].filter(({ outer, parentId }) => outer.hasFolder(parentId));
  }

  #mountsOf(volumeId: Uint8Array): MountEntry[] {
    return this.#standing.filter((mount) => equalBytes(mount.volumeId, volumeId));
  }

  #leadsHome({ outer }: MountEntry, below: readonly Uint8Array[]): boolean {
    const { volumeId } = outer;
    if (equalBytes(volumeId, this.home.volumeId)) return true;
    if (below.some((id) => equalBytes(id, volumeId))) return false;
    return this.#mountsOf(volumeId).some((mount) => this.#leadsHome(mount, [...below, volumeId]));
  }

  /**
   * Finds what is mounted in the volumes of this person other than the home volume, and in what that leads to. A volume is
   * looked through once for each of its heads; what does not open is left out.
   */
  async discover({ where = () => true, isFresh = false, signal }: DiscoverOptions = {}): Promise<void> {
    // What is only offered may be open, too.
    const isOurs = ({ volumeId }: Volume) => this.#isAccepted(volumeId) || this.mountOf(volumeId) !== undefined;
    const queue = (await this.all()).filter((volume) => volume !== this.home && isOurs(volume));
    for (const volume of queue) {
      try {
        if (isFresh) await volume.catchUp(signal ? { signal } : {});
        if (where(volume)) await this.#lookThrough(volume, signal);
      } catch (error) {
        signal?.throwIfAborted();
        this.#onProblem(error);
      }
      for (const mount of this.nested.filter(({ outer }) => outer === volume)) {
        const [inner] = await Promise.allSettled([this.follow(mount)]);
        if (inner.status === "rejected") this.#onProblem(inner.reason);
        else if (!queue.includes(inner.value)) queue.push(inner.value);
      }
    }
  }

  async #lookThrough(volume: Volume, signal: AbortSignal | undefined): Promise<void> {
    const [key, head] = [toHex(volume.volumeId), toHex(volume.head.hash)];
    if (this.#lookedThrough.get(key) === head) return;
    const { mounts, damage } = await mountsIn(volume, { signal });
    for (const { outer, childId } of this.nested) if (outer === volume) this.#mounts.delete(toHex(childId));
    for (const { name: _name, ...mount } of mounts) this.noteMount(mount);
    for (const { cause } of damage) this.#onProblem(cause);
    this.#lookedThrough.set(key, head);
  }

  /** The volume a folder lies in. Of a folder that nobody knows it is the home volume, which then says that it is missing. */
  async place(folderId: Uint8Array): Promise<Place> {
    const mount = this.#mounts.get(toHex(folderId));
    if (mount !== undefined) {
      const volume = await this.follow(mount);
      return { volume, nodeId: volume.volumeId };
    }
    const volume = this.opened.find((each) => each.hasFolder(folderId)) ?? (await this.#search(folderId));
    if (volume !== undefined) return { volume, nodeId: folderId };
    await this.discover();
    // An id of a mount that no listing has shown, or of a folder behind one.
    if (this.#mounts.has(toHex(folderId))) return await this.place(folderId);
    return { volume: this.opened.find((each) => each.hasFolder(folderId)) ?? this.home, nodeId: folderId };
  }

  /**
   * Opens what a mount names. A mount grants nothing: it leads on only into a volume that this person has made or accepted (it
   * stands in the home volume, where nobody else writes, or the keyring knows it), or whose owner is the owner of the volume it
   * stands in (spec/volumes.md §10). Throws MountNotAcceptedError, MountedVolumeError, MountCircleError, VolumeMissingError.
   */
  async follow(mount: MountEntry): Promise<Volume> {
    const circle = [this.home.volumeId, mount.outer.volumeId];
    if (circle.some((id) => equalBytes(id, mount.volumeId))) throw new MountCircleError();
    const accepted = mount.outer === this.home || this.#isAccepted(mount.volumeId);
    const volume = await this.volume(mount.volumeId);
    if (!equalBytes(volume.genesisHash, mount.genesisCommitHash)) throw new MountedVolumeError();
    const owners = [volume, mount.outer].map((each) => each.members().owner.fingerprint) as [Uint8Array, Uint8Array];
    if (!accepted && !equalBytes(...owners)) throw new MountNotAcceptedError();
    return volume;
  }

  /** A volume by its id, opened once. Throws VolumeMissingError. */
  async volume(volumeId: Uint8Array): Promise<Volume> {
    if (equalBytes(volumeId, this.home.volumeId)) return this.home;
    const key = toHex(volumeId);
    const opening = this.#opening.get(key) ?? this.#openOnce(volumeId);
    this.#opening.set(key, opening);
    try {
      const volume = await opening;
      if (this.#opened.get(key) === volume) return volume;
      volume.onAdvance(() => this.#tell());
      this.#opened.set(key, volume);
      if (this.#memory) for (const listener of this.#openedListeners) listener();
      return volume;
    } catch (error) {
      this.#opening.delete(key);
      throw error;
    }
  }

  /**
   * Every volume that this person has made or accepted, as far as the keyring or a listing says, that of the root at least;
   * those that cannot be opened now are told of, and left out.
   */
  async all(): Promise<Volume[]> {
    const { home } = this;
    this.note(home, home.volumeId, (await home.readFolder(home.volumeId)).entries);
    const mounted = this.mounts.map(({ volumeId }) => volumeId);
    for (const volumeId of [...this.#accepted(), ...mounted]) {
      try {
        await this.volume(volumeId);
      } catch (error) {
        this.#onProblem(error);
      }
    }
    return this.opened;
  }

  /** Follows what is new in every volume that is open; one that fails leaves the others alone. */
  async catchUp(onProblem: (error: unknown) => void): Promise<void> {
    for (const volume of this.opened) {
      try {
        await volume.catchUp();
      } catch (error) {
        // What is not shown any more is asked for anew when somebody goes there, and then missing.
        if (error instanceof VolumeMissingError) await this.forget(volume.volumeId);
        if (!(error instanceof VolumeMissingError && (await this.#isUnmounted(volume.volumeId)))) onProblem(error);
      }
    }
  }

  /** Lets go of a volume: it was left, or this person is not in it any more. */
  async forget(volumeId: Uint8Array): Promise<void> {
    const key = toHex(volumeId);
    const volume = this.#opened.get(key);
    this.#opening.delete(key);
    this.#opened.delete(key);
    this.#lookedThrough.delete(key);
    for (const { outer, childId } of this.nested)
      if (equalBytes(outer.volumeId, volumeId)) this.#mounts.delete(toHex(childId));
    // What this device knows of it is not shown again before the server has shown it again.
    await this.#memory?.put(goneNote(volumeId), new Uint8Array([1]));
    for (const listener of this.#forgottenListeners) await listener(volumeId);
    if (volume !== undefined) this.#tell();
    await volume?.close();
  }

  /** Forgets where a volume was mounted: nothing leads to it any more. */
  unmounted(volumeId: Uint8Array): void {
    for (const [key, mount] of this.#mounts) if (equalBytes(mount.volumeId, volumeId)) this.#mounts.delete(key);
  }

  /** Another device of this person took the mount away, and so nothing is missing. */
  async #isUnmounted(volumeId: Uint8Array): Promise<boolean> {
    const known = [...this.#mounts.values()].filter((mount) => equalBytes(mount.volumeId, volumeId));
    if (known.length === 0) return false;
    for (const { outer, parentId, childId } of known) {
      const entries = outer.hasFolder(parentId) ? (await outer.readFolder(parentId)).entries : [];
      if (entries.some((entry) => equalBytes(entry.childId, childId))) return false;
    }
    this.unmounted(volumeId);
    return true;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#openedListeners.clear();
    await Promise.all(this.opened.map((volume) => volume.close()));
  }

  async #openOnce(volumeId: Uint8Array): Promise<Volume> {
    const gone = await this.#memory?.get(goneNote(volumeId));
    const volume = await this.#open(volumeId, { fromMemory: this.#memory !== undefined && gone === undefined });
    if (gone !== undefined) await this.#memory?.delete([goneNote(volumeId)]);
    return volume;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #isAccepted(volumeId: Uint8Array): boolean {
    return this.#accepted().some((id) => equalBytes(id, volumeId));
  }

  async #search(folderId: Uint8Array): Promise<Volume | undefined> {
    const all = await this.all();
    return all.find((each) => each.hasFolder(folderId));
  }
}

function goneNote(volumeId: Uint8Array): string {
  return `volume-gone/${toBase64Url(volumeId)}`;
}
