import { toBase64Url } from "@excalibur/core/bytes";
import type { ErrorCode, LinkOutcome } from "@excalibur/core/protocol";
import { LIMITS } from "@excalibur/core/protocol";
import type { Database, WriteHandle } from "../../db/index.ts";
import { insertLinkEvent } from "../../db/stores/link-log.ts";
import { endOldUses } from "../../db/stores/link-sessions.ts";
import { giveUsesBack, type LinkRow, type StandingLink } from "../../db/stores/links.ts";
import type { Announcer } from "../../realtime/index.ts";
import type { KeyedLock } from "../keyed-lock.ts";

/** What the operations on links share. */
export interface LinksRoom {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly clock: () => number;
  /** The origins a session may be bound to; known once the server listens. */
  readonly origins: () => ReadonlySet<string>;
  /** Told of failures that no request can be answered with. */
  readonly report: (error: unknown) => void;
  /** By link: many visitors of one wait for each other here, and not for the database to tell that they collided. */
  readonly locks: KeyedLock;
}

/** A transaction about one link. */
export function writeFor<T>(
  { database, locks }: LinksRoom,
  linkId: Uint8Array,
  work: (tx: WriteHandle) => Promise<T>,
): Promise<T> {
  return locks.run(toBase64Url(linkId), () => database.write(work));
}

/** Codes that say how a link stands, and what its log calls them. */
export const TURNED_AWAY = {
  link_revoked: "revoked",
  link_expired: "expired",
  link_paused: "paused",
  link_used_up: "used-up",
} as const satisfies Partial<Record<ErrorCode, LinkOutcome>>;
export type TurnedAway = keyof typeof TURNED_AWAY;

/** Why a link that is there lets nobody in, if so; a use may still be left to a session that has begun one. */
export function turnsAway(
  link: Pick<StandingLink, "revoked_ms" | "expires_ms" | "paused" | "owner_disabled">,
  nowMs: number,
): Exclude<TurnedAway, "link_used_up"> | undefined {
  if (link.revoked_ms !== null) return "link_revoked";
  if (link.expires_ms !== null && link.expires_ms <= nowMs) return "link_expired";
  // Whoever is shut out of the server shuts nobody in it out for good.
  return link.paused === 1 || link.owner_disabled === 1 ? "link_paused" : undefined;
}

export function isUsedUp({ max_downloads, downloads }: Pick<LinkRow, "max_downloads" | "downloads">): boolean {
  return max_downloads !== null && downloads >= max_downloads;
}

/** Uses that were begun long ago and not completed may be had by others again. */
export async function settleUses(tx: WriteHandle, linkId: Uint8Array, nowMs: number): Promise<void> {
  await giveUsesBack(tx, linkId, await endOldUses(tx, linkId, nowMs - LIMITS.linkReservationMs));
}

export interface Happening {
  readonly link: Pick<LinkRow, "link_id" | "volume_id" | "created_by">;
  readonly outcome: LinkOutcome;
  readonly client: string;
  readonly atMs: number;
}

export async function noteInLog(tx: WriteHandle, { link, outcome, client, atMs }: Happening): Promise<void> {
  const event = { linkId: link.link_id, volumeId: link.volume_id, atMs, outcome, client };
  await insertLinkEvent(tx, event, LIMITS.linkLogEntries);
}

/** Tells whoever made the link, wherever they are connected. */
export function announceUse({ announcer }: LinksRoom, { link_id, created_by }: Happening["link"]): void {
  announcer.announce({ type: "link", linkId: toBase64Url(link_id), userId: toBase64Url(created_by) });
}
