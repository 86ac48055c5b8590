import { lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Disk, DiskFile } from "../storage/disk/disk-port.ts";
import { nodeDisk } from "../storage/disk/node-disk.ts";
import { type Fate, SimulatedDisk } from "../storage/testing/simulated-disk.ts";

/** What SQLite and locks keep beside their files has no meaning for anybody later. */
const PASSING = /(\.lock|-wal|-shm|-journal)$/;

interface Adopting {
  /** Whoever wrote it has synced its bytes. */
  readonly durable: boolean;
  /** It was there before anything was recorded. */
  readonly isOld?: boolean;
}

/**
 * A real folder, everything that is done to it through the port, and what a power cut at any moment could have left of it. What is done
 * past the port (SQLite writes its own files, small ones are written by whoever syncs them himself) is found when the port comes by.
 */
export class RecordedDisk {
  readonly simulated: SimulatedDisk;
  readonly port: Disk;
  readonly #folder: string;
  #begun = 0;
  readonly #real = nodeDisk();

  /** `ignoreSync`: these syncs report success and cover nothing. What is in the folder is durable. */
  static async of(folder: string, { ignoreSync }: { ignoreSync?: (path: string) => boolean } = {}) {
    const disk = new RecordedDisk(folder, ignoreSync === undefined ? {} : { ignoreSync });
    await disk.#adopt(folder, { durable: true, isOld: true });
    disk.#begun = disk.simulated.now;
    return disk;
  }

  /** The first moment of what was recorded. */
  get begun(): number {
    return this.#begun;
  }

  private constructor(folder: string, options: { readonly ignoreSync?: (path: string) => boolean }) {
    this.#folder = folder;
    this.simulated = new SimulatedDisk(options);
    this.port = this.#makePort();
  }

  /** Puts the disk, as a cut right after a moment could leave it, into a folder that is not there yet. */
  async putAfterCut(moment: number, fate: () => Fate, into: string): Promise<void> {
    const left = this.simulated.afterPowerCut(moment, fate, { renamesAreWhole: true });
    await mkdir(into);
    for (const { path, bytes } of left.below("/data")) {
      const place = join(into, relative("/data", path));
      if (bytes === undefined) await mkdir(place);
      else await writeFile(place, bytes);
    }
  }

  #makePort(): Disk {
    const [real, simulated] = [this.#real, this.simulated];
    return {
      ...real,
      openFile: async (path, mode) => {
        const file = await real.openFile(path, mode);
        if (mode === "read" || !this.#isOurs(path)) return file;
        if (mode === "existing") await this.#adopt(path, { durable: false });
        // Taken away past the port before.
        const isStale = mode === "new" && (await simulated.fileStatus(this.#at(path))) !== undefined;
        if (isStale) await simulated.unlink(this.#at(path));
        return this.#both(file, await simulated.openFile(this.#at(path), mode));
      },
      makeDirectory: async (path) => {
        await real.makeDirectory(path);
        if (this.#isOurs(path)) await simulated.makeDirectory(this.#at(path));
      },
      syncDirectory: async (path) => {
        if (this.#isOurs(path)) await this.#notice(path);
        await real.syncDirectory(path);
        if (this.#isOurs(path)) await simulated.syncDirectory(this.#at(path));
      },
      rename: async (from, to) => {
        if (this.#isOurs(from)) await this.#adopt(from, { durable: (await lstat(from)).isDirectory() });
        await real.rename(from, to);
        if (this.#isOurs(from)) await simulated.rename(this.#at(from), this.#at(to));
      },
      unlink: async (path) => {
        await real.unlink(path);
        if (this.#isOurs(path)) await simulated.unlink(this.#at(path));
      },
    };
  }

  #both(real: DiskFile, simulated: DiskFile): DiskFile {
    return {
      read: (target, position) => real.read(target, position),
      write: async (chunks, position) => {
        await real.write(chunks, position);
        await simulated.write(chunks, position);
      },
      datasync: async () => {
        await real.datasync();
        await simulated.datasync();
      },
      close: async () => {
        await real.close();
        await simulated.close();
      },
    };
  }

  /** Names that came into a folder, or went from it, past the port. */
  async #notice(folder: string): Promise<void> {
    const there = new Set(await readdir(folder));
    for (const name of there) {
      const path = join(folder, name);
      if (!PASSING.test(name) && !(await this.simulated.fileStatus(this.#at(path))))
        await this.#adopt(path, { durable: true });
    }
    for (const name of await this.simulated.listDirectory(this.#at(folder))) {
      if (!there.has(name)) await this.simulated.unlink(join(this.#at(folder), name));
    }
  }

  /** What a file or a folder holds now, as far as it was not known. */
  async #adopt(path: string, { durable, isOld = false }: Adopting): Promise<void> {
    const at = this.#at(path);
    if ((await lstat(path)).isDirectory()) {
      await this.simulated.makeDirectory(at);
      for (const name of await readdir(path)) {
        if (!PASSING.test(name)) await this.#adopt(join(path, name), { durable, isOld });
      }
      if (isOld) await this.simulated.syncDirectory(at);
      return;
    }
    const bytes = await readFile(path);
    if (await this.#holds(at, bytes)) return;
    if (!durable) return await this.#put(at, { bytes, durable });
    // Whoever syncs his own files writes them under another name first, so that theirs never stands for less than all.
    await this.#put(`${at}.new`, { bytes, durable });
    await this.simulated.rename(`${at}.new`, at);
  }

  async #put(at: string, { bytes, durable }: { readonly bytes: Uint8Array; readonly durable: boolean }): Promise<void> {
    const file = await this.simulated.openFile(at, "either");
    await file.write([bytes], 0);
    if (durable) await file.datasync();
    await file.close();
  }

  async #holds(at: string, bytes: Uint8Array): Promise<boolean> {
    const status = await this.simulated.fileStatus(at);
    if (status?.sizeBytes !== bytes.length) return false;
    const file = await this.simulated.openFile(at, "read");
    const found = new Uint8Array(bytes.length);
    await file.read(found, 0);
    await file.close();
    return Buffer.compare(found, bytes) === 0;
  }

  #isOurs(path: string): boolean {
    return path === this.#folder || path.startsWith(this.#folder + sep);
  }

  #at(path: string): string {
    return path === this.#folder ? "/data" : `/data/${relative(this.#folder, path).split(sep).join("/")}`;
  }
}
