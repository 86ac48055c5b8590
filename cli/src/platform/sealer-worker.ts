/** The thread of `thread-sealer.ts`: one job at a time, buffers arrive and leave by transfer. */

import { parentPort } from "node:worker_threads";
import { openSegmentsInto, sealPartInto } from "@excalibur/sdk/sealer";
import type { SealerAnswer, SealerTask } from "./sealer-messages.ts";

const port = parentPort;
if (port === null) throw new Error("This file runs as a worker thread.");

async function run(task: SealerTask): Promise<SealerAnswer> {
  const { into } = task;
  try {
    if (task.what === "seal") {
      const sealed = await sealPartInto(task.job, into);
      return { what: "sealed", bytes: sealed.bytes, leaves: sealed.leaves, input: task.job.source };
    }
    return { what: "opened", data: await openSegmentsInto(task.job, into), input: task.job.segments };
  } catch {
    // The other thread repeats the job on the same bytes and throws the typed error itself: errors lose their type on the way.
    return { what: "failed", input: task.what === "seal" ? task.job.source : task.job.segments };
  }
}

port.on("message", (task: SealerTask) => {
  void run(task).then((answer) => {
    const output = answer.what === "sealed" ? answer.bytes : answer.what === "opened" ? answer.data : task.into;
    port.postMessage(answer, [output.buffer as ArrayBuffer, answer.input.buffer as ArrayBuffer]);
  });
});
