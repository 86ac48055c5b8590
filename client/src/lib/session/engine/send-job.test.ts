import { NotSendableError } from "@excalibur/sdk";
import { describe, expect, it } from "vitest";
import { NewsLine } from "./news-line.ts";
import type { SendEntry } from "./request-types.ts";
import { type Sender, SendJob } from "./send-job.ts";
import type { TransferNews } from "./transfer-types.ts";

type SendCall = Parameters<Sender["send"]>;

/** What a job is told, and what it tells; `play` stands for the server's part of one run. */
function startJob(...play: ((files: SendCall[0], options: SendCall[1]) => void | Promise<void>)[]) {
  const heard: TransferNews[] = [];
  const left = new Map<string, string>();
  const runs: string[][] = [];
  const job = new SendJob({
    sending: {
      send: async (files, options) => {
        const run: string[] = [];
        runs.push(run);
        const named = (function* () {
          for (const file of files) {
            run.push(file.path.join("/"));
            yield file;
          }
        })();
        await play.shift()?.(named, options);
      },
    },
    news: new NewsLine((news) => void heard.push(...news)),
    unfinished: {
      rememberAll: async (uploads) =>
        uploads.map(({ name }) => {
          const id = `${left.size} ${name}`;
          left.set(id, name);
          return id;
        }),
      forget: async (ids) => {
        for (const id of ids) left.delete(id);
      },
    },
  });
  const fates = () =>
    heard.flatMap((news) =>
      news.type === "failed" ? [`${news.key} ${news.failure.code}`] : news.type === "done" ? [`${news.key} done`] : [],
    );
  return { job, runs, fates, left };
}

const entry = (key: number, path: string): SendEntry => ({ key, path: path.split("/"), file: new File(["x"], path) });
const NOBODY = { sender: "", note: "" };

const arrive = (files: SendCall[0], { onResult }: SendCall[1]): void => {
  for (const file of files) onResult?.({ file, sizeBytes: 1, before: false });
};

describe("sending into an upload request", () => {
  it("sends what is given, with name and note, and forgets what arrived", async () => {
    const said: unknown[] = [];
    const { job, fates, left } = startJob((files, options) => {
      said.push(options.sender, options.note);
      arrive(files, options);
    });
    await job.send([entry(1, "a"), entry(2, "b/c")], { sender: "Gwen", note: "" });
    expect(said).toEqual(["Gwen", undefined]);
    expect(fates()).toEqual(["1 done", "2 done"]);
    expect([...left.values()]).toEqual([]);
  });

  it("lets a second file for the same place wait for the next run", async () => {
    const { job, runs, fates } = startJob(arrive, arrive);
    await job.send([entry(1, "a"), entry(2, "a"), entry(3, "b")], NOBODY);
    expect(runs).toEqual([["a", "b"], ["a"]]);
    expect(fates()).toEqual(["1 done", "3 done", "2 done"]);
  });

  it("says for each reason why a file is not taken, and goes on to choose it again later", async () => {
    const { job, fates, left } = startJob((files, { onResult }) => {
      for (const file of files) onResult?.({ file, error: new NotSendableError("type") });
    });
    await job.send([entry(1, "a")], NOBODY);
    expect(fates()).toEqual(["1 not_sendable_type"]);
    expect([...left.values()]).toEqual(["a"]);
  });

  it("stands still when it is paused, and goes on with all that had not arrived", async () => {
    const { job, runs, fates } = startJob((files, { onResult, signal }) => {
      const [first] = files;
      job.pause();
      expect(signal?.aborted).toBe(true);
      if (first !== undefined) onResult?.({ file: first, error: signal?.reason });
    }, arrive);
    await job.send([entry(1, "a"), entry(2, "b")], NOBODY);
    expect(fates()).toEqual([]);
    await job.resume();
    expect(runs).toEqual([["a"], ["b", "a"]]);
    expect(fates()).toEqual(["2 done", "1 done"]);
  });

  it("breaks off what is cancelled, under way or not, and does not ask for it again", async () => {
    const { job, fates, left } = startJob(async (files, { onResult }) => {
      const [first] = files;
      await job.cancel([1, 2]);
      if (first !== undefined) onResult?.({ file: first, error: first.signal.reason });
    });
    await job.send([entry(1, "a"), entry(2, "b")], NOBODY);
    expect(fates()).toEqual(["2 cancelled", "1 cancelled"]);
    expect([...left.values()]).toEqual([]);
  });

  it("fails everything with a reason that holds for all of it", async () => {
    const closed = Object.assign(new Error("closed"), { code: "request_closed" });
    const { job, fates } = startJob((files) => {
      for (const _ of files) throw closed;
    });
    await job.send([entry(1, "a"), entry(2, "b")], NOBODY);
    expect(fates()).toEqual(["1 request_closed", "2 request_closed"]);
  });
});
