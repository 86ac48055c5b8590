import { Worker } from "node:worker_threads";
import { DatabaseError, type DatabaseFailure } from "../errors.ts";
import type { SqliteFailure, SqliteReply, SqliteRequest, SqliteThreadOptions, SqliteValue } from "./messages.ts";

interface Waiting {
  readonly resolve: (reply: { rows: readonly unknown[]; changes: number }) => void;
  readonly reject: (error: DatabaseError) => void;
}

/** SQLite's primary result codes (sqlite.org/rescode.html) that mean something to us. */
const PRIMARY: Record<number, DatabaseFailure> = {
  5: "busy",
  6: "busy",
  8: "read-only",
  11: "damaged",
  13: "full",
  14: "read-only",
  26: "damaged",
};
const EXTENDED: Record<number, DatabaseFailure> = {
  2067: "unique",
  1555: "unique",
  2579: "unique",
  787: "foreign-key",
};

function toError(failure: SqliteFailure): DatabaseError {
  const code = failure.resultCode ?? 0;
  return new DatabaseError(EXTENDED[code] ?? PRIMARY[code & 0xff] ?? "other", new Error(failure.message));
}

/** One database thread and the questions it has not answered yet. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #ended: DatabaseError | undefined;

  constructor(options: SqliteThreadOptions) {
    this.#worker = new Worker(new URL("./sqlite-worker.ts", import.meta.url), {
      workerData: options,
      name: "database",
    });
    this.#worker.on("message", (reply: SqliteReply) => this.#receive(reply));
    this.#worker.on("error", (error) => this.#end(new DatabaseError("other", error)));
    this.#worker.on("exit", () => this.#end(new DatabaseError("other", new Error("The database thread has ended."))));
  }

  /** Questions that are not answered yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  open(): Promise<unknown> {
    return this.#ask((id) => ({ kind: "open", id }));
  }

  run(connection: number, sql: string, parameters: readonly SqliteValue[]) {
    return this.#ask((id) => ({ kind: "run", id, connection, sql, parameters }));
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    try {
      await this.#ask((id) => ({ kind: "close", id }));
    } finally {
      await this.#worker.terminate();
    }
  }

  #ask(request: (id: number) => SqliteRequest): Promise<{ rows: readonly unknown[]; changes: number }> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      this.#worker.postMessage(request(this.#lastId));
    });
  }

  #receive(reply: SqliteReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    this.#waiting.delete(reply.id);
    if ("failure" in reply) waiting.reject(toError(reply.failure));
    else waiting.resolve(reply);
  }

  #end(error: DatabaseError): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
