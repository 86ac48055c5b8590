import type { Actor } from "@excalibur/sdk";
import { trustWord } from "./shared-folder.ts";

export function actorDocument(actor: Actor | undefined): { readonly name: string; readonly verified: boolean } | null {
  return actor === undefined ? null : { name: actor.name, verified: actor.verified };
}

/** A signature of somebody whom no member list names cannot be there: it is said all the same. */
export function actorText(actor: Actor | undefined): string {
  if (actor === undefined) return "somebody unknown";
  return actor.isSelf ? `${actor.name} (you)` : `${actor.name} (${trustWord(actor)})`;
}
