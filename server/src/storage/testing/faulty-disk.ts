import type { Disk, DiskFile } from "../disk/disk-port.ts";
import { diskError } from "./simulated-disk.ts";

export interface DiskCall {
  /** Counts calls from 1. */
  readonly number: number;
  readonly operation: keyof Disk | keyof DiskFile;
  readonly path: string;
}

export interface DiskFaults {
  /** The code of the error that this call ends with (ENOSPC, EIO, EROFS, …), or undefined when it works. */
  readonly decide: (call: DiskCall) => string | undefined;
  readonly onFailedSync?: (path: string) => void;
}

/** A disk on which chosen calls fail. A failing write leaves half of its bytes behind, as a full disk does. */
export function faultyDisk(disk: Disk, { decide, onFailedSync }: DiskFaults): Disk {
  let calls = 0;
  const faultOf = (operation: DiskCall["operation"], path: string): Error | undefined => {
    calls += 1;
    const code = decide({ number: calls, operation, path });
    return code === undefined ? undefined : diskError(code, path);
  };
  const check = (operation: DiskCall["operation"], path: string): void => {
    const fault = faultOf(operation, path);
    if (fault) throw fault;
  };
  const checkSync = (operation: DiskCall["operation"], path: string): void => {
    const fault = faultOf(operation, path);
    if (!fault) return;
    onFailedSync?.(path);
    throw fault;
  };
  const faultyFile = (file: DiskFile, path: string): DiskFile => ({
    write: async (chunks, position) => {
      const fault = faultOf("write", path);
      if (!fault) return file.write(chunks, position);
      const bytes = Buffer.concat(chunks);
      await file.write([bytes.subarray(0, bytes.length >> 1)], position);
      throw fault;
    },
    read: async (target, position) => {
      check("read", path);
      return file.read(target, position);
    },
    datasync: async () => {
      checkSync("datasync", path);
      return file.datasync();
    },
    close: () => file.close(),
  });
  return {
    openFile: async (path, mode) => {
      check("openFile", path);
      return faultyFile(await disk.openFile(path, mode), path);
    },
    makeDirectory: async (path) => {
      check("makeDirectory", path);
      return disk.makeDirectory(path);
    },
    syncDirectory: async (path) => {
      checkSync("syncDirectory", path);
      return disk.syncDirectory(path);
    },
    rename: async (from, to) => {
      check("rename", from);
      return disk.rename(from, to);
    },
    unlink: async (path) => {
      check("unlink", path);
      return disk.unlink(path);
    },
    listDirectory: async (path) => {
      check("listDirectory", path);
      return disk.listDirectory(path);
    },
    fileStatus: async (path) => {
      check("fileStatus", path);
      return disk.fileStatus(path);
    },
    freeBytes: (path) => disk.freeBytes(path),
  };
}
