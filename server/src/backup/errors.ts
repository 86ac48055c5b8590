import { ExcaliburError } from "@excalibur/core/bytes";

export type BackupProblem =
  | "backup_target_unusable"
  | "backup_target_full"
  | "backup_running"
  | "backup_missing"
  | "backup_incomplete"
  | "backup_damaged"
  | "backup_unsettled"
  | "backup_stopped"
  | "restore_refused"
  | "restore_failed";

/** A backup or a restore could not do what it was asked. The sentence says what was left untouched and what to do. */
export class BackupError extends ExcaliburError {
  declare readonly code: BackupProblem;

  constructor(code: BackupProblem, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
  }
}

/** What is wrong in a backup, a line each. */
export class BackupDamagedError extends BackupError {
  readonly damage: readonly string[];

  constructor(message: string, damage: readonly string[]) {
    super("backup_damaged", [message, ...shortened(damage).map((line) => `  ${line}`)].join("\n"));
    this.damage = damage;
  }
}

const SHOWN = 20;

/** As many lines as a person reads, and how many more there are. */
export function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more`];
}

const FULL = new Set(["ENOSPC", "EDQUOT"]);
const DENIED: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "its disk is mounted read-only",
  ENOTDIR: "a part of that path is a file, not a folder",
  EEXIST: "there is a file of that name",
  ENOENT: "it cannot be made there",
  ENAMETOOLONG: "the path is too long",
};

function codeOf(error: unknown): string {
  return (error as { code?: string } | undefined)?.code ?? "";
}

/** What writing into the backup threw, as a sentence. */
export function targetProblem(target: string, cause: unknown): unknown {
  if (cause instanceof ExcaliburError) return codeOf(cause) === "storage_full" ? full(target, cause) : cause;
  const code = codeOf(cause);
  if (FULL.has(code)) return full(target, cause);
  const reason = DENIED[code];
  if (reason === undefined && code !== "EIO") return cause;
  return new BackupError(
    "backup_target_unusable",
    `The backup folder ${target} cannot be used: ${reason ?? "its disk reports an error (EIO)"}. The server's data and earlier backups are untouched.`,
    cause,
  );
}

function full(target: string, cause: unknown): BackupError {
  return new BackupError(
    "backup_target_full",
    `The disk of ${target} is full, so this backup was not finished; earlier ones are untouched. Free some space there and run it again: what was copied already stays.`,
    cause,
  );
}

/** What writing restored data threw, as a sentence. */
export function restoreProblem(folder: string, cause: unknown): unknown {
  if (cause instanceof ExcaliburError) return cause;
  const code = codeOf(cause);
  const reason = FULL.has(code)
    ? "its disk is full"
    : (DENIED[code] ?? (code === "EIO" ? "its disk reports an error" : ""));
  if (reason === "") return cause;
  const message = `Nothing was restored: ${folder} cannot be written, ${reason}. What was there before and the backup are untouched.`;
  return new BackupError("restore_failed", message, cause);
}

/** Ctrl-C. */
export function stopped(what: string): BackupError {
  return new BackupError("backup_stopped", what);
}
