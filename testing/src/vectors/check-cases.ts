import { expect, it } from "vitest";
import type { MustFail } from "./frozen.ts";
import { refusalOf } from "./refusal-class.ts";

/** One test a list: its message names every case that came out differently, so that one mistake does not hide another. */
export function itRefuses<Case extends MustFail>(
  what: string,
  cases: readonly Case[],
  attempt: (one: Case) => unknown,
  timeoutMs?: number,
): void {
  const check = async (): Promise<void> => {
    expect(cases.length).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const one of cases) {
      const outcome = await refusalOf(() => attempt(one));
      if (outcome !== one.refuse) wrong.push(`${one.name}: ${outcome}, not ${one.refuse}`);
    }
    expect(wrong).toEqual([]);
  };
  it(`refuses ${cases.length} wrong ${what}, each for its reason`, check, timeoutMs);
}
