import { FormatError, fromBase64Url, toBase64Url } from "@excalibur/core/bytes";
import type { Downloader } from "../download/index.ts";
import type { Files } from "../files/index.ts";
import type { Transport } from "../transport/types.ts";
import { OwnerApi, type RequestChange, type RequestState } from "./api.ts";
import {
  ciphertextLength,
  createRequestSecrets,
  formatRequestUrl,
  identityOf,
  type KeptRequest,
  keptRequests,
  knockHash,
  longestFile,
  openRequestText,
  type RequestIdentity,
  type RequestText,
  sealRequestText,
  withKeptRequest,
  withoutKeptRequest,
} from "./crypto.ts";
import { RequestTextError, UnknownRequestError } from "./errors.ts";
import { Inbox } from "./inbox.ts";
import type { InboxItem, OwnRequest, RequestDraft, RequestKeeper, SettledItem } from "./types.ts";

type Options = { readonly signal?: AbortSignal };

/** Unless the owner says otherwise: a holiday's photographs, and no disk filled by strangers. */
export const DEFAULT_CAPS = { maxBytes: 10 * 1024 ** 3, maxItems: 1_000 } as const;

export interface RequestsOptions {
  readonly account: RequestKeeper;
  readonly transport: Transport;
  readonly files: Files;
  readonly downloads: Downloader;
  readonly nowMs: () => number;
}

/** A request's title and texts, with all but the title left out if there is nothing to say. */
type Change = Partial<RequestDraft> & { readonly closed?: boolean };

/** Upload requests of one's own: strangers send into an inbox, and what is good of it is filed in the drive. */
export class Requests {
  readonly #account: RequestKeeper;
  readonly #api: OwnerApi;
  readonly #options: RequestsOptions;
  readonly #identities = new Map<string, Promise<RequestIdentity>>();

  constructor(options: RequestsOptions) {
    this.#options = options;
    this.#account = options.account;
    this.#api = new OwnerApi(options.transport);
  }

  /** Its keys are in the keyring before anybody can send. Throws RequestTextError for a text beyond the limits. */
  async create(draft: RequestDraft, options: Options = {}): Promise<OwnRequest> {
    const secrets = createRequestSecrets();
    const identity = await identityOf(secrets);
    const change = await this.#changeOf(identity, completed(draft));
    const kept: KeptRequest = { ...secrets, createdMs: this.#options.nowMs() };
    await this.#account.requests.update((requests) => withKeptRequest(requests, kept), options);
    const { closed: _, ...rest } = change;
    const created = { ...identity, knockHash: knockHash(secrets) };
    const state = await this.#api.create(created, rest, options);
    return await this.#present(state, kept);
  }

  /** Newest first. */
  async list(options: Options = {}): Promise<OwnRequest[]> {
    const kept = keptRequests(this.#account.requests.read());
    const states = await this.#api.list(options);
    // One that this keyring does not know is another device's that has not told yet, or the server's invention.
    const known = states.flatMap((state) => {
      const own = kept.get(state.requestId);
      return own === undefined ? [] : [{ state, own }];
    });
    const shown = await Promise.all(known.map(({ state, own }) => this.#present(state, own)));
    return shown.toSorted((a, b) => b.createdMs - a.createdMs);
  }

  /** Throws UnknownRequestError. */
  async get(id: string, options: Options = {}): Promise<OwnRequest> {
    const request = (await this.list(options)).find((each) => each.id === id);
    if (request === undefined) throw new UnknownRequestError();
    return request;
  }

  /** What is not named stays. What was sent before stays, too. */
  async change(id: string, change: Change, options: Options = {}): Promise<OwnRequest> {
    const kept = this.#kept(id);
    const before = await this.get(id, options);
    const { closed = before.status === "closed", ...draft } = change;
    const { title, text, owner, types, maxBytes, maxItems, maxFileBytes, expiresMs } = before;
    const was = { title, text, owner, types, maxBytes, maxItems, maxFileBytes, expiresMs };
    const next = await this.#changeOf(await this.#identity(kept), completed({ ...was, ...draft }), closed);
    return await this.#present(await this.#api.change(kept.requestId, next, options), kept);
  }

  /** From now on nothing more arrives; what waits in the inbox stays. */
  async close(id: string, options: Options = {}): Promise<OwnRequest> {
    return await this.change(id, { closed: true }, options);
  }

  /** With everything in its inbox. What was filed stays where it is. */
  async delete(id: string, options: Options = {}): Promise<void> {
    const { requestId } = this.#kept(id);
    await this.#api.delete(requestId, options);
    await this.#account.requests.update((requests) => withoutKeptRequest(requests, requestId), options);
  }

  /** What waits, in the order of arrival. */
  async inbox(id: string, options: Options = {}): Promise<InboxItem[]> {
    return await (await this.#inbox(id, options)).list(options);
  }

  /** Reads all of these and checks every byte; keeps none. One answer for each, in order: undefined when it is whole. */
  async verify(id: string, itemIds: readonly string[], options: Options = {}): Promise<unknown[]> {
    return await (await this.#inbox(id, options)).verify(itemIds, options);
  }

  /**
   * Files items below a folder, in the folders that they were sent in. Nothing that is there is replaced: both are kept.
   * `itemIds`: all that are readable if left out. Each has its own outcome; what failed stays in the inbox.
   */
  async accept(
    id: string,
    to: { readonly folderId: Uint8Array; readonly itemIds?: readonly string[] },
    options: Options = {},
  ): Promise<SettledItem[]> {
    return await (await this.#inbox(id, options)).accept(to, options);
  }

  /** Out of the inbox and of the drive's storage, for good. */
  async reject(id: string, itemIds: readonly string[], options: Options = {}): Promise<void> {
    this.#kept(id);
    await (await this.#inbox(id, options)).reject(itemIds, options);
  }

  async #inbox(id: string, options: Options): Promise<Inbox> {
    const kept = this.#kept(id);
    const { files, downloads } = this.#options;
    const { types } = await this.get(id, options);
    return new Inbox({ api: this.#api, kept, identity: await this.#identity(kept), types, files, downloads });
  }

  #kept(id: string): KeptRequest {
    const kept = keptRequests(this.#account.requests.read()).get(id);
    if (kept === undefined) throw new UnknownRequestError();
    return kept;
  }

  /** The public half takes milliseconds to make, each time the same. */
  #identity(kept: KeptRequest): Promise<RequestIdentity> {
    const id = toBase64Url(kept.requestId);
    const identity = this.#identities.get(id) ?? identityOf(kept);
    this.#identities.set(id, identity);
    return identity;
  }

  async #changeOf(identity: RequestIdentity, draft: Complete, closed = false): Promise<RequestChange> {
    const { title, text, owner, types, maxBytes, maxItems, maxFileBytes, expiresMs } = draft;
    const sealed = await sealText(identity, { title, text, owner, types });
    const caps = { maxBytes, maxItems, maxItemBytes: ciphertextLength(maxFileBytes) };
    return { sealedText: toBase64Url(sealed), caps, expiresMs, closed };
  }

  async #present(state: RequestState, kept: KeptRequest): Promise<OwnRequest> {
    const identity = await this.#identity(kept);
    const { caps, expiresMs, closedMs, createdMs, usedBytes, usedItems, waiting } = state;
    const isExpired = expiresMs !== null && expiresMs <= this.#options.nowMs();
    return {
      id: state.requestId,
      url: formatRequestUrl({ server: this.#account.server, ...identity }),
      ...(await readText(identity, state.sealedText)),
      ...{
        maxBytes: caps.maxBytes,
        maxItems: caps.maxItems,
        maxFileBytes: Math.max(0, longestFile(caps.maxItemBytes)),
      },
      ...{ usedBytes, usedItems, waiting, createdMs, expiresMs },
      status: closedMs !== null ? "closed" : isExpired ? "expired" : "open",
    };
  }
}

type Complete = Required<RequestDraft>;

function completed(draft: RequestDraft): Complete {
  const maxBytes = draft.maxBytes ?? DEFAULT_CAPS.maxBytes;
  const { title, text = "", owner = "", types = [], maxItems = DEFAULT_CAPS.maxItems, expiresMs = null } = draft;
  const { maxFileBytes = Math.max(0, longestFile(maxBytes)) } = draft;
  return { title, text, owner, types: types.map(endingOf), maxBytes, maxItems, maxFileBytes, expiresMs };
}

function endingOf(type: string): string {
  return type
    .trim()
    .replace(/^\*?\./, "")
    .toLowerCase();
}

const UNREADABLE: RequestText = { title: "", text: "", owner: "", types: [] };

async function sealText(identity: RequestIdentity, text: RequestText): Promise<Uint8Array> {
  try {
    return await sealRequestText(identity, text);
  } catch (cause) {
    throw cause instanceof FormatError ? new RequestTextError({ cause }) : cause;
  }
}

async function readText(
  identity: RequestIdentity,
  sealedText: string,
): Promise<RequestText & { readonly problem?: Error }> {
  try {
    return await openRequestText(identity, fromBase64Url(sealedText));
  } catch (error) {
    return { ...UNREADABLE, problem: error as Error };
  }
}
