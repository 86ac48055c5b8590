import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ENOUGH_BYTES, Patience } from "./patience.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whether bytes that take this long are still waited for. */
async function waits(patience: Patience, takesMs: number, lengthBytes: number): Promise<boolean> {
  let isOver = false;
  const next = new Promise<void>((resolve) => void setTimeout(resolve, takesMs));
  const waiting = patience.wait(next, () => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(takesMs);
  await waiting;
  patience.received(lengthBytes);
  return !isOver;
}

it("a slow reply is waited for as long as enough comes, however long it takes in all", async () => {
  const patience = new Patience(30_000);
  for (let piece = 0; piece < 20; piece++) expect(await waits(patience, 20_000, ENOUGH_BYTES)).toBe(true);
});

it("pieces that are too small use it up together", async () => {
  const patience = new Patience(30_000);
  expect(await waits(patience, 20_000, ENOUGH_BYTES - 2)).toBe(true);
  expect(await waits(patience, 9_000, 1)).toBe(true);
  expect(await waits(patience, 2_000, 1)).toBe(false);
});

it("what the reader takes is not counted", async () => {
  const patience = new Patience(30_000);
  expect(await waits(patience, 20_000, 1)).toBe(true);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(await waits(patience, 9_000, 1)).toBe(true);
});
