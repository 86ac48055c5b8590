/**
 * [Note: What re-encrypting does]
 * Whoever is taken off a list keeps the keys of before. What is written afterwards has a new one, but listings that nobody
 * changes stay sealed with an old one. Re-encrypting opens these and seals them anew, some to a commit, each only if it
 * still stands. What is done needs no note: a page says itself by which key it is sealed, so whoever begins again finds what is
 * left. Contents stay: what somebody could open before, they may have; see docs/threat-model.md.
 */

import { toHex } from "@excalibur/core/bytes";
import type { PageRef, Volume } from "../volumes/index.ts";
import type { Outdated, Reencrypted, ReencryptOptions } from "./types.ts";

/** Enough for a commit to be worth its signature, and few enough to stop between. */
const PAGES_A_COMMIT = 100;

type Options = { readonly signal?: AbortSignal | undefined };

interface Survey {
  readonly outdated: readonly PageRef[];
  readonly total: number;
  /** By the hash of their record. */
  readonly unreadable: ReadonlySet<string>;
}

/** How much is still sealed with a key of before the last removal. Changes nothing. */
export async function findOutdated(volume: Volume, options: Options): Promise<Outdated> {
  const { outdated, total, unreadable } = await survey(volume, new Set(), options);
  return { pages: outdated.length, total, unreadable: unreadable.size };
}

/** Seals everything anew that is sealed with an earlier key. Broken off, it has done a part, and goes on from there. Throws ReadOnlyError. */
export async function reencrypt(volume: Volume, { onProgress, signal }: ReencryptOptions): Promise<Reencrypted> {
  const options = signal ? { signal } : {};
  const damaged = new Set<string>();
  let pages = 0;
  for (;;) {
    await volume.catchUp(options);
    const { outdated, unreadable } = await survey(volume, damaged, { signal });
    if (outdated.length === 0) return { pages, unreadable: unreadable.size };
    const total = pages + outdated.length;
    onProgress?.({ done: pages, total });
    for (let at = 0; at < outdated.length; at += PAGES_A_COMMIT) {
      signal?.throwIfAborted();
      const some = outdated.slice(at, at + PAGES_A_COMMIT);
      const failed = await volume.change(async (editor) => {
        const left: PageRef[] = [];
        for (const page of some) if (!(await editor.resealPage(page))) left.push(page);
        return left;
      }, options);
      for (const { recordHash } of failed) damaged.add(toHex(recordHash));
      pages += some.length - failed.length;
      onProgress?.({ done: pages, total });
    }
  }
}

async function survey(volume: Volume, damaged: ReadonlySet<string>, { signal }: Options): Promise<Survey> {
  const { generation } = volume;
  const pages = volume.pages();
  const all = [...pages.all()];
  // Nobody has been taken off yet: there is one key, and nothing to look at.
  if (generation === 0) return { outdated: [], total: all.length, unreadable: new Set() };
  const generations = await pages.generations(all, { signal });
  const unreadable = new Set(damaged);
  const outdated: PageRef[] = [];
  for (const [index, page] of all.entries()) {
    const g = generations[index];
    if (g === undefined) unreadable.add(toHex(page.recordHash));
    else if (g < generation && !damaged.has(toHex(page.recordHash))) outdated.push(page);
  }
  return { outdated, total: all.length, unreadable };
}
