import { toBase64Url } from "@excalibur/core/bytes";
import { type ConflictPolicy, type Drive, LocalStateError, NameTakenError, requireName } from "@excalibur/sdk";
import { BrowserSource } from "../../files/index.ts";
import { failureOf } from "./failure.ts";
import type { NewsLine } from "./news-line.ts";
import type { Answer, Conflict, ConflictKind, Decision, UploadEntry } from "./transfer-types.ts";
import type { UnfinishedUploads } from "./unfinished.ts";
import { keyOf, UploadPlaces } from "./upload-places.ts";

/** Entries that are sorted into folders together: new folders of so many cost one commit. */
const PLACED_AT_ONCE = 500;

/** Smaller ones are sent whole, so there is nothing to go on with. */
const IN_ONE_PIECE_BYTES = 4 * 1024 * 1024;

interface Ready {
  readonly entry: UploadEntry & { readonly file: File };
  readonly folderId: Uint8Array;
  readonly onConflict: ConflictPolicy;
}

/** The first folder of a path: what people decided about it holds for everything below. */
interface Top {
  /** The name it gets on the drive; undefined: not decided yet, or not wanted. */
  name: string | undefined;
  isSkipped: boolean;
  readonly waiting: UploadEntry[];
}

/** Waits for a decision. */
interface Held {
  readonly entry: UploadEntry;
  readonly kind: ConflictKind;
  /** Of a file: the folder in which its name is taken. */
  readonly folderId: Uint8Array | undefined;
}

class Paused extends Error {}

export interface UploadJobOptions {
  readonly drive: Pick<Drive, "uploads" | "files">;
  readonly folderId: Uint8Array;
  readonly news: NewsLine;
  readonly unfinished: Pick<UnfinishedUploads, "remember" | "forget">;
  /** Makes the small picture of a file, if there can be one. */
  readonly thumbnailOf?: (file: File) => Promise<Uint8Array | undefined>;
}

/**
 * [Note: An upload that asks]
 * Entries come from the page while others are on their way. Each gets its folder, then a look whether its name is taken;
 * if it is, it steps aside until somebody decides, and those behind it go on. Uploads run over what is ready; a run ends
 * when nothing is, and the next begins with the next answer. A pause ends the run: what large files sent is noted by the
 * sdk and not sent again.
 */
export class UploadJob {
  readonly #drive: UploadJobOptions["drive"];
  readonly #folderId: Uint8Array;
  readonly #news: NewsLine;
  readonly #unfinished: UploadJobOptions["unfinished"];
  readonly #thumbnailOf: UploadJobOptions["thumbnailOf"];
  readonly #remembered = new Map<number, Promise<string | undefined>>();
  readonly #places: UploadPlaces;
  readonly #fresh: UploadEntry[][] = [];
  readonly #ready: Ready[] = [];
  readonly #running = new Map<number, AbortController>();
  readonly #held = new Map<number, Held>();
  readonly #tops = new Map<string, Top>();
  readonly #cancelled = new Set<number>();
  readonly #standing = new Map<ConflictKind, Decision>();
  #run = new AbortController();
  #isPaused = false;
  #deciding = 0;
  #hasEnded = false;
  #isStopped = false;
  #wake: () => void = () => undefined;

  constructor({ drive, folderId, news, unfinished, thumbnailOf }: UploadJobOptions) {
    this.#drive = drive;
    this.#folderId = folderId;
    this.#news = news;
    this.#unfinished = unfinished;
    this.#thumbnailOf = thumbnailOf;
    this.#places = new UploadPlaces(drive.files, folderId);
  }

  add(entries: readonly UploadEntry[]): void {
    for (const { key } of entries) this.#cancelled.delete(key);
    for (let at = 0; at < entries.length; at += PLACED_AT_ONCE) {
      this.#fresh.push(entries.slice(at, at + PLACED_AT_ONCE));
    }
    this.#wake();
  }

  /** No more entries come. */
  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  pause(): void {
    this.#isPaused = true;
    this.#run.abort(new Paused());
  }

  resume(): void {
    this.#isPaused = false;
    this.#wake();
  }

  /** For good: what is open stays without a result, and what is under way ends. */
  stop(): void {
    this.#fresh.length = 0;
    this.#ready.length = 0;
    this.#held.clear();
    this.#hasEnded = true;
    this.#isStopped = true;
    this.#run.abort(new Paused());
    this.#wake();
  }

  cancel(keys: readonly number[]): void {
    for (const key of keys) {
      this.#cancelled.add(key);
      const held = this.#held.get(key);
      if (held !== undefined) this.#decide(held, "skip");
      this.#running.get(key)?.abort();
    }
    this.#wake();
  }

  answer({ key, decision, forAll }: Answer): void {
    const asked = this.#held.get(key);
    if (asked === undefined) return;
    if (forAll) this.#standing.set(asked.kind, decision);
    for (const held of [...this.#held.values()]) {
      if (held === asked || (forAll && held.kind === asked.kind)) this.#decide(held, decision);
    }
    this.#wake();
  }

  /** Resolves when each entry has its result and no more come. Failures are news, never thrown. */
  async finish(): Promise<void> {
    while (await this.#hasWork()) {
      this.#run = new AbortController();
      // A pause may have come while this waited.
      if (this.#isPaused) continue;
      await this.#drive.uploads.upload(this.#requests(), {
        signal: this.#run.signal,
        onBytes: (bytes, { ready }) => this.#news.bytes(ready.entry.key, bytes),
        onResult: (result) => this.#settled(result.request.ready, "error" in result ? { error: result.error } : {}),
      });
    }
  }

  async #hasWork(): Promise<boolean> {
    for (;;) {
      const isThere = this.#fresh.length > 0 || this.#ready.length > 0;
      if (this.#isStopped) return false;
      if (isThere && !this.#isPaused) return true;
      const isOpen = isThere || this.#held.size > 0 || this.#deciding > 0;
      if (!isOpen && this.#hasEnded) return false;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async *#requests() {
    while (!this.#run.signal.aborted) {
      const ready = this.#ready.shift();
      if (ready !== undefined) {
        if (this.#cancelled.has(ready.entry.key)) this.#giveUp(ready);
        else yield this.#requestFor(ready);
        continue;
      }
      const fresh = this.#fresh.shift();
      if (fresh === undefined) return;
      await this.#place(fresh);
    }
  }

  #requestFor(ready: Ready) {
    const { entry, folderId, onConflict } = ready;
    const stop = new AbortController();
    this.#running.set(entry.key, stop);
    this.#news.add({ type: "begun", key: entry.key });
    if (entry.file.size > IN_ONE_PIECE_BYTES && !this.#remembered.has(entry.key)) {
      this.#remembered.set(entry.key, this.#remember(ready));
    }
    const open = async () => new BrowserSource(entry.file);
    const thumbnail = async () => this.#thumbnailOf?.(entry.file);
    return { ready, open, folderId, name: entry.name, onConflict, thumbnail, signal: stop.signal };
  }

  #settled(ready: Ready, { error }: { readonly error?: unknown }): void {
    const { entry, folderId, onConflict } = ready;
    this.#running.delete(entry.key);
    const isWanted = error !== undefined && !this.#cancelled.has(entry.key);
    if (!isWanted) void this.#forget(entry);
    if (error === undefined) this.#news.add({ type: "done", key: entry.key });
    else if (!isWanted) this.#giveUp(ready);
    else if (this.#run.signal.aborted) {
      this.#news.add({ type: "waiting", key: entry.key });
      this.#ready.push(ready);
    } else if (error instanceof NameTakenError && onConflict === "fail") {
      // Taken since we looked: the question comes a little later.
      this.#places.forget(folderId);
      this.#news.add({ type: "waiting", key: entry.key });
      this.#fresh.push([entry]);
    } else this.#giveUp(ready, error);
  }

  async #remember({ entry: { file, name }, folderId }: Ready): Promise<string | undefined> {
    const { size: sizeBytes, lastModified: modifiedMs } = file;
    try {
      return await this.#unfinished.remember({ folderId: toBase64Url(folderId), name, sizeBytes, modifiedMs });
    } catch (error) {
      // The upload itself does not need it; all that is missing is the offer to go on after a reload.
      if (!(error instanceof LocalStateError)) throw error;
      return undefined;
    }
  }

  async #forget({ key }: UploadEntry): Promise<void> {
    const id = await this.#remembered.get(key);
    this.#remembered.delete(key);
    if (id !== undefined) await this.#unfinished.forget([id]);
  }

  /** Its name is free for the next attempt. */
  #giveUp({ entry, folderId, onConflict }: Ready, error?: unknown): void {
    if (onConflict === "fail") this.#places.release(folderId, entry.name);
    if (error === undefined) this.#cancelledNews(entry);
    else this.#failed(entry, error);
  }

  /** Finds the folder of each and whether its name is free. What is in the way of one leaves the others alone. */
  async #place(entries: readonly UploadEntry[]): Promise<void> {
    const wanted: { readonly entry: UploadEntry; readonly path: readonly string[] }[] = [];
    for (const entry of entries) {
      try {
        if (this.#cancelled.has(entry.key)) {
          this.#cancelledNews(entry);
          continue;
        }
        for (const part of [...entry.path, entry.name]) requireName(part);
        const path = await this.#pathOf(entry);
        if (path !== undefined) wanted.push({ entry, path });
      } catch (error) {
        this.#failed(entry, error);
      }
    }
    const failures = await this.#places.make(wanted.map(({ path }) => path));
    for (const { entry, path } of wanted) {
      const folderId = this.#places.at(path);
      if (folderId === undefined) this.#failed(entry, failures.get(keyOf(path)));
      else if (entry.file === undefined) this.#news.add({ type: "done", key: entry.key });
      else await this.#placeFile({ ...entry, file: entry.file }, folderId);
    }
  }

  /** The folders down to where it goes, with their names on the drive; a folder's own is the last. undefined: it waits, or is not wanted. */
  async #pathOf(entry: UploadEntry): Promise<readonly string[] | undefined> {
    const isFolder = entry.file === undefined;
    const own = isFolder ? [...entry.path, entry.name] : entry.path;
    const [first, ...below] = own;
    if (first === undefined) return [];
    const top = this.#tops.get(first) ?? (await this.#openTop(entry, first));
    if (top.isSkipped) {
      this.#news.add({ type: "skipped", key: entry.key });
      return undefined;
    }
    if (top.name !== undefined) return [top.name, ...below];
    if (!top.waiting.includes(entry)) top.waiting.push(entry);
    return undefined;
  }

  async #openTop(entry: UploadEntry, name: string): Promise<Top> {
    const there = await this.#places.there(this.#folderId, name);
    const top: Top = { name: there === undefined ? name : undefined, isSkipped: false, waiting: [] };
    this.#tops.set(name, top);
    if (there !== undefined) {
      top.waiting.push(entry);
      this.#conflict(entry, { kind: there.isFolder ? "folder" : "mixed", there });
    }
    return top;
  }

  async #placeFile(entry: Ready["entry"], folderId: Uint8Array): Promise<void> {
    try {
      const there = await this.#places.there(folderId, entry.name);
      if (there === undefined) {
        const { size: sizeBytes, lastModified: modifiedMs } = entry.file;
        await this.#places.take(folderId, entry.name, { isFolder: false, sizeBytes, modifiedMs });
        this.#ready.push({ entry, folderId, onConflict: "fail" });
      } else this.#conflict(entry, { kind: there.isFolder ? "mixed" : "file", there }, folderId);
    } catch (error) {
      this.#failed(entry, error);
    }
  }

  #conflict(entry: UploadEntry, conflict: Conflict, folderId?: Uint8Array): void {
    const held = { entry, kind: conflict.kind, folderId };
    this.#held.set(entry.key, held);
    const standing = this.#standing.get(conflict.kind);
    if (standing === undefined) this.#news.add({ type: "conflict", key: entry.key, conflict });
    else this.#decide(held, standing);
  }

  #decide({ entry, kind, folderId }: Held, decision: Decision): void {
    this.#held.delete(entry.key);
    const { file } = entry;
    if (file === undefined || folderId === undefined) {
      this.#deciding += 1;
      void this.#decideTop(entry, decision);
    } else if (this.#cancelled.has(entry.key)) this.#cancelledNews(entry);
    else if (decision === "skip") this.#news.add({ type: "skipped", key: entry.key });
    else {
      this.#news.add({ type: "waiting", key: entry.key });
      const onConflict = decision === "replace" && kind === "file" ? "replace" : "keep-both";
      this.#ready.push({ entry: { ...entry, file }, folderId, onConflict });
    }
  }

  /** A folder whose name is taken: everything below it waited for this. */
  async #decideTop(entry: UploadEntry, decision: Decision): Promise<void> {
    const name = entry.path[0] ?? entry.name;
    const top = this.#tops.get(name) as Top;
    try {
      if (decision === "skip") top.isSkipped = true;
      else if (decision === "merge") top.name = name;
      else top.name = await this.#places.freeName(this.#folderId, name);
      if (!top.isSkipped) this.#news.add({ type: "waiting", key: entry.key });
      this.#fresh.push(top.waiting.splice(0));
    } catch (error) {
      this.#tops.delete(name);
      for (const each of top.waiting.splice(0)) this.#failed(each, error);
    } finally {
      this.#deciding -= 1;
      this.#wake();
    }
  }

  #failed({ key }: UploadEntry, error: unknown): void {
    this.#news.add({ type: "failed", key, failure: failureOf(error) });
  }

  #cancelledNews({ key }: UploadEntry): void {
    this.#news.add({ type: "failed", key, failure: { code: "cancelled", message: "Cancelled." } });
  }
}
