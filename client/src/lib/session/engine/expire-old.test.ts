import { describe, expect, it } from "vitest";
import { expireOld } from "./expire-old.ts";

const NOTHING = { items: 0, versions: 0 };

describe("what is old in the trash", () => {
  it("goes when a drive was opened", async () => {
    let times = 0;
    const expireWhenDue = async () => {
      times += 1;
      return NOTHING;
    };
    await expireOld({ expireWhenDue }, { isOpen: () => true, onProblem: () => expect.unreachable() });
    expect(times).toBe(1);
  });

  it("and cannot go is told, unless the drive was locked meanwhile", async () => {
    const problem = new Error("refused");
    const told: unknown[] = [];
    const expireWhenDue = () => Promise.reject(problem);
    for (const isOpen of [true, false]) {
      await expireOld({ expireWhenDue }, { isOpen: () => isOpen, onProblem: (error) => told.push(error) });
    }
    expect(told).toEqual([problem]);
  });
});
