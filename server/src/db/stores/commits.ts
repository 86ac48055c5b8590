import { sql } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Commits } from "../schema.ts";

export type CommitRow = Readonly<Commits>;

export async function insertCommit(tx: WriteHandle, row: CommitRow): Promise<void> {
  await tx.insertInto("commits").values(row).execute();
}

export function findCommit(
  read: ReadHandle,
  volumeId: Uint8Array,
  sequence: number,
): Promise<Pick<CommitRow, "hash" | "record"> | undefined> {
  return read
    .selectFrom("commits")
    .select(["hash", "record"])
    .where("volume_id", "=", volumeId)
    .where("sequence", "=", sequence)
    .executeTakeFirst();
}

export interface CommitRange {
  readonly volumeId: Uint8Array;
  readonly after: number;
  readonly limit: number;
}

/** Sizes of the commits after a sequence, in order: to choose how many to load. */
export function listCommitSizes(
  read: ReadHandle,
  { volumeId, after, limit }: CommitRange,
): Promise<{ readonly sequence: number; readonly sizeBytes: number }[]> {
  return read
    .selectFrom("commits")
    .select(["sequence", sql<number>`length(record)`.as("sizeBytes")])
    .where("volume_id", "=", volumeId)
    .where("sequence", ">", after)
    .orderBy("sequence")
    .limit(limit)
    .execute();
}

export async function listCommits(read: ReadHandle, { volumeId, after, limit }: CommitRange): Promise<Uint8Array[]> {
  const rows = await read
    .selectFrom("commits")
    .select("record")
    .where("volume_id", "=", volumeId)
    .where("sequence", ">", after)
    .orderBy("sequence")
    .limit(limit)
    .execute();
  return rows.map((row) => row.record);
}
