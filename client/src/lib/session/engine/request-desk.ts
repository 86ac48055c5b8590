import { fromBase64Url } from "@excalibur/core/bytes";
import type { InboxItem, OwnRequest, RequestDraft, Requests } from "@excalibur/sdk";
import type { AccountDesk } from "./account-desk.ts";
import { failureOf } from "./failure.ts";
import type { Checked, Filed, InboxFile, InboxView, RequestItem, RequestWish } from "./request-types.ts";

/** Upload requests of one's own, as the page sees them. */
export class RequestDesk {
  readonly #accounts: AccountDesk;

  constructor(accounts: AccountDesk) {
    this.#accounts = accounts;
  }

  /** Newest first. */
  async list(): Promise<RequestItem[]> {
    return (await (await this.#requests()).list()).map(present);
  }

  /** Gives what senders are given. */
  async create(wish: RequestWish): Promise<RequestItem> {
    const made = await (await this.#requests()).create(draftOf(wish));
    this.#tell();
    return present(made);
  }

  /** What was sent before stays. */
  async change(id: string, wish: RequestWish): Promise<void> {
    await (await this.#requests()).change(id, draftOf(wish));
    this.#tell();
  }

  /** Closed, nothing more arrives; what waits stays. */
  async close(id: string, isClosed: boolean): Promise<void> {
    await (await this.#requests()).change(id, { closed: isClosed });
    this.#tell();
  }

  /** With everything that waits in its inbox. */
  async delete(id: string): Promise<void> {
    await (await this.#requests()).delete(id);
    this.#tell();
  }

  /** Throws UnknownRequestError. */
  async inbox(id: string): Promise<InboxView> {
    const requests = await this.#requests();
    const [request, items] = await Promise.all([requests.get(id), requests.inbox(id)]);
    return { request: present(request), items: items.map(presentItem) };
  }

  /** Reads all of these and checks every byte; keeps none. */
  async check(id: string, itemIds: readonly string[]): Promise<Checked[]> {
    const outcomes = await (await this.#requests()).verify(id, itemIds);
    return itemIds.map((itemId, at) => {
      const problem = outcomes[at];
      return { id: itemId, failure: problem === undefined ? undefined : failureOf(problem) };
    });
  }

  /** Into a folder, in the folders that they were sent in; of equal names both are kept. Without ids: all that are readable. */
  async accept(id: string, to: { readonly folderId: string; readonly itemIds?: readonly string[] }): Promise<Filed> {
    const { folderId, ...which } = to;
    const settled = await (await this.#requests()).accept(id, { ...which, folderId: fromBase64Url(folderId) });
    const failures = settled.flatMap((item) =>
      "error" in item ? [{ ...failureOf(item.error), path: item.path.join("/") }] : [],
    );
    this.#tell();
    return { filed: settled.length - failures.length, failures };
  }

  /** For good. */
  async reject(id: string, itemIds: readonly string[]): Promise<void> {
    await (await this.#requests()).reject(id, itemIds);
    this.#tell();
  }

  #tell(): void {
    this.#accounts.tell({ type: "requests" });
  }

  async #requests(): Promise<Requests> {
    return (await this.#accounts.account.drive()).requests;
  }
}

function draftOf({ maxFileBytes, maxBytes, ...wish }: RequestWish): RequestDraft {
  return { ...wish, maxBytes, maxFileBytes: maxFileBytes ?? maxBytes };
}

function present({ problem, ...request }: OwnRequest): RequestItem {
  return { ...request, failure: problem && failureOf(problem) };
}

function presentItem({ id, sizeBytes, modifiedMs, state: _, problem, ...inbox }: InboxItem): InboxFile {
  return { id, sizeBytes, modifiedMs, inbox: { ...inbox, failure: problem && failureOf(problem) } };
}
