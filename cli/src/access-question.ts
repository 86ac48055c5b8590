import type { AccessChange, Destination, Item } from "@excalibur/sdk";
import type { Run } from "./run.ts";
import { UsageError } from "./terminal/failure.ts";
import { count } from "./terminal/format.ts";
import { confirm } from "./terminal/prompts.ts";

export interface AccessFlags {
  readonly yes?: boolean;
}

export interface Putting {
  readonly item: Item;
  readonly to: Destination;
  readonly how: "move" | "copy";
}

/**
 * Whether to go on: asks when others will be able to open something, or cannot any more, because it goes into a shared folder or
 * out of one. Throws UsageError when there is nobody to ask.
 */
export async function agreesToAccess(run: Run, { item, to, how }: Putting, { yes }: AccessFlags): Promise<boolean> {
  if (yes === true) return true;
  const { sharing } = await run.drive();
  const change = await sharing.accessChange({ items: [item], folderId: to.folderId, how });
  if (change === undefined) return true;
  const said = sentences(change).join(" ");
  if (!run.terminal.canAsk) throw new UsageError(`${said} There is no terminal to ask on. Add --yes if that is meant.`);
  if (await confirm(run, `${said} Go on?`)) return true;
  run.output.note("Nothing was changed.");
  return false;
}

function sentences({ gain, lose, gainWriting, loseWriting, gainLinks, loseLinks }: AccessChange): string[] {
  const gains = whoIs(gain, gainLinks);
  const loses = whoIs(lose, loseLinks);
  const said: string[] = [];
  if (gains !== "") said.push(`It can be opened by ${gains} then.`);
  if (loses !== "") {
    said.push(
      `It is gone for ${loses}; in the trash of the shared folder it stays for up to 30 days, and what was opened or downloaded may be kept.`,
    );
  }
  if (gainWriting.length > 0) said.push(`It can also be changed by ${gainWriting.join(", ")}, who could only look.`);
  if (loseWriting.length > 0) said.push(`It can only be looked at by ${loseWriting.join(", ")}, who could change it.`);
  return said;
}

function whoIs(names: readonly string[], links: number): string {
  return [...names, ...(links > 0 ? [`whoever has one of ${count(links, "link")}`] : [])].join(", ");
}
