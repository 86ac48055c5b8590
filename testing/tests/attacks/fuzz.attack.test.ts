import { expect, it } from "vitest";
import { CLI_EVERY, failureText, play } from "../../src/fuzz/index.ts";

const LONG = process.env["EXCALIBUR_LONG"] === "1";
const SEED = Number(process.env["EXCALIBUR_SEED"] ?? 1);
const LONG_MINUTES = 10;

async function demandGood(round: number): Promise<void> {
  const { failure } = await play({ seed: SEED, round });
  expect(failure && failureText(failure)).toBeUndefined();
}

/** The same few rounds every day; minutes of fresh ones in the long mode. `npm run fuzz:server` plays as long as one likes. */
it("a server that lies at random gets the right result or a typed error out of its clients, and changes nothing they believe", async () => {
  for (const round of [0, 1]) await demandGood(round);
  if (!LONG) return;
  // Among them, those that the real program plays: it starts anew at each step, which is no matter of seconds.
  const until = performance.now() + LONG_MINUTES * 60_000;
  for (let round = 2; performance.now() < until || round < CLI_EVERY; round++) await demandGood(round);
});
