import { afterEach, describe, expect, it } from "vitest";
import { BatchThread } from "./batch-thread.ts";

/** Answers each job with itself and the number of jobs that came with it; dies of "die". */
const SCRIPT = `
  import { parentPort } from "node:worker_threads";
  parentPort.on("message", (jobs) => {
    if (jobs.includes("throw")) throw new Error("unforeseen");
    if (jobs.includes("exit")) process.exit(1);
    parentPort.postMessage(jobs.map((job) => [job, jobs.length]));
  });
`;

let thread: BatchThread<string, [job: string, together: number]>;

function start() {
  thread = new BatchThread(new URL(`data:text/javascript,${encodeURIComponent(SCRIPT)}`));
  return thread;
}

afterEach(() => thread.close());

describe("work in batches on a thread", () => {
  it("goes one message at a time: what comes meanwhile goes together, and each gets its own answer", async () => {
    const { run } = bound(start());
    expect(await Promise.all(["a", "b", "c"].map(run))).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 2],
    ]);
    expect(await run("d")).toEqual(["d", 1]);
  });

  it.each(["throw", "exit"])(
    "that ends the thread (%s) is unanswered, and so is what waited; then a new thread works",
    async (death) => {
      const { run } = bound(start());
      const answers = [death, "waits"].map(run);
      expect(await answers[0]).toBeUndefined();
      // Asked in the very moment in which the old thread is given up: its last words must not be taken for the new one's.
      const next = Array.from({ length: 20 }, (_, n) => run(`${n}`));
      expect(await answers[1]).toBeUndefined();
      expect((await Promise.all(next)).map((answer) => answer?.[0])).toEqual(next.map((_, n) => `${n}`));
    },
  );

  it("is over when it is closed", async () => {
    const { run } = bound(start());
    const answer = run("a");
    await thread.close();
    expect(await answer).toBeUndefined();
    expect(await run("b")).toBeUndefined();
  });
});

function bound(one: typeof thread) {
  return { run: (job: string) => one.run(job) };
}
