import { basename, dirname } from "node:path";
import type { Disk, DiskFile, FileStatus, OpenMode } from "../disk/disk-port.ts";
import { callingSite } from "./sync-sites.ts";

interface Inode {
  readonly number: number;
  bytes: Uint8Array;
  /** Only folders have entries. */
  readonly entries: Map<string, Inode> | undefined;
}

interface OpenHandle {
  readonly inode: Inode;
}

interface WriteEvent {
  readonly kind: "write";
  readonly inode: Inode;
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly startedAt: number;
  endedAt: number;
  /** A sync that should have covered it failed: the kernel has dropped it, and no later sync will bring it back. */
  forsaken: boolean;
}

interface NameEvent {
  readonly kind: "name";
  readonly inode: Inode;
  readonly name: string;
  readonly target: Inode | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The other half of a renaming in one folder. */
  readonly renaming?: NameEvent | undefined;
}

interface SyncEvent {
  readonly inode: Inode;
  readonly startedAt: number;
  endedAt: number;
}

/** What becomes of a change that no sync covers when the power fails. */
export type Fate = "lost" | "torn" | "kept";

export interface SimulatedDiskOptions {
  /** Syncs for which this holds report success and do nothing: for proving that each one is needed. `site`: who asks. */
  readonly ignoreSync?: (path: string, site: string) => boolean;
  /** Told of every sync. */
  readonly onSync?: (site: string) => void;
  /** Pseudo-random number in [0, 1), for interleavings. */
  readonly random?: () => number;
}

/** A file that lies on a disk, or a folder: then without bytes. */
export interface LyingThere {
  readonly path: string;
  readonly bytes: Uint8Array | undefined;
}

export interface CutOptions {
  /** A file renamed within one folder has its old name or its new one, as on any file system with a journal; never both, never none. */
  readonly renamesAreWhole?: boolean;
}

/**
 * A disk in memory that remembers every change and every sync, and can say what a power cut at any moment could have left:
 * bytes are durable when a sync of their file began after the write had ended, names when a sync of their folder did.
 * The folder /data is there and durable from the start.
 */
export class SimulatedDisk implements Disk {
  readonly #options: SimulatedDiskOptions;
  readonly #root: Inode;
  readonly #changes: (WriteEvent | NameEvent)[] = [];
  readonly #syncs: SyncEvent[] = [];
  #inodes = 0;
  #clock = 0;
  readonly #unreported = new Set<OpenHandle>();
  readonly #open = new Set<OpenHandle>();

  constructor(options: SimulatedDiskOptions = {}) {
    this.#options = options;
    this.#root = this.#newInode("folder");
    this.#root.entries?.set("data", this.#newInode("folder"));
  }

  get openFileCount(): number {
    return this.#open.size;
  }

  /** Moments are whole numbers: every begin and every end of a call that changes something is one. */
  get now(): number {
    return this.#clock;
  }

  /** The disk as the power cut right after `moment` leaves it, without its past. */
  afterPowerCut(moment: number, fate: () => Fate, { renamesAreWhole = false }: CutOptions = {}): SimulatedDisk {
    const after = new SimulatedDisk();
    const twins = new Map<Inode, Inode>([
      [this.#root, after.#root],
      [this.#data(), after.#data()],
    ]);
    const twinOf = (inode: Inode): Inode => {
      const twin = twins.get(inode) ?? after.#newInode(inode.entries ? "folder" : "file");
      twins.set(inode, twin);
      return twin;
    };
    const names = new Map<NameEvent, Fate>();
    for (const change of this.#changes) {
      if (change.startedAt > moment) continue;
      const half =
        renamesAreWhole && change.kind === "name" && change.renaming ? names.get(change.renaming) : undefined;
      const outcome = half ?? (this.#isDurable(change, moment) ? "kept" : fate());
      if (change.kind === "name") names.set(change, outcome);
      if (outcome === "lost") continue;
      const twin = twinOf(change.inode);
      if (change.kind === "write") {
        const kept = outcome === "torn" ? tornPrefix(change.bytes, fate) : change.bytes;
        place(twin, kept, change.position);
      } else if (change.target) {
        twin.entries?.set(change.name, twinOf(change.target));
      } else {
        twin.entries?.delete(change.name);
      }
    }
    return after;
  }

  /** Makes a failed sync as bad as it can be: what it should have covered never becomes durable. */
  forsake(path: string): void {
    const inode = this.#find(path);
    for (const change of this.#changes) {
      if (change.kind === "write" && change.inode === inode && !this.#isDurable(change, this.#clock)) {
        change.forsaken = true;
      }
    }
  }

  /**
   * The kernel could not write back what it held of a file. It drops it, and tells those who have the file open now, once
   * each, when they sync; whoever opens it later hears nothing.
   */
  failWriteBack(path: string): void {
    this.forsake(path);
    const inode = this.#find(path);
    for (const handle of this.#open) if (handle.inode === inode) this.#unreported.add(handle);
  }

  async openFile(path: string, mode: OpenMode): Promise<DiskFile> {
    await this.#pause();
    const found = this.#find(path);
    if (found && mode === "new") throw diskError("EEXIST", path);
    if (!found && (mode === "existing" || mode === "read")) throw diskError("ENOENT", path);
    const inode = found ?? this.#name(path, this.#newInode("file"));
    if (inode.entries) throw diskError("EISDIR", path);
    return this.#handle(inode, { path, writable: mode !== "read" });
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#pause();
    if (!this.#find(path)) this.#name(path, this.#newInode("folder"));
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#sync(this.#get(path), path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#pause();
    const inode = this.#get(from);
    const { change } = this.#rename(to, inode);
    this.#rename(from, undefined, change);
  }

  async unlink(path: string): Promise<void> {
    await this.#pause();
    this.#get(path);
    this.#name(path, undefined);
  }

  async listDirectory(path: string): Promise<string[]> {
    await this.#pause();
    return [...(this.#get(path).entries?.keys() ?? [])];
  }

  async fileStatus(path: string): Promise<FileStatus | undefined> {
    await this.#pause();
    const inode = this.#find(path);
    return inode && { sizeBytes: inode.bytes.length, modifiedAtMs: 0 };
  }

  /** Everything below a folder, itself not included. */
  *below(path: string): Generator<LyingThere> {
    for (const [name, inode] of this.#get(path).entries ?? []) {
      const there = `${path}/${name}`;
      yield { path: there, bytes: inode.entries ? undefined : inode.bytes };
      if (inode.entries) yield* this.below(there);
    }
  }

  async freeBytes(): Promise<number> {
    return 2 ** 40;
  }

  #handle(inode: Inode, { path, writable }: { readonly path: string; readonly writable: boolean }): DiskFile {
    const handle: OpenHandle = { inode };
    this.#open.add(handle);
    const refuseWhenClosed = () => {
      if (!this.#open.has(handle)) throw diskError("EBADF", path);
    };
    return {
      write: async (chunks, position) => {
        refuseWhenClosed();
        if (!writable) throw diskError("EBADF", path);
        const bytes = new Uint8Array(Buffer.concat(chunks));
        const startedAt = ++this.#clock;
        const endedAt = Number.POSITIVE_INFINITY;
        const event: WriteEvent = { kind: "write", inode, position, bytes, startedAt, endedAt, forsaken: false };
        this.#changes.push(event);
        place(inode, bytes, position);
        await this.#pause();
        event.endedAt = ++this.#clock;
      },
      read: async (target, position) => {
        refuseWhenClosed();
        await this.#pause();
        const bytes = inode.bytes.subarray(position, position + target.length);
        target.set(bytes);
        return bytes.length;
      },
      datasync: async () => {
        refuseWhenClosed();
        const isDone = await this.#sync(inode, path);
        if (isDone && this.#unreported.delete(handle)) throw diskError("EIO", path);
      },
      close: async () => {
        refuseWhenClosed();
        this.#open.delete(handle);
      },
    };
  }

  /** False when it was left out. */
  async #sync(inode: Inode, path: string): Promise<boolean> {
    const { ignoreSync, onSync } = this.#options;
    if (ignoreSync ?? onSync) {
      const site = callingSite();
      onSync?.(site);
      if (ignoreSync?.(path, site)) return false;
    }
    const sync: SyncEvent = { inode, startedAt: ++this.#clock, endedAt: Number.POSITIVE_INFINITY };
    this.#syncs.push(sync);
    await this.#pause();
    sync.endedAt = ++this.#clock;
    return true;
  }

  #isDurable(change: WriteEvent | NameEvent, moment: number): boolean {
    if (change.kind === "write" && change.forsaken) return false;
    return this.#syncs.some(
      (sync) => sync.inode === change.inode && sync.startedAt > change.endedAt && sync.endedAt <= moment,
    );
  }

  /** Gives a name to an inode, or takes it away. */
  #name<T extends Inode | undefined>(path: string, target: T): T {
    this.#rename(path, target);
    return target;
  }

  #rename(path: string, target: Inode | undefined, half?: NameEvent): { readonly change: NameEvent } {
    const inode = this.#get(dirname(path));
    const at = ++this.#clock;
    const name = basename(path);
    const renaming = half?.inode === inode ? half : undefined;
    const change: NameEvent = { kind: "name", inode, name, target, startedAt: at, endedAt: at, renaming };
    this.#changes.push(change);
    if (target) inode.entries?.set(name, target);
    else inode.entries?.delete(name);
    return { change };
  }

  #newInode(kind: "file" | "folder"): Inode {
    this.#inodes += 1;
    return { number: this.#inodes, bytes: new Uint8Array(), entries: kind === "folder" ? new Map() : undefined };
  }

  #data(): Inode {
    return this.#get("/data");
  }

  #get(path: string): Inode {
    const inode = this.#find(path);
    if (!inode) throw diskError("ENOENT", path);
    return inode;
  }

  #find(path: string): Inode | undefined {
    let inode: Inode | undefined = this.#root;
    for (const name of path.split("/")) if (name !== "") inode = inode?.entries?.get(name);
    return inode;
  }

  async #pause(): Promise<void> {
    const turns = Math.floor((this.#options.random?.() ?? 0) * 6);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
  }
}

function place(inode: Inode, bytes: Uint8Array, position: number): void {
  const end = position + bytes.length;
  if (end > inode.bytes.length) {
    const longer = new Uint8Array(end);
    longer.set(inode.bytes);
    inode.bytes = longer;
  }
  inode.bytes.set(bytes, position);
}

/** Part of a write: sectors that arrived, and zeros for those that did not though the length did. */
function tornPrefix(bytes: Uint8Array, fate: () => Fate): Uint8Array {
  const torn = new Uint8Array(fate() === "lost" ? bytes.length >> 1 : bytes.length);
  for (let at = 0; at < torn.length; at += 512) {
    if (fate() !== "lost") torn.set(bytes.subarray(at, Math.min(at + 512, torn.length)), at);
  }
  return torn;
}

export function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
