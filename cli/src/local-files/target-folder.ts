import { lstat, mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { LocalSystem } from "@excalibur/sdk/local-names";
import { sweepLeftovers } from "./leftovers.ts";
import { LocalFileError, localError, locally } from "./local-error.ts";
import { type LocalSink, openLocalSink, type SinkFolder } from "./local-sink.ts";
import { probeLocalSystem } from "./local-system.ts";
import type { Placement } from "./place-file.ts";
import type { PlaceThread } from "./place-thread.ts";

interface FolderFacts {
  readonly system: LocalSystem;
  readonly thread: PlaceThread;
  readonly identity: string;
  readonly isNew: boolean;
}

/**
 * [Note: Nothing outside the target]
 * Names from the drive are written by other people, and the target folder may hold links made by others, too. So a name
 * is one part of a path or it is refused; a folder below the target is one that we made or that is there as a real
 * folder, never a link to one; before anything is made in a folder, its path must still lead to the very folder
 * (device and inode) that was entered; files are created anew under a random name that must not exist, and then linked
 * or renamed to their own, which follows no link either.
 */
export class TargetFolder implements SinkFolder {
  readonly path: string;
  readonly system: LocalSystem;
  /** It was made here a moment ago: looking for what stands in it can be left out; giving a name looks all the same. */
  readonly isNew: boolean;
  /** Device and inode. */
  readonly identity: string;
  readonly thread: PlaceThread;

  private constructor(path: string, { system, thread, identity, isNew }: FolderFacts) {
    this.path = path;
    this.system = system;
    this.isNew = isNew;
    this.identity = identity;
    this.thread = thread;
  }

  /** The folder that the person named: it may be reached through links. `thread` names its files. Throws LocalFileError. */
  static async open(path: string, thread: PlaceThread): Promise<TargetFolder> {
    const real = await locally(() => realpath(path));
    const identity = await identityOf(real);
    if (identity === undefined) throw new LocalFileError("local_not_folder");
    await sweepLeftovers(real);
    return new TargetFolder(real, { system: await probeLocalSystem(real), thread, identity, isNew: false });
  }

  /** A folder in this one, made if it is not there. Throws LocalFileError when a file or a link has the name. */
  async enter(name: string): Promise<TargetFolder> {
    const path = await this.#place(name);
    let isNew = true;
    try {
      await mkdir(path);
    } catch (error) {
      isNew = false;
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw localError(error);
    }
    const identity = await identityOf(path);
    if (identity === undefined) throw new LocalFileError("local_not_folder");
    if (!isNew) await sweepLeftovers(path);
    return new TargetFolder(path, { system: this.system, thread: this.thread, identity, isNew });
  }

  /** A file that gets its name when it is finished. Throws LocalFileError, also when the name is taken and must not be. */
  async openSink(name: string, placement: Omit<Placement, "system">): Promise<LocalSink> {
    this.#demandName(name);
    // In a new folder nothing is looked at and nothing made before the file is whole; the thread checks then.
    if (!this.isNew) await this.demandUnmoved();
    return await openLocalSink(this, name, { ...placement, system: this.system });
  }

  /** Throws when the path does not lead to this folder any more. */
  async demandUnmoved(): Promise<void> {
    if ((await identityOf(this.path)) !== this.identity) throw new LocalFileError("local_moved");
  }

  async #place(name: string): Promise<string> {
    this.#demandName(name);
    await this.demandUnmoved();
    return join(this.path, name);
  }

  #demandName(name: string): void {
    // Names were mapped before; a mistake there must not become a way out.
    const separators = this.system.family === "windows" ? /[/\\:\0]/ : /[/\0]/;
    if (name === "" || name === "." || name === ".." || separators.test(name)) throw new LocalFileError("local_name");
  }
}

/** undefined: there is something else than a folder, for instance a link to one. */
async function identityOf(path: string): Promise<string | undefined> {
  const stat = await locally(() => lstat(path, { bigint: true }));
  return stat.isDirectory() ? `${stat.dev}-${stat.ino}` : undefined;
}
