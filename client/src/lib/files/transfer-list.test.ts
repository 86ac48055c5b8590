import { describe, expect, it } from "vitest";
import { Speed } from "./speed.ts";
import { type Transfer, TransferList } from "./transfer-list.ts";

function waiting(key: number, sizeBytes = 10): Transfer {
  const facts = {
    key,
    batchId: "b",
    direction: "up",
    name: `${key}`,
    isFolder: false,
    sizeBytes,
    modifiedMs: 0,
  } as const;
  return { ...facts, status: "waiting", doneBytes: 0 };
}

describe("a list of transfers", () => {
  it("counts only what is still wanted", () => {
    const list = new TransferList();
    for (const key of [1, 2, 3]) list.add(waiting(key));
    list.hear({ type: "begun", key: 1 });
    expect(list.hear({ type: "bytes", key: 1, bytes: 4 })).toBe(4);
    expect(list.hear({ type: "bytes", key: 2, bytes: 99 })).toBe(10);
    expect([list.doneBytes, list.totalBytes]).toEqual([14, 30]);
    list.hear({ type: "failed", key: 1, failure: { code: "network", message: "" } });
    expect([list.doneBytes, list.totalBytes]).toEqual([10, 20]);
    list.hear({ type: "waiting", key: 1 });
    expect([list.doneBytes, list.totalBytes, list.get(1)?.failure]).toEqual([10, 30, undefined]);
    list.hear({ type: "skipped", key: 3 });
    list.hear({ type: "done", key: 1 });
    expect([list.doneBytes, list.totalBytes]).toEqual([20, 20]);
    expect(list.counts).toMatchObject({ done: 1, waiting: 1, skipped: 1, failed: 0 });
  });

  it("learns how large something is that was not known before", () => {
    const list = new TransferList();
    list.add(waiting(1, 0));
    list.hear({ type: "size", key: 1, sizeBytes: 50 });
    list.hear({ type: "begun", key: 1 });
    expect(list.hear({ type: "bytes", key: 1, bytes: 20 })).toBe(20);
    expect([list.doneBytes, list.totalBytes]).toEqual([20, 50]);
    list.hear({ type: "failed", key: 1, failure: { code: "network", message: "" } });
    list.hear({ type: "size", key: 1, sizeBytes: 70 });
    expect([list.doneBytes, list.totalBytes]).toEqual([0, 0]);
  });

  it("shows what wants somebody first, then what moves", () => {
    const list = new TransferList();
    for (const key of [1, 2, 3, 4]) list.add(waiting(key));
    list.hear({ type: "done", key: 1 });
    list.hear({ type: "begun", key: 3 });
    const there = { isFolder: false, sizeBytes: 1, modifiedMs: 1 };
    list.hear({ type: "conflict", key: 4, conflict: { kind: "file", there } });
    expect(list.rows().map(({ key }) => key)).toEqual([4, 3, 2, 1]);
  });

  it("takes a hundred thousand, each change as quick as the first", () => {
    const list = new TransferList();
    const count = 100_000;
    const before = process.cpuUsage();
    for (let key = 0; key < count; key++) list.add(waiting(key));
    for (let key = 0; key < count; key++) {
      list.hear({ type: "begun", key });
      list.hear({ type: "bytes", key, bytes: 10 });
      list.hear({ type: "done", key });
    }
    const { user } = process.cpuUsage(before);
    expect([list.doneBytes, list.counts.done]).toEqual([count * 10, count]);
    // Anything that looked at the others each time would take minutes.
    expect(user / 1e6).toBeLessThan(5);
  });
});

describe("speed", () => {
  it("is that of the last seconds, and unknown at first and after a pause", () => {
    let nowMs = 0;
    const speed = new Speed(() => nowMs);
    speed.add(1000);
    expect(speed.perSecond()).toBeUndefined();
    for (let second = 1; second <= 10; second++) {
      nowMs = second * 1000;
      speed.add(500);
      speed.perSecond();
    }
    expect(speed.perSecond()).toBe(500);
    speed.restart();
    expect(speed.perSecond()).toBeUndefined();
  });
});
