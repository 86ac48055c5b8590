import type { ActItem, ActivityItem } from "../../lib/session/index.ts";
import { text } from "../../lib/text/index.ts";

/** What a change did, in a sentence without its person. */
export function actsText({ kind, acts, more }: ActivityItem): string {
  if (kind === "created") return text("sharing.activity.created");
  if (kind === "rejoined") return text("sharing.activity.rejoined");
  if (acts === undefined) return text("sharing.activity.untold");
  if (acts.length === 0) return text("sharing.activity.nothing");
  const said = acts.map(actText);
  if (more > 0) said.push(text("sharing.activity.more", { count: more }));
  return said.join(", ");
}

function actText({ act, name, from, role }: ActItem): string {
  return text(`sharing.activity.${act}`, { name, from, role: role && text(`sharing.roles.${role}`) });
}
