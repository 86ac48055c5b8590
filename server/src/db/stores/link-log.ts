import { toBase64Url, utf8Encode } from "@excalibur/core/bytes";
import { randomBytes, sha256 } from "@excalibur/core/primitives";
import type { LinkOutcome } from "@excalibur/core/protocol";
import type { ReadHandle, WriteHandle } from "../database.ts";
import type { LinkLog } from "../schema.ts";

export type LinkLogRow = Readonly<LinkLog>;

export interface LinkEvent {
  readonly linkId: Uint8Array;
  readonly volumeId: Uint8Array;
  readonly atMs: number;
  readonly outcome: LinkOutcome;
  readonly client: string;
}

const COUNTED_PER_MS = 3_600_000;
/** Each of these is told by itself; of the others a number an hour, however often somebody tries. */
const TOLD: ReadonlySet<LinkOutcome> = new Set(["opened", "downloaded"]);

function idOf({ linkId, atMs, outcome, client }: LinkEvent): Uint8Array {
  if (TOLD.has(outcome)) return randomBytes(16);
  const hour = Math.floor(atMs / COUNTED_PER_MS);
  return sha256(utf8Encode(JSON.stringify([hour, toBase64Url(linkId), outcome, client]))).subarray(0, 16);
}

/** Writes down what happened; the oldest entries beyond `keep` go. */
export async function insertLinkEvent(tx: WriteHandle, event: LinkEvent, keep: number): Promise<void> {
  const { linkId, volumeId, atMs, outcome, client } = event;
  const row = { link_id: linkId, volume_id: volumeId, at_ms: atMs, outcome, client, count: 1 };
  await tx
    .insertInto("link_log")
    .values({ entry_id: idOf(event), ...row })
    .onConflict((on) =>
      on.column("entry_id").doUpdateSet((eb) => ({ count: eb("link_log.count", "+", 1), at_ms: atMs })),
    )
    .execute();
  const last = await tx
    .selectFrom("link_log")
    .select("at_ms")
    .where("link_id", "=", linkId)
    .orderBy("at_ms", "desc")
    .limit(1)
    .offset(keep)
    .executeTakeFirst();
  if (last === undefined) return;
  await tx.deleteFrom("link_log").where("link_id", "=", linkId).where("at_ms", "<=", last.at_ms).execute();
}

/** Newest first. */
export function listLinkEvents(read: ReadHandle, linkId: Uint8Array): Promise<LinkLogRow[]> {
  return read
    .selectFrom("link_log")
    .selectAll()
    .where("link_id", "=", linkId)
    .orderBy("at_ms", "desc")
    .orderBy("entry_id")
    .execute();
}
