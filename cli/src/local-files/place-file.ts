/** Files getting their names. Everything here waits for the disk: it belongs on a thread of its own. */

import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fsyncSync,
  futimesSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { type LocalSystem, numbered } from "@excalibur/sdk/local-names";
import { LocalFileError } from "./local-error.ts";

export interface Placement {
  readonly modifiedMs: number;
  /** When a file has the name already. */
  readonly onConflict: "fail" | "replace" | "keep-both";
  readonly system: LocalSystem;
}

export interface PlaceJob {
  readonly folder: { readonly path: string; readonly identity: string };
  readonly name: string;
  readonly placement: Placement;
  /** What the file holds, or the temporary name in the same folder under which all of it is on the disk already. */
  readonly content: Uint8Array | string;
}

// Must not exist, so no link of that name can be followed; the flag says it once more.
export const CREATE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
/** File systems without hard links say one of these. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL", "EXDEV", "EISDIR"]);

export function temporaryIn(folder: string): string {
  return join(folder, `.excalibur-${randomUUID()}.part`);
}

/** For an instant: named after the process, so that others know what it left if it dies in it (leftovers.ts). */
function temporaryOfProcess(folder: string): string {
  return join(folder, `.excalibur-p${process.pid}-${randomUUID()}.part`);
}

/**
 * Gives a file its name, and returns the name that it got; another than was asked for when both were kept. After an
 * error a temporary file of ours is gone; one that was there before stays. Throws LocalFileError or what the system says.
 */
export function placeFile(job: PlaceJob): string {
  const { folder, content } = job;
  if (typeof content === "string") return nameTemporary(job, content);
  demandUnmoved(folder);
  const temporary = temporaryOfProcess(folder.path);
  try {
    writeTemporary(temporary, content, job.placement);
    return nameTemporary(job, temporary);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** As text: Node takes a negative number for a mistake and sets the present. */
export function modifiedSeconds({ modifiedMs }: Placement): string {
  // Half a microsecond more: the time travels as seconds in floating point and is cut, not rounded, to microseconds.
  return String((modifiedMs + 0.0005) / 1000);
}

/** A time that the disk cannot hold is no reason to lose the file. */
export function isImpossibleTime(error: unknown): boolean {
  return ["EINVAL", "ERANGE", "EOVERFLOW"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function writeTemporary(temporary: string, bytes: Uint8Array, placement: Placement): void {
  const file = openSync(temporary, CREATE_FLAGS, 0o666);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
    const seconds = modifiedSeconds(placement);
    try {
      futimesSync(file, seconds, seconds);
    } catch (error) {
      if (!isImpossibleTime(error)) throw error;
    }
    // What takes another file's place is on the disk before it does.
    if (placement.onConflict === "replace") fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function nameTemporary({ folder, name, placement }: PlaceJob, temporary: string): string {
  demandUnmoved(folder);
  if (placement.onConflict === "replace") {
    const path = join(folder.path, name);
    if (statOf(path)?.isDirectory()) throw new LocalFileError("local_is_folder");
    renameSync(temporary, path);
    return name;
  }
  // A name that nobody has, without ever taking one from somebody who was quicker.
  for (let number = 1; ; number++) {
    const candidate = numbered(name, number, placement.system);
    if (addAs(temporary, join(folder.path, candidate))) return candidate;
    if (placement.onConflict === "fail") throw new LocalFileError("local_exists");
  }
}

function addAs(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "";
    if (reason === "EEXIST") return false;
    if (!NO_LINKS.has(reason)) throw error;
    if (statOf(path) !== undefined) return false;
    renameSync(temporary, path);
    return true;
  }
  // Whoever sweeps the folder may have been quicker: it has its name.
  rmSync(temporary, { force: true });
  return true;
}

function demandUnmoved({ path, identity }: PlaceJob["folder"]): void {
  if (identityOf(path) !== identity) throw new LocalFileError("local_moved");
}

/** Device and inode. undefined: there is something else than a folder, for instance a link to one. */
function identityOf(path: string): string | undefined {
  const stat = lstatSync(path, { bigint: true });
  return stat.isDirectory() ? `${stat.dev}-${stat.ino}` : undefined;
}

/** undefined: nothing is there. Links are looked at, not followed. */
function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
