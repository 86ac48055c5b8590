import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Pages, PendingPages } from "../schema.ts";

export type PageRow = Readonly<Pages>;
export type PendingPageRow = Readonly<PendingPages>;
export type CurrentPageRow = Pick<PageRow, "node_id" | "bits_length" | "bits" | "version" | "record_hash">;

const hashesAtOnce = 500;

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += hashesAtOnce) yield items.slice(at, at + hashesAtOnce);
}

export async function insertPages(tx: WriteHandle, rows: readonly PageRow[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto("pages").values(rows).execute();
}

/** Current pages after a place, in order of the list: (nodeId, bitsLength, bits). */
export function listCurrentPages(
  read: ReadHandle,
  volumeId: Uint8Array,
  { after, limit }: { readonly after: CurrentPageRow | undefined; readonly limit: number },
): Promise<CurrentPageRow[]> {
  let query = read
    .selectFrom("pages")
    .select(["node_id", "bits_length", "bits", "version", "record_hash"])
    .where("volume_id", "=", volumeId)
    .where("replaced_ms", "is", null);
  if (after !== undefined) {
    query = query.where((eb) =>
      eb(eb.refTuple("node_id", "bits_length", "bits"), ">", eb.tuple(after.node_id, after.bits_length, after.bits)),
    );
  }
  return query.orderBy("node_id").orderBy("bits_length").orderBy("bits").limit(limit).execute();
}

/** Sizes of records by hash: of current pages and, if asked for, of replaced ones that are still kept. */
export function findPageSizes(
  read: ReadHandle,
  volumeId: Uint8Array,
  { hashes, replacedToo }: { readonly hashes: readonly Uint8Array[]; readonly replacedToo: boolean },
): Promise<Pick<PageRow, "record_hash" | "size_bytes">[]> {
  let query = read
    .selectFrom("pages")
    .select(["record_hash", "size_bytes"])
    .where("volume_id", "=", volumeId)
    .where("record_hash", "in", hashes);
  if (!replacedToo) query = query.where("replaced_ms", "is", null);
  return query.execute();
}

export function findPageRecords(
  read: ReadHandle,
  volumeId: Uint8Array,
  hashes: readonly Uint8Array[],
): Promise<Pick<PageRow, "record_hash" | "record">[]> {
  return read
    .selectFrom("pages")
    .select(["record_hash", "record"])
    .where("volume_id", "=", volumeId)
    .where("record_hash", "in", hashes)
    .execute();
}

/** A page that waits already keeps its first sender. */
export async function insertPendingPages(tx: WriteHandle, rows: readonly PendingPageRow[]): Promise<void> {
  for (const some of slices(rows)) {
    await tx
      .insertInto("pending_pages")
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

export async function pendingBytesOf(read: ReadHandle, userId: Uint8Array): Promise<number> {
  const { bytes } = await read
    .selectFrom("pending_pages")
    .select((eb) => eb.fn.sum<number | null>("size_bytes").as("bytes"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return Number(bytes ?? 0);
}

export async function deletePendingPagesBefore(tx: WriteHandle, beforeMs: number): Promise<void> {
  await tx.deleteFrom("pending_pages").where("received_ms", "<", beforeMs).execute();
}

/** Headers of the pages that wait, by hash; `hashes` may be many. */
export async function findPendingHeaders(
  read: ReadHandle,
  volumeId: Uint8Array,
  hashes: readonly Uint8Array[],
): Promise<{ readonly record_hash: Uint8Array; readonly header: Uint8Array }[]> {
  return read
    .selectFrom("pending_pages")
    .select(["record_hash", "header"])
    .where("volume_id", "=", volumeId)
    .where("record_hash", "in", hashes)
    .execute();
}

export interface PageReplacement {
  readonly volumeId: Uint8Array;
  /** Of the commit. */
  readonly sequence: number;
  readonly nowMs: number;
  /** Record hashes of the pages that cease to be current. */
  readonly replaced: readonly Uint8Array[];
  /** Record hashes of pages that wait and become current. */
  readonly introduced: readonly Uint8Array[];
}

/** Moves pages inside the database: their records never pass through this process. False when one is missing. */
export async function replacePages(tx: WriteHandle, replacement: PageReplacement): Promise<boolean> {
  const { volumeId, sequence, nowMs, replaced, introduced } = replacement;
  for (const hashes of slices(replaced)) {
    await tx
      .updateTable("pages")
      .set({ replaced_ms: nowMs })
      .where("volume_id", "=", volumeId)
      .where("record_hash", "in", hashes)
      .execute();
  }
  for (const hashes of slices(introduced)) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto("pages")
      .columns([
        "volume_id",
        "node_id",
        "bits_length",
        "bits",
        "version",
        "record_hash",
        "size_bytes",
        "record",
        "sequence",
      ])
      .expression((eb) =>
        eb
          .selectFrom("pending_pages")
          .select(["volume_id", "node_id", "bits_length", "bits", "version", "record_hash", "size_bytes", "record"])
          .select(eb.val(sequence).as("sequence"))
          .where("volume_id", "=", volumeId)
          .where("record_hash", "in", hashes),
      )
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== BigInt(hashes.length)) return false;
    await tx.deleteFrom("pending_pages").where("volume_id", "=", volumeId).where("record_hash", "in", hashes).execute();
  }
  return true;
}
