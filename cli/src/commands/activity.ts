import type { Act, Activity } from "@excalibur/sdk";
import type { Command } from "commander";
import { addOutputFlags, examples } from "../command-flags.ts";
import { cleanPath, findItem } from "../remote-items.ts";
import type { Cli, Run } from "../run.ts";
import { actorDocument, actorText } from "../sharing/actor.ts";
import { shown } from "../terminal/escape.ts";
import { UsageError } from "../terminal/failure.ts";
import { isoTime, localTime } from "../terminal/format.ts";
import type { OutputFlags } from "../terminal/output.ts";

interface ActivityFlags extends OutputFlags {
  readonly limit: string;
}

export function addActivity(program: Command, cli: Cli): void {
  const command = program
    .command("activity")
    .description("Who did what in a shared folder or file, newest first, as they signed it; of / in your own drive.")
    .argument("<path>", "what is shared, or something in it")
    .option("--limit <count>", "so many changes at most", "50");
  addOutputFlags(command)
    .addHelpText("after", examples("activity /holidays", "activity --json --limit 200 /holidays"))
    .action((path: string, flags: ActivityFlags) => cli.run(flags, (run) => activity(run, path, flags.limit)));
}

async function activity(run: Run, typed: string, limitText: string): Promise<void> {
  const limit = Number(limitText);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000)
    throw new UsageError("--limit is a number from 1 to 10000.");
  const { files, sharing } = await run.drive();
  const item = await findItem(files, typed, { signal: run.signal });
  const changes = await sharing.activity(item, { limit, signal: run.signal });
  run.output.result({ path: cleanPath(typed), changes: changes.map(toDocument) }, () => changes.flatMap(toLines));
}

function toDocument({ sequence, timeMs, kind, by, acts }: Activity): Readonly<Record<string, unknown>> {
  return { change: sequence, time: isoTime(timeMs), kind, by: actorDocument(by), acts: acts ?? null };
}

/** A change that did very much says how much, and names the beginning. */
const NAMED = 5;

function toLines({ sequence, timeMs, kind, by, acts }: Activity): string[] {
  const head = `${String(sequence).padStart(6)}  ${localTime(timeMs)}  ${actorText(by)}`;
  if (kind === "created") return [`${head} shared it`];
  if (kind === "rejoined") return [`${head} went on after the server was restored`];
  if (acts === undefined) return [`${head} changed something that is not told any more`];
  if (acts.length === 0) return [`${head} changed nothing that is shown`];
  const named = acts.slice(0, NAMED).map(toText);
  if (acts.length > NAMED) named.push(`and ${acts.length - NAMED} more`);
  return [`${head} ${named.join(", ")}`];
}

function toText(act: Act): string {
  const name = shown(act.name);
  switch (act.act) {
    case "renamed":
      return `renamed ${shown(act.from)} to ${name}`;
    case "member-added":
      return `invited ${name} as ${act.role}`;
    case "member-role":
      return `made ${name} ${act.role}`;
    case "member-removed":
      return `took ${name} off the list`;
    case "trashed":
      return `threw ${name} away`;
    case "restored":
      return `brought ${name} back`;
    default:
      return `${act.act} ${name}`;
  }
}
