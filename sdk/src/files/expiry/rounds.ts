import { ByteReader, ByteWriter } from "@excalibur/core/bytes";
import type { SealedNotes } from "../../upload/types.ts";
import type { Volume } from "../../volumes/index.ts";
import type { Clocks } from "./age.ts";
import { type Expired, expire } from "./expiry.ts";

const TRASH_EVERY_MS = 86_400_000;
/** It looks at every file of the drive. */
const VERSIONS_EVERY_MS = 7 * 86_400_000;
const NOTE = "expiry";

export interface ExpiryRoundsOptions {
  /** Those in which this person may write. */
  readonly volumes: () => Promise<readonly Volume[]>;
  readonly notes: SealedNotes;
  readonly clocks: () => Clocks;
}

/** Looks for what is old, not more often than needed, however often programs start on this device. */
export class ExpiryRounds {
  readonly #options: ExpiryRoundsOptions;

  constructor(options: ExpiryRoundsOptions) {
    this.#options = options;
  }

  async run(options: { readonly signal?: AbortSignal } = {}): Promise<Expired> {
    const { volumes, notes, clocks } = this.#options;
    const now = clocks();
    const last = await this.#last();
    // A clock that was set back must not put it off for years.
    const isDue = (lastMs: number, everyMs: number) => Math.abs(now.deviceMs - lastMs) >= everyMs;
    if (!isDue(last.trashMs, TRASH_EVERY_MS)) return { items: 0, versions: 0 };
    const versionsToo = isDue(last.versionsMs, VERSIONS_EVERY_MS);
    const expired = { items: 0, versions: 0 };
    for (const volume of await volumes()) {
      const { items, versions } = await expire(volume, { clocks: now, versionsToo, ...options });
      expired.items += items;
      expired.versions += versions;
    }
    const versionsMs = versionsToo ? now.deviceMs : last.versionsMs;
    await notes.put(NOTE, new ByteWriter(16).u64(toTime(now.deviceMs)).u64(toTime(versionsMs)).finish());
    return expired;
  }

  async #last(): Promise<{ readonly trashMs: number; readonly versionsMs: number }> {
    const note = await this.#options.notes.get(NOTE);
    if (note?.length !== 16) return { trashMs: 0, versionsMs: 0 };
    const reader = new ByteReader(note, "expiry note");
    return { trashMs: reader.u64(), versionsMs: reader.u64() };
  }
}

/** A clock may say anything. */
function toTime(ms: number): number {
  return Math.min(Math.max(0, Math.floor(ms)), 2 ** 48);
}
