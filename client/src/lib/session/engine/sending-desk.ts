import { NotSendableError, type Sending } from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import { NewsLine } from "./news-line.ts";
import { faceOf } from "./request-face.ts";
import type { LeftBehind, ReceiptView, RequestFace, Said, SendEntry, SendLook } from "./request-types.ts";
import { SendJob, sendFailureOf } from "./send-job.ts";
import type { Tell } from "./transfer-types.ts";
import { UnfinishedUploads } from "./unfinished.ts";

interface Open {
  readonly sending: Sending;
  readonly unfinished: UnfinishedUploads;
  job: SendJob | undefined;
}

/** An upload request as its senders see it, without an account. One a window. */
export class SendingDesk {
  readonly #accounts: AccountDesk;
  #open: Open | undefined;

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  /** Throws FormatError (request_address), NoRequestError, RequestKeyError, IntegrityError; nothing was sent then. */
  async open(address: string): Promise<RequestFace> {
    const excalibur = await this.#accounts.excalibur();
    const sending = await excalibur.openRequest(address);
    const unfinished = new UnfinishedUploads(sending.notes, navigator.locks);
    this.#open = { sending, unfinished, job: undefined };
    return faceOf(sending.view);
  }

  /** What it takes now. */
  async refresh(): Promise<RequestFace> {
    return faceOf(await this.#opened.sending.refresh());
  }

  /** Calls back with what windows that are gone had not sent to the end. */
  async watchLeft(found: (left: readonly LeftBehind[]) => void): Promise<void> {
    await this.#opened.unfinished.watch((uploads) =>
      found(uploads.map(({ name, folderId: _, ...upload }) => ({ ...upload, path: name }))),
    );
  }

  async forgetLeft(ids: readonly string[]): Promise<void> {
    await this.#opened.unfinished.forget(ids);
  }

  look(
    entries: readonly { readonly key: number; readonly path: readonly string[]; readonly sizeBytes: number }[],
  ): SendLook {
    const keys = new Map(entries.map(({ key, path }) => [path.join("/"), key]));
    const { problems, isTooMuch } = this.#opened.sending.preflight(entries);
    return {
      isTooMuch,
      problems: problems.map(({ path, problem }) => ({
        key: keys.get(path.join("/")) as number,
        failure: sendFailureOf(new NotSendableError(problem)),
      })),
    };
  }

  /** Resolves when everything is there or has failed, or stands still. */
  async send(entries: readonly SendEntry[], said: Said, tell: Tell): Promise<void> {
    const open = this.#opened;
    const { sending, unfinished } = open;
    open.job ??= new SendJob({ sending, unfinished, news: new NewsLine(tell) });
    await open.job.send(entries, said);
  }

  pause(): void {
    this.#opened.job?.pause();
  }

  async resume(): Promise<void> {
    await this.#opened.job?.resume();
  }

  async cancel(keys: readonly number[]): Promise<void> {
    await this.#opened.job?.cancel(keys);
  }

  /** What this browser has sent. */
  async receipt(): Promise<ReceiptView> {
    const { number, items } = await this.#opened.sending.receipt();
    return { number, items: items.map(({ filed: isFiled, root: _, ...item }) => ({ ...item, isFiled })) };
  }

  get #opened(): Open {
    if (this.#open === undefined) throw new Error("No request is open.");
    return this.#open;
  }
}
