import { LocalStateError, type SendOptions, type SentFile } from "@excalibur/sdk";
import { BrowserSource } from "../../files/index.ts";
import { failureOf } from "./failure.ts";
import type { NewsLine } from "./news-line.ts";
import type { Said, SendEntry } from "./request-types.ts";
import type { Unfinished } from "./transfer-types.ts";
import type { EngineFailure } from "./types.ts";
import type { UnfinishedUploads } from "./unfinished.ts";

interface ToSend {
  readonly entry: SendEntry;
  readonly path: readonly string[];
  readonly open: () => Promise<BrowserSource>;
  readonly signal: AbortSignal;
}

/** The part of the sdk's door for senders that is used here. */
export interface Sender {
  send(files: Iterable<ToSend>, options: SendOptions<ToSend>): Promise<unknown>;
}

export interface SendJobOptions {
  readonly sending: Sender;
  readonly news: NewsLine;
  readonly unfinished: Pick<UnfinishedUploads, "rememberAll" | "forget">;
}

/** What arrived is taken off the list of what did not in so many at once: the list is written whole. */
const FORGOTTEN_AT_ONCE = 100;

class Paused extends Error {}

/**
 * [Note: Sending in runs]
 * The sdk sends what it is given in one run, in which every place is there once. What is added while a run goes on joins
 * it; a file for a place that it has had already (another try, say) waits for the next run. A pause ends the run: what
 * large files sent is noted by the sdk and not sent again.
 */
export class SendJob {
  readonly #options: SendJobOptions;
  #said: Said = { sender: "", note: "" };
  readonly #waiting: SendEntry[] = [];
  readonly #running = new Map<number, { readonly entry: SendEntry; readonly stop: AbortController }>();
  readonly #cancelled = new Set<number>();
  readonly #remembered = new Map<number, string>();
  readonly #arrived: string[] = [];
  #run = new AbortController();
  #isPaused = false;
  #going: Promise<void> | undefined;

  constructor(options: SendJobOptions) {
    this.#options = options;
  }

  /** Resolves when nothing is left to do, or everything stands still. What fails is news, never thrown. */
  async send(entries: readonly SendEntry[], said: Said): Promise<void> {
    this.#said = said;
    for (const { key } of entries) this.#cancelled.delete(key);
    await this.#remember(entries);
    for (const entry of entries) this.#waiting.push(entry);
    await this.#go();
  }

  pause(): void {
    this.#isPaused = true;
    this.#run.abort(new Paused());
  }

  async resume(): Promise<void> {
    this.#isPaused = false;
    await this.#go();
  }

  async cancel(keys: readonly number[]): Promise<void> {
    for (const key of keys) {
      this.#cancelled.add(key);
      this.#running.get(key)?.stop.abort();
    }
    for (const entry of this.#waiting.filter(({ key }) => this.#cancelled.has(key))) this.#end(entry, CANCELLED);
    await this.#forget();
    await this.#options.news.flush();
  }

  async #go(): Promise<void> {
    this.#going ??= this.#runAll().finally(() => {
      this.#going = undefined;
    });
    await this.#going;
    // Added between the last look and the end.
    if (this.#waiting.length > 0 && !this.#isPaused) await this.#go();
  }

  async #runAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#isPaused) {
      this.#run = new AbortController();
      const { sender, note } = this.#said;
      try {
        await this.#options.sending.send(this.#files(), {
          signal: this.#run.signal,
          ...(sender === "" ? {} : { sender }),
          ...(note === "" ? {} : { note }),
          onBytes: (bytes, { entry }) => this.#options.news.bytes(entry.key, bytes),
          onResult: (result) => this.#settled(result),
        });
      } catch (error) {
        this.#stopped(error);
      }
      await this.#forget();
    }
    await this.#options.news.flush();
  }

  /** In their order; those whose place is taken in this run stay. */
  *#files(): Generator<ToSend> {
    const places = new Set<string>();
    for (let at = 0; at < this.#waiting.length; ) {
      const entry = this.#waiting[at] as SendEntry;
      const place = entry.path.join("/");
      if (places.has(place)) {
        at += 1;
        continue;
      }
      places.add(place);
      this.#waiting.splice(at, 1);
      const stop = new AbortController();
      this.#running.set(entry.key, { entry, stop });
      this.#options.news.add({ type: "begun", key: entry.key });
      const open = async () => new BrowserSource(entry.file);
      yield { entry, path: entry.path, open, signal: stop.signal };
    }
  }

  #settled(result: SentFile<ToSend>): void {
    const { entry } = result.file;
    this.#running.delete(entry.key);
    if (!("error" in result)) {
      this.#arrivedAt(entry.key);
      this.#options.news.add({ type: "done", key: entry.key });
    } else if (this.#cancelled.has(entry.key)) this.#end(entry, CANCELLED);
    else if (this.#run.signal.aborted) this.#again(entry);
    else this.#end(entry, sendFailureOf(result.error));
  }

  /** The whole run is over, those under way with it: paused, or for a reason that holds for every file. */
  #stopped(error: unknown): void {
    const running = [...this.#running.values()].map(({ entry }) => entry);
    this.#running.clear();
    if (this.#run.signal.aborted) {
      for (const entry of running) this.#again(entry);
      return;
    }
    for (const entry of [...running, ...this.#waiting]) this.#end(entry, failureOf(error));
  }

  #again(entry: SendEntry): void {
    this.#options.news.add({ type: "waiting", key: entry.key });
    this.#waiting.push(entry);
  }

  #end(entry: SendEntry, failure: EngineFailure): void {
    const at = this.#waiting.indexOf(entry);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (failure === CANCELLED) this.#arrivedAt(entry.key);
    this.#options.news.add({ type: "failed", key: entry.key, failure });
  }

  async #remember(entries: readonly SendEntry[]): Promise<void> {
    const fresh = entries.filter(({ key }) => !this.#remembered.has(key));
    if (fresh.length === 0) return;
    try {
      const ids = await this.#options.unfinished.rememberAll(fresh.map(unfinishedOf));
      for (const [at, { key }] of fresh.entries()) this.#remembered.set(key, ids[at] as string);
    } catch (error) {
      // Sending does not need it; all that is missing is the list of what to choose again after a reload.
      if (!(error instanceof LocalStateError)) throw error;
    }
  }

  /** Nobody needs to choose it again. */
  #arrivedAt(key: number): void {
    const id = this.#remembered.get(key);
    if (id === undefined) return;
    this.#remembered.delete(key);
    this.#arrived.push(id);
    if (this.#arrived.length >= FORGOTTEN_AT_ONCE) void this.#forget();
  }

  async #forget(): Promise<void> {
    const ids = this.#arrived.splice(0);
    if (ids.length > 0) await this.#options.unfinished.forget(ids);
  }
}

const CANCELLED: EngineFailure = { code: "cancelled", message: "Cancelled." };

function unfinishedOf({ path, file }: SendEntry): Omit<Unfinished, "id"> {
  return { folderId: "", name: path.join("/"), sizeBytes: file.size, modifiedMs: file.lastModified };
}

/** What a request does not take has a sentence for each reason. */
export function sendFailureOf(error: unknown): EngineFailure {
  const failure = failureOf(error);
  const { details } = error as { readonly details?: { readonly problem?: string } };
  return failure.code === "not_sendable" ? { ...failure, code: `not_sendable_${details?.problem}` } : failure;
}
