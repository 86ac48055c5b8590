import { beforeEach, describe, expect, it } from "vitest";
import { turnGuardOff, turnGuardOn } from "./guarding.ts";

const WORDS = { title: "Unlock", cancel: "Not now" };

let done: string[];
let kept: string | undefined;
/** What the key store answers when it is to keep something. */
let answer: () => true | undefined;

const account = {
  guard: async () => {
    done.push("guard");
    return "a secret";
  },
  beGuarded: async () => void done.push("starts ask for it"),
  dropGuard: async () => void done.push("guard dropped"),
};
const store = {
  keep: async (secret: string) => {
    const is = answer();
    if (is) kept = secret;
    return is;
  },
  take: async () => kept,
  drop: async () => void done.push("store emptied"),
};

beforeEach(() => {
  done = [];
  kept = undefined;
  answer = () => true;
});

describe("unlocking by the key store of the device", () => {
  it("is turned on once the key store has the secret, and only then asked for at a start", async () => {
    expect(await turnGuardOn(account, store, WORDS)).toBe(true);
    expect([kept, done]).toEqual(["a secret", ["guard", "starts ask for it"]]);
  });

  it("leaves no second way in when the person does not want it after all, or the key store fails", async () => {
    answer = () => undefined;
    expect(await turnGuardOn(account, store, WORDS)).toBe(false);
    expect(done).toEqual(["guard", "guard dropped"]);
    done = [];
    answer = () => {
      throw new Error("no key store now");
    };
    await expect(turnGuardOn(account, store, WORDS)).rejects.toThrow("no key store now");
    expect(done).toEqual(["guard", "guard dropped"]);
  });

  it("is turned off on this side first", async () => {
    await turnGuardOff(account, store);
    expect(done).toEqual(["guard dropped", "store emptied"]);
  });
});
