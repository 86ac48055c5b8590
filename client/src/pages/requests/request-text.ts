import type { RequestItem } from "../../lib/session/index.ts";
import { formatBytes, formatDate, type TextKey, text } from "../../lib/text/index.ts";

export function titleOf({ title, failure }: Pick<RequestItem, "title" | "failure">): string {
  return failure === undefined ? title : text("requests.unreadable");
}

/** Whether it takes more, and how long. */
export function stateOf({
  status,
  usedItems,
  maxItems,
  usedBytes,
  maxBytes,
}: RequestItem): RequestItem["status"] | "full" {
  const isFull = usedItems >= maxItems || usedBytes >= maxBytes;
  return status === "open" && isFull ? "full" : status;
}

export function stateText(request: RequestItem): string {
  return text(`requests.${stateOf(request)}` as TextKey);
}

export function factsOf(request: RequestItem): string {
  const { expiresMs, usedBytes, maxBytes, usedItems: items, maxItems, status } = request;
  const until = expiresMs === null ? text("requests.forever") : text("requests.until", { date: formatDate(expiresMs) });
  const used =
    items === 0
      ? text("requests.nothing")
      : text("requests.used", { used: formatBytes(usedBytes), all: formatBytes(maxBytes), items, maxItems });
  return [...(status === "open" ? [until] : []), used].join(" · ");
}
