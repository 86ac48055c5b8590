import type { FileItem } from "../../lib/session/index.ts";
import { text } from "../../lib/text/index.ts";
import type { Check } from "./use-inbox.ts";

/** How whole an item is, as far as anybody has looked. */
export function checkText({ inbox }: FileItem, check: Check | undefined): string {
  if (inbox === undefined) return "";
  if (inbox.failure !== undefined) return text("requests.inbox.unreadable");
  if (check === "running") return text("requests.inbox.checking");
  if (check !== undefined && check !== "whole") return text("requests.inbox.damaged");
  if (inbox.isUnexpected) return text("requests.inbox.unexpected");
  return text(check === "whole" ? "requests.inbox.whole" : "requests.inbox.sealed");
}
