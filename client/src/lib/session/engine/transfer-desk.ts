import { fromBase64Url } from "@excalibur/core/bytes";
import { PortSink } from "../../files/index.ts";
import { archiveInto } from "./archive-job.ts";
import { failureOf } from "./failure.ts";
import { findFile } from "./find-file.ts";
import { NewsLine } from "./news-line.ts";
import type { Rooms, RoomsHolder } from "./rooms.ts";
import type { ThumbnailDesk } from "./thumbnail-desk.ts";
import type { Answer, ArchiveJob, DownloadJob, Tell, Unfinished, UploadEntry } from "./transfer-types.ts";
import { UnfinishedUploads } from "./unfinished.ts";
import { UploadJob } from "./upload-job.ts";

/** Files on their way. News comes in the order in which things happened; what failed leaves the others alone. */
export class TransferDesk {
  readonly #holder: RoomsHolder;
  readonly #thumbnails: Pick<ThumbnailDesk, "make">;
  readonly #downloads = new Map<string, AbortController>();
  readonly #uploads = new Map<string, { readonly job: UploadJob; readonly news: NewsLine }>();

  #unfinished: { readonly notes: Rooms["notes"]; readonly uploads: UnfinishedUploads } | undefined;

  constructor(holder: RoomsHolder, thumbnails: Pick<ThumbnailDesk, "make">) {
    this.#holder = holder;
    this.#thumbnails = thumbnails;
  }

  /** Opens an upload into a folder, to be filled by `add`. */
  async open({ id, folderId }: { readonly id: string; readonly folderId: string }, tell: Tell): Promise<void> {
    const drive = await this.#holder.rooms();
    const news = new NewsLine(tell);
    const unfinished = this.#unfinishedOf(drive);
    const thumbnailOf = (file: File) => this.#thumbnails.make(file);
    const job = new UploadJob({ drive, folderId: fromBase64Url(folderId), news, unfinished, thumbnailOf });
    this.#uploads.set(id, { job, news });
  }

  add(id: string, entries: readonly UploadEntry[]): void {
    this.#uploads.get(id)?.job.add(entries);
  }

  end(id: string): void {
    this.#uploads.get(id)?.job.end();
  }

  /** Resolves when each entry has its result and no more come. Again after entries that failed were added once more. */
  async finish(id: string): Promise<void> {
    const upload = this.#uploads.get(id);
    await upload?.job.finish();
    await upload?.news.flush();
  }

  pause(): void {
    for (const { job } of this.#uploads.values()) job.pause();
  }

  resume(): void {
    for (const { job } of this.#uploads.values()) job.resume();
  }

  answer(id: string, answer: Answer): void {
    this.#uploads.get(id)?.job.answer(answer);
  }

  cancel(id: string, keys: readonly number[]): void {
    this.#uploads.get(id)?.job.cancel(keys);
    this.#downloads.get(id)?.abort();
  }

  /** Nothing of it goes on, or is tried again. */
  forget(id: string): void {
    this.#uploads.get(id)?.job.stop();
    this.#uploads.delete(id);
  }

  /** Calls back with uploads that other windows left behind, this one before its reload among them. */
  async watchUnfinished(found: (uploads: readonly Unfinished[]) => void): Promise<void> {
    await this.#unfinishedOf(await this.#holder.rooms()).watch(found);
  }

  async forgetUnfinished(ids: readonly string[]): Promise<void> {
    await this.#unfinishedOf(await this.#holder.rooms()).forget(ids);
  }

  #unfinishedOf(drive: Rooms): UnfinishedUploads {
    const { notes } = drive;
    // Another account may have been opened since.
    if (this.#unfinished?.notes !== notes) {
      this.#unfinished?.uploads.close();
      this.#unfinished = { notes, uploads: new UnfinishedUploads(notes, navigator.locks) };
    }
    return this.#unfinished.uploads;
  }

  /** Resolves when the archive is written or broken off; which of them is news. */
  async archive({ id, port, ...job }: ArchiveJob, tell: Tell): Promise<void> {
    const drive = await this.#holder.rooms();
    const controller = new AbortController();
    const news = new NewsLine(tell);
    this.#downloads.set(id, controller);
    try {
      await archiveInto(new PortSink(port), { ...job, drive, news, signal: controller.signal });
    } finally {
      this.#downloads.delete(id);
      await news.flush();
    }
  }

  async download({ id, key, item, versionId, port }: DownloadJob, tell: Tell): Promise<void> {
    const { files, downloads } = await this.#holder.rooms();
    const sink = new PortSink(port);
    const ref = { ...item, ...(versionId === undefined ? {} : { versionId }) };
    const { file } = await findFile(files, ref).catch(async (error: unknown) => {
      await sink.abort();
      throw error;
    });
    const controller = new AbortController();
    const news = new NewsLine(tell);
    this.#downloads.set(id, controller);
    news.add({ type: "begun", key });
    try {
      await downloads.download([{ file, openSink: async () => sink }], {
        signal: controller.signal,
        onBytes: (bytes) => news.bytes(key, bytes),
        onResult: ({ error }) =>
          news.add(error === undefined ? { type: "done", key } : { type: "failed", key, failure: failureOf(error) }),
      });
    } finally {
      this.#downloads.delete(id);
      await news.flush();
    }
  }
}
