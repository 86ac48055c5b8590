/** The thread of `local-sources.ts`: reads and seals small files one after the other. */

import { parentPort } from "node:worker_threads";
import { sealWhole } from "@excalibur/sdk/sealer";
import { readSmallFile } from "./small-file.ts";
import type { SourceAnswer, SourceTask } from "./source-messages.ts";

const port = parentPort;
if (port === null) throw new Error("This file runs as a worker thread.");

async function read(path: string): Promise<SourceAnswer> {
  try {
    const file = readSmallFile(path);
    if (file === undefined) return undefined;
    const { data, modifiedMs } = file;
    return { sizeBytes: data.length, modifiedMs, sealed: await sealWhole(data) };
  } catch {
    // The other thread meets the same trouble and throws the typed error: errors lose their type on the way.
    return undefined;
  }
}

port.on("message", async (task: SourceTask) => {
  const answers: SourceAnswer[] = [];
  // One at a time: they share the buffer they are read into.
  for (const path of task) answers.push(await read(path));
  port.postMessage(
    answers,
    answers.flatMap((answer) => (answer === undefined ? [] : [answer.sealed.bytes.buffer])),
  );
});
