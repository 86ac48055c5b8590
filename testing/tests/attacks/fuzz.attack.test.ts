import { expect, it } from "vitest";
import { amount, count, IS_LONG } from "../../../scripts/test/long-mode.ts";
import { CLI_EVERY, failureText, type Protocol, play } from "../../src/fuzz/index.ts";

const SEED = Number(process.env["EXCALIBUR_SEED"] ?? 1);
const MINUTES = amount({ everyday: 0, long: 10 });

async function goodRound(round: number): Promise<Protocol> {
  const { protocol, failure } = await play({ seed: SEED, round });
  expect(failure && failureText(failure)).toBeUndefined();
  return protocol;
}

/** The same few rounds every day; minutes of fresh ones in the long mode. `npm run fuzz:server` plays as long as one likes. */
it("a server that lies at random gets the right result or a typed error out of its clients, and changes nothing they believe", async ({
  task,
}) => {
  const until = performance.now() + MINUTES * 60_000;
  // In long mode at least one that the real program plays: it starts anew at each step, which is no matter of seconds.
  const least = IS_LONG ? CLI_EVERY : 2;
  for (let round = 0; round < least || performance.now() < until; round++) {
    const { did, mischief } = await goodRound(round);
    count(task, {
      "rounds with a server that lies at random": 1,
      "answers it bent": mischief.length,
      "deeds through it": did.length,
    });
  }
});
