/** `npm run fuzz:server -- --minutes N [--seed S]`: a server that lies at random, and clients that do ordinary work. */

import { randomInt } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FOLDERS_OF_RUN, removeSnapshots } from "../world/snapshot-folders.ts";
import { failureText, play } from "./play.ts";

const HELP = `npm run fuzz:server -- [--minutes N] [--seed S] [--round R]

Plays rounds against a real server behind somebody who flips, cuts, swaps, repeats, delays, reorders and invents
answers. Permitted are the right result and a typed error; never a crash, a hang, wrong bytes, a leaked secret or a
changed local truth. A failure prints the seed and the round that repeat it.

  --minutes N   how long; a round that was begun is finished (default 1)
  --seed S      the same mischief again (default: a new one, printed)
  --round R     only this round`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string" },
    round: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Resolves true when a round was as it must be. */
async function one(
  round: { readonly seed: number; readonly round: number },
  counts: Map<string, number>,
): Promise<boolean> {
  const { protocol, failure } = await play(round);
  for (const each of protocol.mischief) counts.set("tricks", (counts.get("tricks") ?? 0) + Math.sign(each.length));
  for (const each of protocol.did) {
    const what = each.includes(": ") || /→ [134]$/.test(each) ? "refusals" : "results";
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  if (failure !== undefined) say(`\n${failureText(failure)}\n`);
  return failure === undefined;
}

async function main(): Promise<number> {
  const [minutes, seed, only] = [Number(values.minutes), Number(values.seed ?? randomInt(2 ** 31)), values.round];
  const numbers = [minutes, seed, Number(only ?? 0)];
  if (values.help || numbers.some((number) => !Number.isFinite(number) || number < 0)) {
    say(HELP);
    return values.help ? 0 : 2;
  }
  say(`Seed ${seed}.`);
  const folders = await mkdtemp(join(tmpdir(), "excalibur-snapshots-"));
  process.env[FOLDERS_OF_RUN] = folders;
  const counts = new Map<string, number>();
  let failures = 0;
  let rounds = 0;
  try {
    if (only !== undefined) return (await one({ seed, round: Number(only) }, counts)) ? 0 : 1;
    const until = performance.now() + minutes * 60_000;
    let isStopped = false;
    const stop = (): void => {
      isStopped = true;
    };
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
    for (; performance.now() < until && !isStopped; rounds++)
      if (!(await one({ seed, round: rounds }, counts))) failures += 1;
  } finally {
    await removeSnapshots(folders);
  }
  const [tricks, results, refusals] = ["tricks", "results", "refusals"].map((name) => counts.get(name) ?? 0);
  say(`${rounds} rounds, ${failures} failed; ${tricks} lies, ${results} right results, ${refusals} typed refusals.`);
  return failures > 0 ? 1 : 0;
}

process.exitCode = await main();
