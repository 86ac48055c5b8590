import { describe, expect, it } from "vitest";
import { KeyedLock } from "./keyed-lock.ts";
import { Turnstile } from "./turnstile.ts";

describe("a turnstile", () => {
  it("lets so many in for each key, and the others in their order, also after failures", async () => {
    const turnstile = new Turnstile(2);
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    const work = (n: number) => async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(n);
      inside -= 1;
      if (n === 1) throw new Error("one");
    };
    const outcomes = await Promise.allSettled([0, 1, 2, 3, 4].map((n) => turnstile.run("alice", work(n))));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(outcomes.map(({ status }) => status).filter((status) => status === "rejected")).toHaveLength(1);
  });

  it("lets others in while one key is full", async () => {
    const turnstile = new Turnstile(1);
    const { promise: stuck, resolve } = Promise.withResolvers<void>();
    const alice = turnstile.run("alice", () => stuck);
    expect(await turnstile.run("bob", async () => "in")).toBe("in");
    resolve();
    await alice;
  });
});

describe("a keyed lock", () => {
  it("lets one at a time in, in order, and goes on after a failure", async () => {
    const lock = new KeyedLock();
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} out`);
      if (name === "a") throw new Error("a");
      return name;
    };
    const outcomes = await Promise.allSettled(["a", "b"].map((name) => lock.run("key", work(name))));
    expect(order).toEqual(["a in", "a out", "b in", "b out"]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });
});
