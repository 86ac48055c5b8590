import "../../lib/text/later.ts";
import type { EngineEvent, LinkItem } from "../../lib/session/index.ts";
import { formatDate, formatDateTime, text } from "../../lib/text/index.ts";

/** When links may be others, or stand differently. */
export const LINKS: readonly EngineEvent["type"][] = ["link", "members", "online"];

export function linkName({ label, address }: Pick<LinkItem, "label" | "address">): string {
  if (address === undefined) return text("links.others");
  return label === undefined || label === "" ? text("links.unnamed") : label;
}

/** What whoever has it may do, and how long. */
export function linkRules({ role, viewOnly, hasPassword, expiresMs, createdMs, isInvitation }: LinkItem): string {
  const rules = [
    isInvitation && text("invitations.pending"),
    viewOnly ? text("links.viewOnly") : text(`links.roles.${role}`),
    hasPassword && text("links.hasPassword"),
    expiresMs === undefined
      ? text("links.since", { date: formatDate(createdMs) })
      : text("links.until", { date: formatDateTime(expiresMs) }),
  ];
  return rules.filter(Boolean).join(" · ");
}

/** How often it was used. */
export function linkUse({ downloads: count, maxDownloads: max, lastOpenedMs }: LinkItem): string {
  const uses = [
    max === undefined ? text("links.uses", { count }) : text("links.usesOf", { count, max }),
    lastOpenedMs !== undefined && text("links.lastOpened", { date: formatDateTime(lastOpenedMs) }),
  ];
  return uses.filter(Boolean).join(" · ");
}
