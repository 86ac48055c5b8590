import { ExcaliburError } from "@excalibur/core/bytes";
import { InvalidArgumentError } from "commander";
import { BackupError } from "../backup/index.ts";
import { SettingError } from "../config/settings/index.ts";

export const EXIT = { ok: 0, failed: 1, usage: 2, damage: 3 } as const;

/** The command did what it was asked for, and found that something stored is not as it was. */
export class DamageFoundError extends ExcaliburError {
  constructor() {
    super(
      "damage_found",
      "Something stored is not what was uploaded; everything else is. Nothing was changed for it. Restore the objects named above from a backup, or have their owners upload the files again.",
    );
  }
}

/** The command was written wrongly; the sentence says how to write it. */
export class UsageError extends ExcaliburError {
  constructor(message: string) {
    super("usage", message);
  }
}

const UNEXPECTED = "Excalibur failed in a way it should not. Nothing half-done was kept. The cause:";

/** One sentence for a person. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ExcaliburError || error instanceof InvalidArgumentError) return error.message;
  return `${UNEXPECTED} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof BackupError && error.code === "backup_damaged") return EXIT.damage;
  if (error instanceof DamageFoundError) return EXIT.damage;
  return error instanceof UsageError || error instanceof SettingError ? EXIT.usage : EXIT.failed;
}
