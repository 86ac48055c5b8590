import { describe, expect, it } from "vitest";
import { later } from "./later.ts";

class Desk {
  readonly #greeting: string;

  constructor(greeting: string) {
    this.#greeting = greeting;
  }

  async greet(name: string): Promise<string> {
    return `${this.#greeting}, ${name}`;
  }

  async refuse(): Promise<void> {
    throw new RangeError("Not today.");
  }
}

describe("a desk that is loaded later", () => {
  it("is loaded by the first question, and once", async () => {
    let loads = 0;
    const desk = later(async () => {
      loads += 1;
      return new Desk("Good morning");
    });
    expect(loads).toBe(0);
    expect(await Promise.all([desk.greet("Alice"), desk.greet("Bob")])).toEqual([
      "Good morning, Alice",
      "Good morning, Bob",
    ]);
    await expect(desk.refuse()).rejects.toThrow(RangeError);
    expect(loads).toBe(1);
  });

  it("is loaded again when it could not be", async () => {
    let isOffline = true;
    const desk = later(async () => {
      if (isOffline) throw new TypeError("No connection.");
      return new Desk("Hello");
    });
    await expect(desk.greet("Alice")).rejects.toThrow("No connection.");
    isOffline = false;
    expect(await desk.greet("Alice")).toBe("Hello, Alice");
  });
});
