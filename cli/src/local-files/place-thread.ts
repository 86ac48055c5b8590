import { BatchThread } from "../platform/batch-thread.ts";
import { LocalFileError } from "./local-error.ts";
import type { PlaceJob } from "./place-file.ts";
import type { PlaceAnswer } from "./place-messages.ts";

/** Writes small files and gives files their names, on a thread of its own ([Note: Short work beside the event loop]). */
export class PlaceThread {
  readonly #thread = new BatchThread<PlaceJob, PlaceAnswer>(
    new URL("./place-worker.ts", import.meta.url),
    ({ content }) => (typeof content === "string" ? undefined : content.buffer),
  );

  /** Gives a file its name and resolves with it. The bytes are the thread's from here on. Throws LocalFileError. */
  async place(job: PlaceJob): Promise<string> {
    const answer = await this.#thread.run(job);
    if (answer === undefined) throw new Error("The thread that writes files ended unexpectedly. Try again.");
    if ("name" in answer) return answer.name;
    throw errorOf(answer);
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}

function errorOf(answer: Exclude<PlaceAnswer, { readonly name: string }>): Error {
  if ("unexpected" in answer) return new Error(answer.unexpected);
  const { problem, reason } = answer;
  return new LocalFileError(problem, reason === undefined ? {} : { cause: { code: reason } });
}
