import { describe, expect, it } from "vitest";
import { type Answer, EvilServer, type Exchange, jsonAnswer } from "../evil-server/index.ts";
import { Dice } from "./dice.ts";
import { Mischief } from "./mischief.ts";
import { demand, Forbidden, outcomeOf } from "./outcome.ts";

class Bare extends EvilServer {
  ask(answer: Answer): Promise<Answer> {
    const exchange: Exchange = {
      ...{ route: "getHead", method: "GET", path: "/", headers: {}, body: new Uint8Array() },
      query: new URLSearchParams(),
    };
    return this.answer(exchange, async () => answer);
  }
}

/** What comes of a hundred answers; a connection that breaks is an outcome, too. */
async function played(seed: number): Promise<{ did: readonly string[]; came: string[] }> {
  const mischief = new Mischief({ dice: new Dice(seed, 0), share: 0.5, breaks: true });
  const evil = new Bare();
  mischief.begin(evil);
  const came: string[] = [];
  for (let index = 0; index < 100; index++) {
    const answer = await evil.ask(jsonAnswer({ index, list: ["a", "b"] })).catch((error: Error) => error.name);
    came.push(JSON.stringify(answer));
  }
  return { did: mischief.did, came };
}

describe("mischief", () => {
  it("is the same for the same seed, and another for another", async () => {
    const [one, again, other] = [await played(5), await played(5), await played(6)];
    expect(again).toEqual(one);
    expect(other.did).not.toEqual(one.did);
    expect(one.did.length).toBeGreaterThan(20);
    expect(new Set(one.came).size).toBeGreaterThan(50);
  });
});

describe("what may come of it", () => {
  it("is a result or a typed error, and in time", async () => {
    await expect(outcomeOf("x", Promise.resolve(1))).resolves.toEqual({ value: 1 });
    await expect(outcomeOf("x", Promise.reject(new TypeError("of the program")))).rejects.toThrow(Forbidden);
    await expect(outcomeOf("x", new Promise(() => undefined), 1)).rejects.toThrow("no end");
    expect(() => demand(false, () => "wrong bytes")).toThrow(Forbidden);
  });
});
