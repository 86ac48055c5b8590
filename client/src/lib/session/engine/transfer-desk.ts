import { fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import { NotAFileError, NotFoundError } from "@excalibur/sdk";
import { BrowserSource, PortSink } from "../../files/index.ts";
import type { AccountDesk } from "./account-desk.ts";
import { failureOf } from "./failure.ts";
import type { ItemRef, TransferNews } from "./types.ts";

type Tell = (news: TransferNews) => void;

export interface UploadJob {
  readonly id: string;
  readonly folderId: string;
  readonly files: readonly File[];
}

export interface DownloadJob {
  readonly id: string;
  readonly item: ItemRef;
  readonly port: MessagePort;
}

/** Files on their way. News comes in the order in which things happened; what failed leaves the others alone. */
export class TransferDesk {
  readonly #accounts: AccountDesk;
  readonly #running = new Map<string, AbortController>();

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  /** Resolves when each file has its result. A name that is taken gets a number. */
  async upload({ id, folderId, files }: UploadJob, tell: Tell): Promise<void> {
    const { uploads } = await this.#accounts.account.drive();
    const requests = files.map((file, index) => ({
      index,
      open: async () => new BrowserSource(file),
      folderId: fromBase64Url(folderId),
      name: file.name,
      onConflict: "keep-both" as const,
    }));
    await this.#run(id, async (signal) => {
      await uploads.upload(requests, {
        signal,
        onBytes: (bytes) => tell({ type: "bytes", bytes }),
        onResult: (result) => {
          const { index } = result.request;
          tell(
            "error" in result ? { type: "failed", index, failure: failureOf(result.error) } : { type: "done", index },
          );
        },
      });
    });
  }

  async download({ id, item, port }: DownloadJob, tell: Tell): Promise<void> {
    const { files, downloads } = await this.#accounts.account.drive();
    const { items } = await files.list(fromBase64Url(item.parentId));
    const found = items.find(({ childId }) => toBase64Url(childId) === item.id);
    const sink = new PortSink(port);
    if (found?.entry.file === undefined) {
      await sink.abort();
      throw found === undefined ? new NotFoundError() : new NotAFileError();
    }
    const request = { file: found.entry.file, openSink: async () => sink };
    await this.#run(id, async (signal) => {
      await downloads.download([request], {
        signal,
        onBytes: (bytes) => tell({ type: "bytes", bytes }),
        onResult: ({ error }) =>
          tell(
            error === undefined ? { type: "done", index: 0 } : { type: "failed", index: 0, failure: failureOf(error) },
          ),
      });
    });
  }

  cancel(id: string): void {
    this.#running.get(id)?.abort();
  }

  async #run(id: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      await work(controller.signal);
    } finally {
      this.#running.delete(id);
    }
  }
}
