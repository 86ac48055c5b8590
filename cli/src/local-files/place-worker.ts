/** The thread of `place-thread.ts`: names files one after the other. */

import { parentPort } from "node:worker_threads";
import { LocalFileError, localError } from "./local-error.ts";
import { type PlaceJob, placeFile } from "./place-file.ts";
import type { PlaceAnswer, PlaceTask } from "./place-messages.ts";

const port = parentPort;
if (port === null) throw new Error("This file runs as a worker thread.");

function place(job: PlaceJob): PlaceAnswer {
  try {
    return { name: placeFile(job) };
  } catch (cause) {
    const error = localError(cause);
    if (!(error instanceof LocalFileError)) return { unexpected: String(cause) };
    return { problem: error.code, reason: (error.cause as NodeJS.ErrnoException | undefined)?.code };
  }
}

port.on("message", (task: PlaceTask) => port.postMessage(task.map(place)));
