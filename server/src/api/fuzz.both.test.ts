/** Requests drawn from /api/openapi.json, good and spoilt, of everybody: only answers that it documents. */

import { getObject } from "@excalibur/core/protocol";
import fc from "fast-check";
import { pino } from "pino";
import { expect, it } from "vitest";
import { amount, count, IS_LONG } from "../../../scripts/test/long-mode.ts";
import { startAccessWorld } from "../testing/access/index.ts";
import { FuzzRun } from "../testing/fuzz/index.ts";

/** In long mode each round has a fresh world: what earlier requests left would make every look at the rows slower. */
const ROUNDS = amount({ everyday: 1, long: 40 });
const REQUESTS = IS_LONG ? 250 : 150;

it("G2, G3: whatever is asked by whomever, the answer is documented, is nobody else's, and a refusal changes nothing", async ({
  task,
}) => {
  const { seed = 0 } = fc.readConfigureGlobal() ?? {};
  const statuses = new Map<number, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const logged: string[] = [];
    const log = pino({ level: "error" }, { write: (line: string) => void logged.push(line) });
    await using world = await startAccessWorld({ log });
    const run = await FuzzRun.start(world);
    await fc.assert(
      fc.asyncProperty(run.plans, (plan) => run.play(plan)),
      { numRuns: REQUESTS, seed: seed + round },
    );
    for (const [status, times] of run.statuses) statuses.set(status, (statuses.get(status) ?? 0) + times);
    expect(logged).toEqual([]);
    const kept = await world.sessions.owner.call(getObject, { params: { objectId: world.stored.id } });
    expect(kept.bytes).toEqual(world.stored.bytes);
  }
  count(task, { "requests to the API, drawn at random": ROUNDS * REQUESTS });
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
  process.stdout.write(`fuzz of the API, seed ${seed}: ${counts.join(", ")}\n`);
  // Some pass and some do not, else this has tried nothing.
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 15);
  for (const status of [204, 400, 401, 404]) expect([status, statuses.has(status)]).toEqual([status, true]);
});
