import { describe, expect, it } from "vitest";
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
    expect(await stack.undo()).toBe(true);
    // Only what was done just now is offered on the screen.
    expect(stack.latest).toBeUndefined();
    expect(await stack.undo()).toBe(true);
    expect(await stack.undo()).toBe(false);
    expect(done).toEqual(["two", "one"]);
  });

  it("can be done after the offer ended, and tells who listens of both", async () => {
    const [stack, done] = [new UndoStack(), [] as string[]];
    const heard: (string | undefined)[] = [];
    stack.subscribe(() => heard.push(stack.latest?.message));
    stack.push(step("one", done));
    stack.dismiss();
    await stack.undo();
    expect(heard).toEqual(["one", undefined, undefined]);
    expect(done).toEqual(["one"]);
  });

  it("does not try again what could not be undone", async () => {
    const stack = new UndoStack();
    stack.push({ message: "gone", undo: () => Promise.reject(new Error("gone")) });
    await expect(stack.undo()).rejects.toThrow("gone");
    expect(await stack.undo()).toBe(false);
  });
});
