import { sql } from "kysely";
import type { ReadHandle, WriteHandle } from "../database.ts";
import type { Links } from "../schema.ts";

export type LinkRow = Readonly<Links>;

/** What a link's maker may change. */
export type LinkRulesRow = Pick<LinkRow, "expires_ms" | "max_downloads" | "view_only" | "paused">;

/** Whether the id and the keys were both free. */
export async function insertLink(tx: WriteHandle, row: LinkRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("links")
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export function findLink(read: ReadHandle, linkId: Uint8Array): Promise<LinkRow | undefined> {
  return read.selectFrom("links").selectAll().where("link_id", "=", linkId).executeTakeFirst();
}

export function findLinkByFingerprint(read: ReadHandle, fingerprint: Uint8Array): Promise<LinkRow | undefined> {
  return read.selectFrom("links").selectAll().where("fingerprint", "=", fingerprint).executeTakeFirst();
}

/** A link, whether its row stands in the member list now, and whether the account that owns the volume is disabled. */
export type StandingLink = LinkRow & {
  readonly owner_user_id: Uint8Array;
  readonly owner_disabled: 0 | 1;
  readonly member_role: number | null;
};

export function findStandingLink(read: ReadHandle, linkId: Uint8Array): Promise<StandingLink | undefined> {
  return read
    .selectFrom("links")
    .innerJoin("volumes", "volumes.volume_id", "links.volume_id")
    .innerJoin("accounts", "accounts.user_id", "volumes.owner_user_id")
    .leftJoin("members", (join) =>
      join.onRef("members.volume_id", "=", "links.volume_id").onRef("members.subject_id", "=", "links.link_id"),
    )
    .selectAll("links")
    .select(["volumes.owner_user_id", "accounts.disabled as owner_disabled", "members.role as member_role"])
    .where("links.link_id", "=", linkId)
    .executeTakeFirst();
}

export function listLinksOfVolume(read: ReadHandle, volumeId: Uint8Array): Promise<LinkRow[]> {
  return read.selectFrom("links").selectAll().where("volume_id", "=", volumeId).orderBy("link_id").execute();
}

/** Those that ever stood in a member list, of volumes in which the subject has one of these roles. */
export function listLinksFor(
  read: ReadHandle,
  { subjectId, roles }: { readonly subjectId: Uint8Array; readonly roles: readonly number[] },
): Promise<(LinkRow & { readonly last_opened_ms: number | null })[]> {
  return read
    .selectFrom("links")
    .innerJoin("members as own", "own.volume_id", "links.volume_id")
    .leftJoin("members as standing", (join) =>
      join.onRef("standing.volume_id", "=", "links.volume_id").onRef("standing.subject_id", "=", "links.link_id"),
    )
    .selectAll("links")
    .select((eb) =>
      eb
        .selectFrom("link_log")
        .select((inner) => inner.fn.max<number | null>("at_ms").as("last"))
        .whereRef("link_log.link_id", "=", "links.link_id")
        .where("outcome", "=", "opened")
        .as("last_opened_ms"),
    )
    .where("own.subject_id", "=", subjectId)
    .where("own.role", "in", [...roles])
    .where((eb) => eb.or([eb("standing.subject_id", "is not", null), eb("links.revoked_ms", "is not", null)]))
    .orderBy("links.created_ms")
    .orderBy("links.link_id")
    .execute();
}

export async function countLinks(read: ReadHandle, volumeId: Uint8Array): Promise<number> {
  const { count } = await read
    .selectFrom("links")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("volume_id", "=", volumeId)
    .where("revoked_ms", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What somebody who follows a link of a volume that has gone must show to be told that it was taken back. */
export async function findEndedLink(
  read: ReadHandle,
  linkId: Uint8Array,
): Promise<Pick<LinkRow, "knock_hash"> | undefined> {
  return await read.selectFrom("ended_links").select("knock_hash").where("link_id", "=", linkId).executeTakeFirst();
}

/** Before the rows of these links go with their volume. Those that no member list ever named leave nothing. */
export async function rememberEndedLinks(tx: WriteHandle, linkIds: readonly Uint8Array[]): Promise<void> {
  const ended = await tx
    .selectFrom("links")
    .select(["link_id", "knock_hash", "revoked_ms"])
    .where("link_id", "in", [...linkIds])
    .where("revoked_ms", "is not", null)
    .execute();
  const rows = ended.map(({ link_id, knock_hash, revoked_ms }) => ({
    link_id,
    knock_hash,
    ended_ms: Number(revoked_ms),
  }));
  if (rows.length === 0) return;
  await tx
    .insertInto("ended_links")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Links of a volume that no member list ever named: what was begun and not brought to an end. */
export async function deleteUnusedLinks(tx: WriteHandle, volumeId: Uint8Array, beforeMs: number): Promise<void> {
  await tx
    .deleteFrom("links")
    .where("volume_id", "=", volumeId)
    .where("created_ms", "<", beforeMs)
    .where("revoked_ms", "is", null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("members")
            .select("members.subject_id")
            .whereRef("members.volume_id", "=", "links.volume_id")
            .whereRef("members.subject_id", "=", "links.link_id"),
        ),
      ),
    )
    .execute();
}

/** False when it was revoked, or is not there. */
export async function changeLinkRules(tx: WriteHandle, linkId: Uint8Array, rules: LinkRulesRow): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("links")
    .set(rules)
    .where("link_id", "=", linkId)
    .where("revoked_ms", "is", null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Their rows left the member list. */
export async function revokeLinks(tx: WriteHandle, linkIds: readonly Uint8Array[], nowMs: number): Promise<void> {
  if (linkIds.length === 0) return;
  await tx
    .updateTable("links")
    .set({ revoked_ms: nowMs })
    .where("link_id", "in", [...linkIds])
    .where("revoked_ms", "is", null)
    .execute();
}

/** Those that ever let anybody into a volume of this account, while the member lists are still there. */
export async function revokeLinksOf(tx: WriteHandle, ownerUserId: Uint8Array, nowMs: number): Promise<void> {
  await tx
    .updateTable("links")
    .set({ revoked_ms: nowMs })
    .where("volume_id", "in", (eb) =>
      eb.selectFrom("volumes").select("volume_id").where("owner_user_id", "=", ownerUserId),
    )
    .where("revoked_ms", "is", null)
    .where("link_id", "in", (eb) =>
      eb.selectFrom("members").select("subject_id").whereRef("members.volume_id", "=", "links.volume_id"),
    )
    .execute();
}

/** Takes one of the uses that a link may have, if one is left: check and change are one statement. Whether there was. */
export async function takeUse(tx: WriteHandle, linkId: Uint8Array): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("links")
    .set({ downloads: sql`downloads + 1` })
    .where("link_id", "=", linkId)
    .where((eb) => eb.or([eb("max_downloads", "is", null), eb("downloads", "<", eb.ref("max_downloads"))]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function giveUsesBack(tx: WriteHandle, linkId: Uint8Array, count: number): Promise<void> {
  if (count === 0) return;
  await tx
    .updateTable("links")
    .set({ downloads: sql`downloads - ${count}` })
    .where("link_id", "=", linkId)
    .execute();
}
