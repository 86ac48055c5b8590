/** Backups that objects are shared by, and what makes a data folder of one again (docs/spec/backup.md). */

export { type BackUpOptions, type BackUpReport, backUp } from "./back-up.ts";
export { BackupDamagedError, BackupError, type BackupProblem, shortened, stopped } from "./errors.ts";
export type { ManifestLoss } from "./manifest.ts";
export { type RestoreOptions, type RestoreReport, restore } from "./restore.ts";
export { type VerifyOptions, type VerifyReport, verifyBackup } from "./verify.ts";
