import { expect, it } from "vitest";
import { Watched } from "./watched.ts";

it("a page hears how far it is when it has answered, and stops what it does not want to go on", async () => {
  const heard: number[] = [];
  const answers: PromiseWithResolvers<boolean>[] = [];
  const watched = new Watched((done) => {
    heard.push(done);
    const answer = Promise.withResolvers<boolean>();
    answers.push(answer);
    return answer.promise;
  });
  for (let count = 0; count < 100; count++) watched.onItems(1);
  expect(heard).toEqual([1]);
  answers[0]!.resolve(true);
  await answers[0]!.promise;
  await Promise.resolve();
  watched.onItems(50);
  await expect.poll(() => heard).toEqual([1, 150]);
  expect(watched.isStopped).toBe(false);
  answers[1]!.resolve(false);
  await expect.poll(() => watched.options.signal.aborted).toBe(true);
});

it("goes on when its page is gone, or was never there", async () => {
  const alone = new Watched(undefined);
  alone.onItems(1);
  const left = new Watched(() => Promise.reject(new Error("The page is gone.")));
  left.onItems(1);
  left.onItems(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect([alone.isStopped, left.isStopped]).toEqual([false, false]);
});
