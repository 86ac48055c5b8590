import type { FileDraft } from "../files/index.ts";
import type { FileLister, UploadRequest, UploadResult } from "./types.ts";

/** Entries of one commit at most. */
const FILES_A_COMMIT = 2_000;
/** Small files that wait for each other, so that many of them cost few commits; a person still sees them arrive. */
const GATHERED_FILES = 1_000;
/** Bytes of files that wait: what a program that ends here has to send again is no more than large files have on their way. */
const GATHERED_BYTES = 16 * 1024 * 1024;

interface Ready<Request extends UploadRequest> {
  readonly request: Request;
  readonly draft: FileDraft;
  readonly listed: () => Promise<void>;
}

/** Lists files whose objects are durable, as many together as have come while the last commit travelled. */
export class Committer<Request extends UploadRequest> {
  readonly #files: FileLister;
  readonly #report: (result: UploadResult<Request>) => void;
  readonly #signal: AbortSignal | undefined;
  #ready: Ready<Request>[] = [];
  #readyBytes = 0;
  #working: Promise<void> | undefined;

  constructor(
    files: FileLister,
    {
      report,
      signal,
    }: { readonly report: (result: UploadResult<Request>) => void; readonly signal: AbortSignal | undefined },
  ) {
    this.#files = files;
    this.#report = report;
    this.#signal = signal;
  }

  /** `listed` runs when the entry stands, for what is to be forgotten then. Waits for company unless `atOnce`. */
  add(ready: Ready<Request>, options: { readonly atOnce: boolean }): void {
    this.#ready.push(ready);
    this.#readyBytes += ready.draft.content.sizeBytes;
    const isMuch = this.#ready.length >= GATHERED_FILES || this.#readyBytes >= GATHERED_BYTES;
    if (options.atOnce || isMuch) this.#working ??= this.#work();
  }

  /** Lists everything that waits. */
  async finish(): Promise<void> {
    while (this.#ready.length > 0 || this.#working !== undefined) {
      this.#working ??= this.#work();
      await this.#working;
    }
  }

  async #work(): Promise<void> {
    // What becomes ready in the same moment travels together.
    await Promise.resolve();
    while (this.#ready.length > 0) {
      const group = this.#ready.splice(0, FILES_A_COMMIT);
      this.#readyBytes -= group.reduce((sum, { draft }) => sum + draft.content.sizeBytes, 0);
      await this.#list(group);
    }
    this.#working = undefined;
  }

  async #list(group: readonly Ready<Request>[]): Promise<void> {
    try {
      const outcomes = await this.#files.put(
        group.map(({ draft }) => draft),
        this.#signal ? { signal: this.#signal } : {},
      );
      for (const [index, { request, draft, listed }] of group.entries()) {
        const outcome = outcomes[index];
        if (outcome && "put" in outcome) {
          await listed();
          this.#report({ request, put: outcome.put, sizeBytes: draft.content.sizeBytes });
        } else this.#report({ request, error: outcome?.error });
      }
    } catch (error) {
      for (const { request } of group) this.#report({ request, error });
    }
  }
}
