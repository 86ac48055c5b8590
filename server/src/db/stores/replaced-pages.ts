import { sql } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";

export interface ReplacedPage {
  readonly volume_id: Uint8Array;
  readonly record_hash: Uint8Array;
  readonly size_bytes: number;
}

/** When the first page was replaced that was not before `fromMs`; undefined when none was until `beforeMs`. */
export async function firstReplacedMs(
  read: ReadHandle,
  { fromMs, beforeMs }: { readonly fromMs: number; readonly beforeMs: number },
): Promise<number | undefined> {
  const row = await read
    .selectFrom("pages")
    .select("replaced_ms")
    .where("replaced_ms", ">=", fromMs)
    .where("replaced_ms", "<", beforeMs)
    .orderBy("replaced_ms")
    .limit(1)
    .executeTakeFirst();
  return row?.replaced_ms ?? undefined;
}

/** Pages replaced before that. */
export function pagesReplacedBefore(read: ReadHandle, beforeMs: number, limit: number): Promise<ReplacedPage[]> {
  return read
    .selectFrom("pages")
    .select(["volume_id", "record_hash", "size_bytes"])
    .where("replaced_ms", "<", beforeMs)
    .orderBy("replaced_ms")
    .limit(limit)
    .execute();
}

export async function sumReplacedBefore(
  read: ReadHandle,
  beforeMs: number,
): Promise<{ readonly pages: number; readonly bytes: number }> {
  const { pages, bytes } = await read
    .selectFrom("pages")
    .select((eb) => [eb.fn.countAll<number>().as("pages"), eb.fn.sum<number | null>("size_bytes").as("bytes")])
    .where("replaced_ms", "<", beforeMs)
    .executeTakeFirstOrThrow();
  return { pages: Number(pages), bytes: Number(bytes ?? 0) };
}

/**
 * Pages that came and went between `fromMs` and `beforeMs`: another page of their place was replaced in that time before
 * them. The first one that was replaced stays; it is what stood there when that time began.
 */
export function pagesWithin(
  read: ReadHandle,
  { fromMs, beforeMs, limit }: { readonly fromMs: number; readonly beforeMs: number; readonly limit: number },
): Promise<ReplacedPage[]> {
  return read
    .selectFrom("pages as page")
    .select(["page.volume_id", "page.record_hash", "page.size_bytes"])
    .where("page.replaced_ms", ">=", fromMs)
    .where("page.replaced_ms", "<", beforeMs)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom("pages as elder")
          .select(sql<number>`1`.as("one"))
          .whereRef("elder.volume_id", "=", "page.volume_id")
          .whereRef("elder.node_id", "=", "page.node_id")
          .whereRef("elder.bits_length", "=", "page.bits_length")
          .whereRef("elder.bits", "=", "page.bits")
          .whereRef("elder.version", "<", "page.version")
          .where("elder.replaced_ms", ">=", fromMs)
          .where("elder.replaced_ms", "<", beforeMs),
      ),
    )
    .limit(limit)
    .execute();
}

/** Only those that are replaced: a page that became current again meanwhile stays. Says how many went. */
export async function deleteReplacedPages(tx: WriteHandle, pages: readonly ReplacedPage[]): Promise<number> {
  let deleted = 0;
  for (const { volume_id: volumeId, record_hash: recordHash } of pages) {
    const { numDeletedRows } = await tx
      .deleteFrom("pages")
      .where("volume_id", "=", volumeId)
      .where("record_hash", "=", recordHash)
      .where("replaced_ms", "is not", null)
      .executeTakeFirst();
    deleted += Number(numDeletedRows);
  }
  return deleted;
}
