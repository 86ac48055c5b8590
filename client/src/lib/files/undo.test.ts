import { describe, expect, it, vi } from "vitest";
import { UndoStack } from "./undo.ts";

function step(message: string, done: string[]) {
  return { message, undo: async () => void done.push(message) };
}

describe("undo", () => {
  it("takes back the newest first, and says when there is nothing left", async () => {
    const [stack, done] = [new UndoStack(), [] as string[]];
    stack.push(step("one", done));
    stack.push(step("two", done));
    expect(stack.latest?.message).toBe("two");
    expect(await stack.undo("…")).toBe(true);
    // Only what was done just now is offered on the screen.
    expect(stack.latest).toBeUndefined();
    expect(await stack.undo("…")).toBe(true);
    expect(await stack.undo("…")).toBe(false);
    expect(done).toEqual(["two", "one"]);
  });

  it("can be done after the offer ended, and tells who listens of both", async () => {
    const [stack, done] = [new UndoStack(), [] as string[]];
    const heard: (string | undefined)[] = [];
    stack.subscribe(() => heard.push(stack.latest?.message));
    stack.push(step("one", done));
    stack.dismiss();
    await stack.undo("…");
    expect(heard).toEqual(["one", undefined, undefined]);
    expect(done).toEqual(["one"]);
  });

  it("does not try again what could not be undone", async () => {
    const stack = new UndoStack();
    stack.push({ message: "gone", undo: () => Promise.reject(new Error("gone")) });
    await expect(stack.undo("…")).rejects.toThrow("gone");
    expect(await stack.undo("…")).toBe(false);
  });

  it("says what is going on as long as it lasts, if that is longer than a moment", async () => {
    vi.useFakeTimers();
    try {
      const stack = new UndoStack();
      const heard: (string | undefined)[] = [];
      stack.subscribe(() => heard.push(stack.working?.message));
      const [quick, slow] = [Promise.withResolvers<string>(), Promise.withResolvers<void>()];
      const moved = stack.during({ message: "moving", count: 1 }, () => quick.promise);
      stack.push({ message: "moved", undo: () => slow.promise });
      quick.resolve("done");
      expect(await moved).toBe("done");
      const undone = stack.undo("moving back");
      vi.advanceTimersByTime(5_000);
      expect(stack.working).toEqual({ message: "moving back", count: 1, done: 0, isStopping: false });
      slow.reject(new Error("gone"));
      await expect(undone).rejects.toThrow("gone");
      expect(stack.working).toBeUndefined();
      expect(heard).toEqual([undefined, undefined, "moving back", undefined]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("says how many are done, and stops what can be stopped", async () => {
    vi.useFakeTimers();
    try {
      const stack = new UndoStack();
      const answers: boolean[] = [];
      const whole = Promise.withResolvers<string>();
      let watch = (_done: number) => true;
      const moved = stack.during({ message: "moving", count: 30, canStop: true }, (each) => {
        watch = each;
        return whole.promise;
      });
      answers.push(watch(10));
      vi.advanceTimersByTime(5_000);
      expect(stack.working).toMatchObject({ count: 30, done: 10, isStopping: false });
      answers.push(watch(20));
      expect(stack.working).toMatchObject({ done: 20 });
      stack.working?.stop?.();
      expect(stack.working).toMatchObject({ done: 20, isStopping: true });
      answers.push(watch(21));
      expect(answers).toEqual([true, true, false]);
      whole.resolve("some of it");
      expect(await moved).toBe("some of it");
      expect(stack.working).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});
