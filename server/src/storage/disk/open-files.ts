import { StorageFailedError } from "../blob-errors.ts";
import type { Disk, DiskFile, OpenMode } from "./disk-port.ts";

interface OpenFile {
  readonly path: string;
  readonly opening: Promise<DiskFile>;
  users: number;
  /** Written since it was opened, and not known to be synced. */
  unsynced: boolean;
  closing: Promise<void> | undefined;
}

export interface FileUse<T> {
  readonly path: string;
  readonly mode: OpenMode;
  /** Whether `work` writes. */
  readonly writes?: boolean;
  readonly work: (file: DiskFile) => Promise<T>;
}

/**
 * Open files by path, at most `limit` at once, the least recently used idle one closed first. Every use is short (one
 * read, one write, one sync), so a stalled download or an abandoned upload holds no descriptor.
 */
export class OpenFiles {
  readonly #disk: Disk;
  readonly #limit: number;
  readonly #onLostWrites: (path: string, error: unknown) => void;
  /** In order of use, oldest first. */
  readonly #files = new Map<string, OpenFile>();
  readonly #waiting: (() => void)[] = [];
  #closed = false;

  constructor(
    disk: Disk,
    options: { readonly limit: number; readonly onLostWrites: (path: string, error: unknown) => void },
  ) {
    this.#disk = disk;
    this.#limit = options.limit;
    this.#onLostWrites = options.onLostWrites;
  }

  get openCount(): number {
    return this.#files.size;
  }

  async use<T>({ path, mode, writes = false, work }: FileUse<T>): Promise<T> {
    const open = await this.#obtain(path, mode);
    try {
      const file = await open.opening;
      if (writes) open.unsynced = true;
      return await work(file);
    } finally {
      open.users -= 1;
      this.#wakeAll();
    }
  }

  /** Closes the file when nobody uses it any more, without syncing: for a file about to be renamed or removed. */
  async forget(path: string): Promise<void> {
    for (;;) {
      const open = this.#files.get(path);
      if (!open) return;
      if (open.closing !== undefined) await open.closing;
      else if (open.users === 0) {
        open.unsynced = false;
        await this.#close(open);
      } else await this.#released();
    }
  }

  /** Waits for the uses that were begun; later ones are refused. */
  async closeAll(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#files.keys()].map((path) => this.forget(path)));
  }

  async #obtain(path: string, mode: OpenMode): Promise<OpenFile> {
    for (;;) {
      if (this.#closed) throw new StorageFailedError("the store is closed");
      const known = this.#files.get(path);
      if (known?.closing !== undefined) {
        await known.closing;
      } else if (known) {
        known.users += 1;
        this.#files.delete(path);
        this.#files.set(path, known);
        return known;
      } else if (this.#files.size < this.#limit) {
        return this.#open(path, mode);
      } else {
        const idle = this.#oldestIdle();
        await (idle ? this.#close(idle) : this.#released());
      }
    }
  }

  #open(path: string, mode: OpenMode): OpenFile {
    const open: OpenFile = {
      path,
      opening: this.#disk.openFile(path, mode),
      users: 1,
      unsynced: false,
      closing: undefined,
    };
    this.#files.set(path, open);
    open.opening.catch(() => {
      // Every user gets the error from `opening` itself; here only the place is given back.
      if (this.#files.get(path) === open) this.#files.delete(path);
    });
    return open;
  }

  #oldestIdle(): OpenFile | undefined {
    for (const open of this.#files.values()) if (open.users === 0 && open.closing === undefined) return open;
    return undefined;
  }

  #close(open: OpenFile): Promise<void> {
    open.closing = this.#syncAndClose(open).finally(() => {
      this.#files.delete(open.path);
      this.#wakeAll();
    });
    return open.closing;
  }

  async #syncAndClose(open: OpenFile): Promise<void> {
    const file = await open.opening;
    try {
      // A failed write-back is told only to files that are open: after closing, a later sync could succeed and lie.
      if (open.unsynced) await file.datasync();
    } catch (error) {
      this.#onLostWrites(open.path, error);
    }
    try {
      await file.close();
    } catch (error) {
      if (open.unsynced) this.#onLostWrites(open.path, error);
    }
  }

  #released(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
