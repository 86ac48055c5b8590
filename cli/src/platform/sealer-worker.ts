/** The thread of `thread-sealer.ts`: one job at a time, in memory that both sides see. */

import { parentPort } from "node:worker_threads";
import { openObjectsInto, openSegmentsInto, sealPartInto } from "@excalibur/sdk/sealer";
import type { SealerAnswer, SealerTask } from "./sealer-messages.ts";

const port = parentPort;
if (port === null) throw new Error("This file runs as a worker thread.");

async function run(task: SealerTask): Promise<SealerAnswer> {
  try {
    if (task.what === "seal") return { what: "sealed", leaves: (await sealPartInto(task.job, task.into)).leaves };
    if (task.what === "open") {
      return { what: "opened", lengthBytes: (await openSegmentsInto(task.job, task.into)).length };
    }
    const opened = await openObjectsInto(task.job);
    return { what: "opened-objects", lengthsBytes: opened.map((each) => ("data" in each ? each.data.length : -1)) };
  } catch {
    // The other thread repeats the job on the same bytes and throws the typed error itself: errors lose their type on the way.
    return { what: "failed" };
  }
}

port.on("message", (task: SealerTask) => {
  void run(task).then((answer) => port.postMessage(answer));
});
