import { CommandError } from "../terminal/failure.ts";

export type LocalFileProblem =
  | "local_missing"
  | "local_denied"
  | "local_full"
  | "local_exists"
  | "local_link"
  | "local_special"
  | "local_not_folder"
  | "local_is_folder"
  | "local_name"
  | "local_moved"
  | "local_failed";

const SENTENCES: Readonly<Record<LocalFileProblem, string>> = {
  local_missing: "There is no such file or folder on this computer, or it has just vanished.",
  local_denied: "This computer does not let you read or write it. Nothing was changed; look at its permissions.",
  local_full: "The disk of this computer is full. Nothing half-written was left; free some space and try again.",
  local_exists: "Something has that name on this computer already and was left as it is. Use --replace or --keep-both.",
  local_link: "It is a link, and links are not followed. Nothing was changed; name what it leads to.",
  local_special: "It is neither a file nor a folder (a device, a pipe or a socket) and cannot be stored.",
  local_not_folder: "A file or link stands on this computer where a folder is needed. It was left as it is.",
  local_is_folder: "A folder of that name stands on this computer where the file should go. It was left as it is.",
  local_name: "The name is not valid text, so it cannot be stored. Rename it and try again.",
  local_moved: "The target folder was exchanged while files were written into it. Nothing was put outside of it.",
  local_failed: "This computer could not read or write it. Nothing half-written was left.",
};

/** Something about files of this computer. What is on the drive is safe. The path is told by whoever reports it. */
export class LocalFileError extends CommandError {
  declare readonly code: LocalFileProblem;

  constructor(problem: LocalFileProblem, options: { readonly cause?: unknown } = {}) {
    const reason = (options.cause as NodeJS.ErrnoException | undefined)?.code;
    const known = problem !== "local_failed" || reason === undefined ? "" : ` (${reason})`;
    super(problem, SENTENCES[problem] + known, options);
  }
}

const BY_REASON: Readonly<Record<string, LocalFileProblem>> = {
  ENOENT: "local_missing",
  EACCES: "local_denied",
  EPERM: "local_denied",
  EROFS: "local_denied",
  ENOSPC: "local_full",
  EDQUOT: "local_full",
  EEXIST: "local_exists",
  ELOOP: "local_link",
  ENOTDIR: "local_not_folder",
  EISDIR: "local_is_folder",
  ENAMETOOLONG: "local_name",
  EILSEQ: "local_name",
  ENXIO: "local_special",
};

/** What a failed call of the system means. Errors that already say it pass through. */
export function localError(cause: unknown): unknown {
  if (cause instanceof CommandError) return cause;
  const reason = (cause as NodeJS.ErrnoException | null)?.code;
  if (typeof reason !== "string") return cause;
  return new LocalFileError(BY_REASON[reason] ?? "local_failed", { cause });
}

/** Does something with local files; what the system refuses becomes a LocalFileError. */
export async function locally<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw localError(error);
  }
}
