import type { InsideChanges, Item, UnchangedReason } from "@excalibur/sdk";
import type { Run } from "../run.ts";
import { shown } from "../terminal/escape.ts";
import { UsageError } from "../terminal/failure.ts";
import { confirm } from "../terminal/prompts.ts";

const REASONS: Readonly<Record<UnchangedReason, string>> = {
  role: "that is not yours to decide there",
  closed: "you cannot open it",
  damaged: "a listing is damaged, and may lead to more of them; see «excalibur fsck»",
  others: "somebody who can write around it, or could, was never in it; share it by itself",
};

/** What became of shared folders inside one. */
export function insideLines({ changed, unchanged }: InsideChanges): string[] {
  return [
    ...(changed.length > 0 ? [`The same is done in ${changed.map(shown).join(", ")}.`] : []),
    ...unchanged.map(({ name, reason }) => `${shown(name)} stays as it is: ${REASONS[reason]}.`),
  ];
}

/**
 * Whether to go on taking people off a shared folder, everybody if none is named: asks when shared folders inside stay open to them.
 * Throws UsageError when there is nobody to ask.
 */
export async function agreesToInside(run: Run, item: Item, people: readonly string[]): Promise<boolean> {
  const { sharing } = await run.drive();
  const names = people.length === 0 ? undefined : people;
  const { unchanged } = await sharing.inside(item, names, { signal: run.signal });
  if (unchanged.length === 0) return true;
  const said = insideLines({ changed: [], unchanged }).join(" ");
  if (!run.terminal.canAsk) throw new UsageError(`${said} There is no terminal to ask on. Add --yes if that is meant.`);
  if (await confirm(run, `${said} Go on?`)) return true;
  run.output.note("Nothing was changed.");
  return false;
}
