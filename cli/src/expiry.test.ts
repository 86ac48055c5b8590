import { NetworkError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { expireOld } from "./expiry.ts";
import type { Run } from "./run.ts";

/** Runs it on a drive that answers so; gives the remarks. */
async function remarks(expireWhenDue: () => Promise<{ items: number; versions: number }>): Promise<string[]> {
  const notes: string[] = [];
  const run = {
    signal: new AbortController().signal,
    output: { note: (line: string) => notes.push(line) },
    drive: async () => ({ files: { expireWhenDue } }),
  };
  await expireOld(run as unknown as Run);
  return notes;
}

describe("what is old, after a command", () => {
  it("goes with a remark, or without one when there was nothing", async () => {
    expect(await remarks(async () => ({ items: 0, versions: 0 }))).toEqual([]);
    const [note] = await remarks(async () => ({ items: 2, versions: 1 }));
    expect(note).toContain("2 items of the trash and 1 earlier version went for good");
  });

  it("does not make the command fail when it cannot go", async () => {
    const notes = await remarks(() => Promise.reject(new NetworkError("refused")));
    expect(notes).toEqual([expect.stringContaining("was not deleted this time")]);
  });
});
