import { expect, it } from "vitest";
import { runPairs } from "./pairs.ts";
import { plotRatios } from "./plot.ts";
import { summarize } from "./statistics.ts";

it("takes the middle, of an even number the mean of the two", () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
  expect(summarize([4, 1, 2, 3]).median).toBe(2.5);
});

it("compares pair by pair and changes who begins", async () => {
  const order: string[] = [];
  const result = await runPairs({
    pairs: 3,
    product: async (round) => {
      order.push(`product ${round}`);
      return { seconds: round + 1 };
    },
    peer: async (round) => {
      order.push(`peer ${round}`);
      return { seconds: 2 };
    },
  });
  expect(result.ratio.seconds).toEqual({ median: 1, least: 0.5, most: 1.5 });
  expect(order).toEqual(["product 0", "peer 0", "peer 1", "product 1", "product 2", "peer 2"]);
});

it("draws a row for each measure", () => {
  const summary = { median: 1, least: 0.5, most: 2 };
  const svg = plotRatios("a < b", [{ label: "time", summary, goal: 1 }]);
  expect(svg).toContain("a &lt; b");
  expect(svg.match(/<circle/g)).toHaveLength(1);
});
