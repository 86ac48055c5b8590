import type { ReadHandle } from "../database.ts";

/** Figures of the whole server. */
export async function countAccounts(
  read: ReadHandle,
): Promise<{ readonly enabled: number; readonly disabled: number; readonly usedBytes: number }> {
  const rows = await read
    .selectFrom("accounts")
    .select((eb) => ["disabled", eb.fn.countAll<number>().as("count"), eb.fn.sum<number>("used_bytes").as("bytes")])
    .groupBy("disabled")
    .execute();
  const counted = (disabled: 0 | 1) => Number(rows.find((row) => row.disabled === disabled)?.count ?? 0);
  const usedBytes = rows.reduce((sum, row) => sum + Number(row.bytes), 0);
  return { enabled: counted(0), disabled: counted(1), usedBytes };
}

export async function countAllUploads(read: ReadHandle): Promise<number> {
  const count = read.selectFrom("uploads").select((eb) => eb.fn.countAll<number>().as("count"));
  return Number((await count.executeTakeFirstOrThrow()).count);
}

export async function countObjects(read: ReadHandle): Promise<number> {
  const count = read.selectFrom("objects").select((eb) => eb.fn.countAll<number>().as("count"));
  return Number((await count.executeTakeFirstOrThrow()).count);
}
