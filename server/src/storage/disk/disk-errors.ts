import { ExcaliburError } from "@excalibur/core/bytes";
import {
  BlobDamagedError,
  BlobMissingError,
  StorageFailedError,
  StorageFullError,
  StorageReadOnlyError,
} from "../blob-errors.ts";

/** The platform's error code, such as ENOSPC. */
export function diskErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Whether the disk or the user's disk quota has no room: later writes to the same file may well work. */
export function isDiskFull(error: unknown): boolean {
  const code = diskErrorCode(error);
  return code === "ENOSPC" || code === "EDQUOT";
}

/** Turns what a write, sync or rename threw into a typed error; `action` is a short phrase such as "a sync did not work". */
export function writeError(error: unknown, action: string): Error {
  if (error instanceof ExcaliburError) return error;
  if (isDiskFull(error)) return new StorageFullError({ cause: error });
  const code = diskErrorCode(error);
  if (code === "EROFS" || code === "EACCES" || code === "EPERM") return new StorageReadOnlyError({ cause: error });
  return new StorageFailedError(`${action} (${code ?? "unknown reason"})`, { cause: error });
}

/** Turns what opening or reading an object threw into a typed error. */
export function readError(error: unknown, id: string): Error {
  if (error instanceof ExcaliburError) return error;
  const code = diskErrorCode(error);
  if (code === "ENOENT") return new BlobMissingError(id, { cause: error });
  // An unreadable sector concerns this object and is healed like any other damage.
  if (code === "EIO") return new BlobDamagedError(id, "the disk cannot read them (EIO)", { cause: error });
  return new StorageFailedError(`an object could not be read (${code ?? "unknown reason"})`, { cause: error });
}
